"""Casas sembradas para las pruebas de caídas: escritas, aprobadas y en la cola."""

import secrets
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
from PIL import Image
from sqlalchemy import update
from sqlalchemy.orm import Session

from cola.carriles import CuentaNueva, agregar_cuenta
from cola.cuentas import Cuenta
from cola.programacion import aprobar_y_programar
from conectores.contrato import Red
from piezas.aprobacion import pedir_revision
from piezas.ingreso import recibir_archivo, recibir_medio
from piezas.personas import Papel
from piezas.redaccion import Borrador, Destino, MedioElegido, crear_pieza
from publicador import reloj
from publicador.ajustes import Ajustes
from publicador.armado import Casa
from publicador.claves import leer_claves
from publicador.preparacion import preparar
from tests.caidas.clases import ALTERNATIVOS, CLASES, Clase
from tests.fabricas import una_persona

IDENTIFICADOR = {Red.FACEBOOK: "1001", Red.X: "1500000000000000001", Red.WORDPRESS: "sitio"}


def credencial(red: Red, url: str, identificador: str | None = None) -> dict[str, str]:
    """Una credencial que la red de ensayo acepta."""
    id_ = identificador or IDENTIFICADOR[red]
    if red is Red.FACEBOOK:
        return {"token_pagina": f"EAAensayo-{id_}-caidas"}
    if red is Red.X:
        return {
            "api_key": "llave",
            "api_secret": "secreto",
            "access_token": f"{id_}-caidas",
            "access_secret": "otro-secreto",
        }
    return {"url": url, "usuario": "prensa", "contrasena_aplicacion": "caidassiempreaqui1234567"}


def entorno_de(datos: Path, ensayo_url: str = "", **mas: str) -> dict[str, str]:
    """El entorno de una instalación de prueba, con esperas cortas."""
    propio = {
        "DATOS": str(datos),
        "CLAVES": _CLAVE,
        "HILOS": "2",
        "ESPERA_CONEXION_S": "2",
        "ESPERA_LECTURA_S": "2",
        "ARRIENDO_S": "7",
        "DUDA_ESPERAS_S": "0.7,1.4",
        "ESPACIADO_S": "0",
        "FACEBOOK_URL": f"{ensayo_url}/facebook" if ensayo_url else "",
        "X_URL": f"{ensayo_url}/x" if ensayo_url else "",
        **mas,
    }
    return {f"PUBLICADOR_{nombre}": valor for nombre, valor in propio.items()}


_CLAVE = secrets.token_urlsafe(32)


def abrir(entorno: Mapping[str, str], *, ahora: Callable[[], datetime] = reloj.ahora) -> Casa:
    """La casa de ese entorno, para sembrar o mirar desde la prueba."""
    prefijo = "PUBLICADOR_"
    valores = {n.removeprefix(prefijo).lower(): v for n, v in entorno.items()}
    ajustes = Ajustes(_env_file=None, **valores)  # type: ignore[call-arg]
    return Casa(ajustes, leer_claves(ajustes), ahora=ahora)


def crear_base(entorno: Mapping[str, str]) -> None:
    """La base de ese entorno, migrada."""
    casa = abrir(entorno)
    preparar(casa.ajustes.base_datos, casa.ajustes.datos)
    casa.cerrar()


class Vivero:
    """Una casa sembrada por clase; cada prueba se lleva una copia apuntada a su propia red."""

    def __init__(self, carpeta: Path) -> None:
        self._carpeta = carpeta
        virgen = carpeta / "virgen"
        crear_base(entorno_de(virgen))
        for clase in CLASES:
            shutil.copytree(virgen, self._lugar(clase))
            casa = abrir(entorno_de(self._lugar(clase)))
            sembrar_una(casa, clase)
            casa.cerrar()

    def copia(self, clase: Clase, destino: Path, ensayo_url: str, **mas: str) -> dict[str, str]:
        """El entorno de una copia lista para entregar."""
        shutil.copytree(self._lugar(clase), destino)
        entorno = entorno_de(destino, ensayo_url, **mas)
        casa = abrir(entorno)
        with casa.sesiones.begin() as sesion:
            apuntar(sesion, f"{ensayo_url}/{clase.red.value}")
        casa.cerrar()
        return entorno

    def _lugar(self, clase: Clase) -> Path:
        return self._carpeta / f"{clase.red.value}-{clase.nombre.replace(' ', '-')}"


def apuntar(sesion: Session, base_url: str) -> None:
    """La cuenta va a esa red de ensayo."""
    sesion.execute(update(Cuenta).values(base_url=base_url))


