"""Una red que nunca es el cuello de botella: acepta cualquier publicación de X tras una latencia.

No juzga lo que recibe: para eso están las redes de ensayo. Solo sirve para medir el motor.
"""

import argparse
import asyncio
import itertools
import json

_ids = itertools.count(2_000_000_000_000_000_000)


async def atender(
    lector: asyncio.StreamReader, escritor: asyncio.StreamWriter, latencia_s: float
) -> None:
    """Responde 201 a cada POST de la conexión hasta que el cliente cuelga."""
    try:
        while cabeza := await lector.readuntil(b"\r\n\r\n"):
            largo = 0
            for renglon in cabeza.split(b"\r\n"):
                if renglon.lower().startswith(b"content-length:"):
                    largo = int(renglon.split(b":")[1])
            cuerpo = json.loads(await lector.readexactly(largo)) if largo else {}
            await asyncio.sleep(latencia_s)
            dato = json.dumps({"data": {"id": str(next(_ids)), "text": cuerpo.get("text", "")}})
            escritor.write(
                b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
                + f"Content-Length: {len(dato)}\r\n\r\n{dato}".encode("ascii")
            )
            await escritor.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        escritor.close()


async def servir(puerto: int, latencia_s: float) -> None:
    """Escucha en la propia máquina hasta que la detengan."""
    servidor = await asyncio.start_server(
        lambda lector, escritor: atender(lector, escritor, latencia_s), "127.0.0.1", puerto
    )
    print(servidor.sockets[0].getsockname()[1], flush=True)
    async with servidor:
        await servidor.serve_forever()


if __name__ == "__main__":
    opciones = argparse.ArgumentParser(description=__doc__)
    opciones.add_argument("--puerto", type=int, default=0)
    opciones.add_argument("--latencia-s", type=float, default=0.1)
    dado = opciones.parse_args()
    asyncio.run(servir(dado.puerto, dado.latencia_s))
