"""El proceso aparte donde se abren los archivos ajenos: con memoria contada y sin nada que robar.

Lee órdenes por la entrada y contesta por la salida: una línea JSON y después los bytes. Si un
archivo lo tumba, quien lo llamó lo nota por el silencio y arranca otro. Se acaba solo cuando
su entrada se cierra, también si al padre lo mataron.
"""

import json
import resource
import sys
from pathlib import Path
from typing import IO, Any

from piezas.errores import ImagenNoSirve
from piezas.pintura import Hecha, Molde, ajustar, limpiar, miniatura_de, recortar, reducir
from piezas.sonda import Sondeo, cartel, sondear

MEMORIA_BYTES = 3 * 1024**3
"""Una imagen de 64 megapíxeles ocupa 256 MB y al reducirla hay tres o cuatro copias vivas."""


def atender(entrada: IO[bytes], salida: IO[bytes]) -> None:
    """Atiende órdenes hasta que la entrada se cierre."""
    while linea := entrada.readline():
        orden: dict[str, Any] = json.loads(linea)
        datos = entrada.read(orden["largo"])
        try:
            respuesta, cuerpo = _obrar(orden, datos)
        except ImagenNoSirve as error:
            respuesta, cuerpo = {"no_sirve": error.mensaje}, b""
        respuesta["largo"] = len(cuerpo)
        salida.write(json.dumps(respuesta).encode() + b"\n" + cuerpo)
        salida.flush()


def _obrar(orden: dict[str, Any], datos: bytes) -> tuple[dict[str, Any], bytes]:
    match orden["hacer"]:
        case "limpiar":
            return _contar(limpiar(datos))
        case "ajustar":
            return _contar(ajustar(datos, Molde(**orden["molde"])))
        case "recortar":
            return _contar(recortar(datos, tuple(orden["caja"])))
        case "reducir":
            return _contar(reducir(datos, orden["lado"]))
        case "cartel":
            return _contar(miniatura_de(cartel(Path(orden["ruta"])), orden["lado"]))
        case "sondear":
            return _contar_video(sondear(Path(orden["ruta"]))), b""
    raise ValueError(orden["hacer"])


def _contar(hecha: Hecha) -> tuple[dict[str, Any], bytes]:
    medidas = {
        "tipo": hecha.tipo,
        "ancho": hecha.ancho,
        "alto": hecha.alto,
        "es_animada": hecha.es_animada,
        "huella_pixeles": hecha.huella_pixeles,
        "huella_visual": hecha.huella_visual,
    }
    return medidas, hecha.datos


def _contar_video(sondeo: Sondeo) -> dict[str, Any]:
    return {
        "tipo": sondeo.tipo,
        "ancho_px": sondeo.ancho_px,
        "alto_px": sondeo.alto_px,
        "duracion_s": sondeo.duracion_s,
        "cuadros_por_s": sondeo.cuadros_por_s,
        "codec_video": sondeo.codec_video,
        "codec_audio": sondeo.codec_audio,
    }


def _limitarse() -> None:
    for recurso, tope in ((resource.RLIMIT_AS, MEMORIA_BYTES), (resource.RLIMIT_CORE, 0)):
        _, duro = resource.getrlimit(recurso)
        if duro == resource.RLIM_INFINITY or tope < duro:
            resource.setrlimit(recurso, (tope, tope))


if __name__ == "__main__":
    _limitarse()
    atender(sys.stdin.buffer, sys.stdout.buffer)