def sembrar_muchas(casa: Casa, cuantas: int, *, ensayo_url: str, cuentas: int = 5) -> int:
    """Piezas de textos distintos, cada una a una cuenta de cada red; devuelve las entregas."""
    ahora = casa.ahora()
    with casa.sesiones.begin() as sesion:
        autor, jefe = una_persona(sesion, Papel.REDACCION), una_persona(sesion, Papel.JEFATURA)
        una_persona(sesion, Papel.COMMUNITY, correo="guardia@prensa.example")
        foto = _medio(sesion, casa, autor.id, _foto(1))
        grupos = [
            [_cuenta_numerada(sesion, casa, red, n, ensayo_url) for red in IDENTIFICADOR]
            for n in range(cuentas)
        ]
    piezas = -(-cuantas // len(IDENTIFICADOR))
    for numero in range(piezas):
        borrador = Borrador(
            titulo=f"Jornada {numero}",
            texto=f"Jornada número {numero}: vacunación gratuita, sin cita. 💉",
            medios=(MedioElegido(medio_id=foto, texto_alternativo=ALTERNATIVOS[0]),)
            if numero % 5 == 0
            else (),
            destinos=tuple(
                Destino(cuenta_id=c.id, red=c.red, alias=c.alias, programada_para=ahora)
                for c in grupos[numero % cuentas]
            ),
        )
        with casa.sesiones.begin() as sesion:
            _aprobar(sesion, casa, borrador, autor.id, jefe.id)
    return piezas * len(IDENTIFICADOR)


def _cuenta_numerada(sesion: Session, casa: Casa, red: Red, numero: int, url: str) -> Cuenta:
    base = IDENTIFICADOR[red]
    id_ = f"{base}-{numero}" if red is Red.WORDPRESS else str(int(base) + numero)
    nueva = CuentaNueva(
        alias=f"{red.value}-{numero}",
        red=red,
        identificador=id_,
        credencial=credencial(red, f"{url}/wordpress", id_),
        base_url=f"{url}/{red.value}",
        es_ensayo=True,
    )
    return agregar_cuenta(sesion, nueva, caja=casa.caja, quien="prueba", ahora=casa.ahora())


def sembrar_una(casa: Casa, clase: Clase) -> None:
    """Escrita por una persona, aprobada por otra, y en la cola para ya."""
    ahora = casa.ahora()
    with casa.sesiones.begin() as sesion:
        cuenta = _cuenta(sesion, casa, clase.red)
        autor, jefe = una_persona(sesion, Papel.REDACCION), una_persona(sesion, Papel.JEFATURA)
        una_persona(sesion, Papel.COMMUNITY, correo="guardia@prensa.example")
        medios = [_medio(sesion, casa, autor.id, como) for como in _medios_de(clase)]
        borrador = Borrador(
            titulo="La feria del libro abre en la Plazuela",
            texto=clase.texto,
            medios=tuple(
                MedioElegido(medio_id=medio, texto_alternativo=texto)
                for medio, texto in zip(medios, ALTERNATIVOS, strict=False)
            ),
            destinos=(
                Destino(
                    cuenta_id=cuenta.id,
                    red=cuenta.red,
                    alias=cuenta.alias,
                    programada_para=ahora,
                ),
            ),
            **clase.campos,
        )
        _aprobar(sesion, casa, borrador, autor.id, jefe.id)


def _aprobar(sesion: Session, casa: Casa, borrador: Borrador, autor: int, jefe: int) -> None:
    ahora = casa.ahora()
    pieza = crear_pieza(sesion, borrador, por=autor, ahora=ahora)
    pedir_revision(sesion, pieza.id, por=autor, ahora=ahora)
    aprobar_y_programar(
        sesion,
        pieza.id,
        por=jefe,
        ahora=ahora,
        sello=casa.sello,
        almacen=casa.almacen,
        tolerancia=timedelta(minutes=30),
    )


def _cuenta(sesion: Session, casa: Casa, red: Red) -> Cuenta:
    nueva = CuentaNueva(
        alias=red.value,
        red=red,
        identificador=IDENTIFICADOR[red],
        credencial=credencial(red, "http://127.0.0.1/wordpress"),
        es_ensayo=True,
    )
    return agregar_cuenta(sesion, nueva, caja=casa.caja, quien="prueba", ahora=casa.ahora())


def _medios_de(clase: Clase) -> list[Callable[[Path], Path]]:
    if clase.medio:
        return [_GIF_O_VIDEO[clase.medio]]
    return [_foto(numero) for numero in range(clase.imagenes)]


def _medio(sesion: Session, casa: Casa, por: int, como: Callable[[Path], Path]) -> int:
    carpeta = casa.ajustes.datos
    archivo = como(carpeta)
    recibir = {"nombre": archivo.name, "por": por, "ahora": datetime.now(UTC)}
    if archivo.suffix == ".mp4":
        medio = recibir_archivo(sesion, casa.almacen, archivo, **recibir)  # type: ignore[arg-type]
    else:
        medio = recibir_medio(sesion, casa.almacen, archivo.read_bytes(), **recibir)  # type: ignore[arg-type]
    archivo.unlink()
    return medio.id


def _foto(numero: int) -> Callable[[Path], Path]:
    def hacer(carpeta: Path) -> Path:
        salida = BytesIO()
        Image.new("RGB", (320, 240), (60 * numero, 90, 160)).save(salida, "JPEG")
        return _dejar(carpeta / f"foto-{numero}.jpg", salida.getvalue())

    return hacer


def _gif(carpeta: Path) -> Path:
    salida = BytesIO()
    cuadros = [Image.new("RGB", (320, 240), (80 * n, 20, 90)) for n in range(3)]
    cuadros[0].save(salida, "GIF", save_all=True, append_images=cuadros[1:], duration=100, loop=0)
    return _dejar(carpeta / "cinta.gif", salida.getvalue())


def _video(carpeta: Path) -> Path:
    archivo = carpeta / "cinta.mp4"
    with av.open(str(archivo), "w") as filme:
        pista = filme.add_stream("libx264", rate=10)
        pista.width, pista.height, pista.pix_fmt = 320, 240, "yuv420p"
        pista.time_base = Fraction(1, 10)
        for n in range(20):
            cuadro = av.VideoFrame.from_image(Image.new("RGB", (320, 240), (10 * n, 20, 90)))
            filme.mux(pista.encode(cuadro))
        filme.mux(pista.encode(None))
    return archivo


_GIF_O_VIDEO = {"gif": _gif, "video": _video}


def _dejar(archivo: Path, datos: bytes) -> Path:
    archivo.write_bytes(datos)
    return archivo
