"""El panel con mucho dentro: cuánto tarda, cuánto pregunta y cuánto pesa cada pantalla.

    .venv/bin/python -m bancos.panel [--piezas 10000] [--vueltas 7]

Siembra dos oficinas, una con la décima parte de la otra. Lo que importa no depende de la máquina:
cuántas consultas hace cada pantalla (las mismas en las dos) y cuántos bytes manda. El tiempo se da
como razón contra una ruta de Flask que no hace nada, medida en la misma corrida e intercalada.
"""

import argparse
import gzip
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import sessionmaker

import publicador.tablas
from bancos.sembrado import sembrar
from cola.latidos import latir
from herramientas.pantallas import Pantalla, pantallas_de
from panel import crear_app, sesiones
from panel.acceso import nombre_de_cookie
from panel.estaticos import ARMADO
from panel.servicios import Servicios
from piezas.almacen import Almacen
from piezas.firmas import Sello
from piezas.personas import Papel, Persona
from publicador import base_datos
from tests.panel.sembrado import TOLERANCIA, Oficina

RESULTADOS = Path(__file__).parent / "resultados"
NO_SON_PANTALLAS = ("api.", "estaticos.", "vivo.")
CON_MUCHO = (
    "/calendario/eventos?desde=2026-11-30&hasta=2027-01-04",
    "/calendario?mes=2026-12&tabla=si",
    "/cola?estado=publicada",
    "/piezas?estado=aprobada",
    "/mediateca?texto=foto",
    "/bitacora?texto=aprobar",
)
"""Lo que muestra el mes de las mil piezas, y las páginas donde hay más filas."""
AHORA = datetime(2026, 12, 15, 15, 0, tzinfo=UTC)
_ORDENES = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
_ENLAZADOS = re.compile(r'(?:href|src)="/estaticos/armado/([^"?]+\.(?:js|css))"')
_IMPORTADOS = re.compile(r'(?:from|import)\s*"\./([^"]+\.js)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Medida:
    """Lo que costó una pantalla."""

    consultas: int
    procesador_ms: float
    reloj_ms: float
    estado: int
    tipo: str
    bytes_html: int
    archivos: tuple[str, ...]


class Banco:
    """Un panel sobre su propia base, con la cuenta de lo que le pregunta."""

    def __init__(self, carpeta: Path, piezas: int) -> None:
        self.base: Engine = base_datos.crear_motor_sql(f"sqlite:///{carpeta}/banco.db")
        publicador.tablas.METADATOS.create_all(self.base)
        fabrica = base_datos.sesiones(self.base)
        self.fabrica: sessionmaker = fabrica
        self.servicios = Servicios(
            sesiones=fabrica,
            lecturas=base_datos.lecturas(self.base),
            ahora=lambda: AHORA,
            sello=Sello((b"x" * 32,)),
            almacen=Almacen(carpeta / "medios"),
            despertar=lambda: None,
            tolerancia=TOLERANCIA,
            url_publica="http://127.0.0.1:8000",
            clave_sesion="clave-de-banco-larga-y-secreta",
        )
        with fabrica.begin() as sesion:
            latir(sesion, "motor-1", version="0.1.0", ahora=AHORA)
        with fabrica() as sesion:
            oficina = Oficina(sesion, AHORA, self.servicios.sello, self.servicios.almacen)
            sembrar(oficina, piezas=piezas)
            sesion.commit()
        self.app: Flask = crear_app(self.servicios)
        self.app.config["VIVO_VIDA_S"] = 0
        self.hechas: list[str] = []
        event.listen(self.base, "before_cursor_execute", self._anotar)
        self._clientes: dict[Papel | None, FlaskClient] = {}

    def _anotar(self, _conexion: object, _cursor: object, orden: str, *_resto: object) -> None:
        if orden.lstrip().upper().startswith(_ORDENES):
            self.hechas.append(orden)

    @contextmanager
    def contando(self) -> Iterator[list[str]]:
        """Las consultas de lo que pase adentro."""
        self.hechas.clear()
        yield self.hechas

    def cliente(self, papel: Papel | None) -> FlaskClient:
        """Un navegador donde ya entró alguien con ese papel."""
        if papel not in self._clientes:
            self._clientes[papel] = cliente = self.app.test_client()
            if papel is not None:
                with self.fabrica.begin() as sesion:
                    quien = sesion.scalars(
                        select(Persona).where(Persona.correo == f"{papel}@alcaldia.example")
                    ).one()
                    clave = sesiones.abrir(sesion, quien.id, navegador="banco", ahora=AHORA)
                cliente.set_cookie(nombre_de_cookie(self.app), clave)
        return self._clientes[papel]

    def pantallas(self) -> list[Pantalla]:
        """Las que se pueden abrir con lo sembrado."""
        with self.fabrica() as sesion:
            return [
                p
                for p in pantallas_de(self.app, sesion)
                if not p.nombre.startswith(NO_SON_PANTALLAS)
            ] + [Pantalla(nombre=c, camino=c, papel=Papel.JEFATURA) for c in CON_MUCHO]

    def medir(self, pantalla: Pantalla, vueltas: int) -> Medida:
        """Abre la pantalla varias veces; la primera no cuenta para el tiempo."""
        cliente = self.cliente(pantalla.papel)
        respuesta = cliente.get(pantalla.camino, buffered=True)
        texto = respuesta.get_data()
        with self.contando() as hechas:
            cliente.get(pantalla.camino, buffered=True)
            consultas = len(hechas)
        procesador, reloj = zip(
            *(_cronometrar(cliente, pantalla.camino) for _ in range(vueltas)), strict=True
        )
        return Medida(
            consultas=consultas,
            procesador_ms=statistics.median(procesador),
            reloj_ms=statistics.median(reloj),
            estado=respuesta.status_code,
            tipo=respuesta.mimetype,
            bytes_html=len(texto),
            archivos=_archivos(texto.decode("utf-8", "replace")),
        )


def _cronometrar(cliente: FlaskClient, camino: str) -> tuple[float, float]:
    """(procesador, reloj) en milisegundos. El del procesador no ve a los vecinos."""
    antes_p, antes_r = time.thread_time(), time.perf_counter()
    cliente.get(camino, buffered=True)
    return (time.thread_time() - antes_p) * 1000, (time.perf_counter() - antes_r) * 1000


def _archivos(html: str) -> tuple[str, ...]:
    """Los guiones y hojas que esa página trae, con lo que ellos importan."""
    halladas, por_ver = [], list(dict.fromkeys(_ENLAZADOS.findall(html)))
    while por_ver:
        nombre = por_ver.pop(0)
        if nombre not in halladas:
            halladas.append(nombre)
            if nombre.endswith(".js"):
                por_ver += _IMPORTADOS.findall((ARMADO / nombre).read_text("utf-8"))
    return tuple(halladas)


def _pesos(archivos: tuple[str, ...], extension: str) -> tuple[int, int]:
    """(bytes, bytes comprimidos)."""
    datos = [(ARMADO / n).read_bytes() for n in archivos if n.endswith(extension)]
    return sum(map(len, datos)), sum(len(gzip.compress(d, 9)) for d in datos)


def desnuda(vueltas: int) -> tuple[float, float]:
    """(procesador, reloj) de una ruta de Flask que no hace nada."""
    app = Flask("desnuda")
    app.add_url_rule("/", view_func=lambda: "<!doctype html><title>Nada</title>")
    cliente = app.test_client()
    for _ in range(20):
        cliente.get("/")
    medidas = [_cronometrar(cliente, "/") for _ in range(vueltas)]
    procesador, reloj = zip(*medidas, strict=True)
    return statistics.median(procesador), statistics.median(reloj)


def tabla(chica: Banco, grande: Banco, vueltas: int) -> Iterator[str]:
    """Cada pantalla en un renglón de Markdown."""
    yield (
        "| Pantalla | estado | consultas 1/10 → todo | procesador ms | × ruta desnuda | reloj ms "
        "| KB de página | JS KB (gzip) | CSS KB (gzip) |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    de_chica = {p.nombre: p for p in chica.pantallas()}
    for pantalla in grande.pantallas():
        cero, _ = desnuda(50)
        una = grande.medir(pantalla, vueltas)
        otra = chica.medir(de_chica[pantalla.nombre], 1) if pantalla.nombre in de_chica else None
        js, css = _pesos(una.archivos, ".js"), _pesos(una.archivos, ".css")
        antes = "—" if otra is None else str(otra.consultas)
        crece = " **crece**" if otra is not None and una.consultas > otra.consultas else ""
        clase = "" if una.tipo == "text/html" else f" ({una.tipo})"
        yield (
            f"| {pantalla.nombre}{clase} | {una.estado} | {antes} → {una.consultas}{crece} "
            f"| {una.procesador_ms:.1f} | {una.procesador_ms / cero:.0f} | {una.reloj_ms:.1f} "
            f"| {una.bytes_html / 1000:.0f} | {js[0] / 1000:.0f} ({js[1] / 1000:.0f}) "
            f"| {css[0] / 1000:.0f} ({css[1] / 1000:.0f}) |"
        )


def main() -> None:
    """Corre el banco, lo imprime y lo deja en `bancos/resultados/panel.md`."""
    opciones = argparse.ArgumentParser(description=__doc__)
    opciones.add_argument("--piezas", type=int, default=10_000)
    opciones.add_argument("--vueltas", type=int, default=7)
    opciones.add_argument("--ver", help="imprime las consultas de esa pantalla y termina")
    dado = opciones.parse_args()
    memoria = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with (
        tempfile.TemporaryDirectory(dir=memoria) as una,
        tempfile.TemporaryDirectory(dir=memoria) as otra,
    ):
        inicio = time.perf_counter()
        grande = Banco(Path(una), dado.piezas)
        chica = Banco(Path(otra), dado.piezas // 10)
        sembrado = time.perf_counter() - inicio
        if dado.ver:
            _mostrar(grande, dado.ver)
            return
        renglones = [
            f"# El panel con {dado.piezas} piezas",
            "",
            f"Sembrado en {sembrado:.0f} s. Ruta desnuda de Flask: "
            f"{desnuda(200)[0]:.2f} ms de procesador.",
            "",
        ]
        for renglon in renglones:
            print(renglon, flush=True)
        for renglon in tabla(chica, grande, dado.vueltas):
            print(renglon, flush=True)
            renglones.append(renglon)
        RESULTADOS.mkdir(exist_ok=True)
        (RESULTADOS / "panel.md").write_text("\n".join(renglones) + "\n", "utf-8")


def _mostrar(banco: Banco, nombre: str) -> None:
    for pantalla in banco.pantallas():
        if pantalla.nombre == nombre:
            cliente = banco.cliente(pantalla.papel)
            cliente.get(pantalla.camino, buffered=True)
            with banco.contando() as hechas:
                cliente.get(pantalla.camino, buffered=True)
            sys.stdout.write("\n\n".join(hechas) + f"\n\n{len(hechas)} consultas\n")


if __name__ == "__main__":
    main()
