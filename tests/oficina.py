"""Una oficina de prensa completa para las pruebas: se le habla solo por la línea de órdenes."""

import contextlib
import io
import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publicador.cli import principal
from publicador.ensayo.servidor import Ensayo

PAGINA = "1001"
USUARIO_X = "1500000000000000001"
CLAVE_WEB = "cana riou nosi empr eaqu i123"
CREDENCIALES = {
    "fb": {"token_pagina": f"EAAensayo-{PAGINA}-canario"},
    "x": {
        "api_key": "canario-llave",
        "api_secret": "canario-secreto",
        "access_token": f"{USUARIO_X}-canario",
        "access_secret": "canario-acceso",
    },
}
REDACTA, MANEJA, MANDA = (
    "redaccion@prensa.example",
    "community@prensa.example",
    "jefa@prensa.example",
)
LEE = "consulta@prensa.example"
PERSONAS = {REDACTA: "redaccion", MANEJA: "community", MANDA: "jefatura", LEE: "consulta"}


@dataclass(frozen=True)
class Hecho:
    """Cómo terminó una orden y qué dijo por cada salida."""

    codigo: int
    salida: str
    errores: str

    @property
    def frases(self) -> str:
        """Lo que se le dijo a la persona: los errores sin las líneas del registro técnico."""
        return "\n".join(r for r in self.errores.splitlines() if not r.startswith("{"))

    def json(self) -> Any:
        """El único documento de la salida."""
        return json.loads(self.salida)


class Oficina:
    """Una instalación en `datos`; cada orden corre en este proceso como la escribiría alguien."""

    def __init__(self, datos: Path, ensayo_url: str, entorno: Mapping[str, str]) -> None:
        self.datos = datos
        self.ensayo_url = ensayo_url
        self.entorno = {
            "PUBLICADOR_DATOS": str(datos),
            "PUBLICADOR_ENSAYO_URL": ensayo_url,
            "PUBLICADOR_ESPACIADO_S": "0",
            "PUBLICADOR_DUDA_ESPERAS_S": "1,2",
            "PUBLICADOR_HILOS": "8",
            **entorno,
        }

    @property
    def base(self) -> Path:
        """El archivo de la base."""
        return self.datos / "publicador.db"

    def orden(self, *argumentos: str | Path, entrada: str | bytes = "", **entorno: str) -> Hecho:
        """Corre una orden; `entorno` son ajustes sin el prefijo."""
        puestos = self.entorno | {f"PUBLICADOR_{n}": valor for n, valor in entorno.items()}
        with _entorno(puestos, self.datos.parent), _entrada(entrada), _senales():
            salida, errores = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(salida), contextlib.redirect_stderr(errores):
                codigo = _codigo([str(uno) for uno in argumentos])
        return Hecho(codigo, salida.getvalue(), errores.getvalue())

    def bien(self, *argumentos: str | Path, entrada: str | bytes = "", **entorno: str) -> Hecho:
        """Lo mismo, y exige que haya salido bien."""
        hecho = self.orden(*argumentos, entrada=entrada, **entorno)
        assert hecho.codigo == 0, hecho
        return hecho

    def cola(self) -> list[dict[str, Any]]:
        """`cola ver --json`."""
        datos: list[dict[str, Any]] = self.bien("cola", "ver", "--json").json()
        return datos

    def estados(self) -> list[str]:
        """El estado de cada entrega, en el orden de la cola."""
        return [una["estado"] for una in self.cola()]

    def entregar(self) -> Hecho:
        """`motor --hasta-vaciar`."""
        return self.bien("motor", "--hasta-vaciar")

    def aprobar_todo(self) -> None:
        """Revisión y aprobación de todo lo que haya."""
        self.bien("pieza", "enviar", "--todas")
        self.bien("pieza", "aprobar", "--todas", "--como", MANDA)

    def preguntar(self, sql: str, *valores: object) -> list[sqlite3.Row]:
        """Lee la base por fuera del programa."""
        with contextlib.closing(sqlite3.connect(self.base)) as conexion:
            conexion.row_factory = sqlite3.Row
            return conexion.execute(sql, valores).fetchall()

    def escribir(self, sql: str, *valores: object) -> None:
        """Cambia la base por fuera del programa, para llegar sin rodeos a un caso raro."""
        with contextlib.closing(sqlite3.connect(self.base)) as conexion, conexion:
            conexion.execute(sql, valores)

    def volcado(self) -> str:
        """Todo lo que hay en la base, para comparar antes y después."""
        with contextlib.closing(sqlite3.connect(self.base)) as conexion:
            return "\n".join(conexion.iterdump())

    def agregar_cuentas(self) -> None:
        """Una cuenta de ensayo por red: `fb`, `x` y `web`."""
        web = {
            "url": f"{self.ensayo_url}/wordpress",
            "usuario": "prensa",
            "contrasena_aplicacion": CLAVE_WEB,
        }
        for alias, red, identificador, credencial in (
            ("fb", "facebook", PAGINA, CREDENCIALES["fb"]),
            ("x", "x", USUARIO_X, CREDENCIALES["x"]),
            ("web", "wordpress", "sitio", web),
        ):
            opciones = ("--alias", alias, "--red", red, "--identificador", identificador)
            self.bien("cuenta", "agregar", *opciones, entrada=json.dumps(credencial))

    def fundar(self, *, con_cuentas: bool = True) -> None:
        """Base, personas y cuentas, todo por órdenes."""
        self.bien("preparar")
        for correo, rol in PERSONAS.items():
            opciones = ("--correo", correo, "--nombre", rol.title(), "--rol", rol)
            self.bien("usuario", "crear", *opciones, entrada="una clave larga y propia\n")
        if con_cuentas:
            self.agregar_cuentas()

    def mudar(self, destino: Path) -> "Oficina":
        """Una copia de esta oficina en otra carpeta."""
        shutil.copytree(self.datos, destino)
        return Oficina(destino, self.ensayo_url, {})


def fundar(carpeta: Path, ensayo: Ensayo) -> Oficina:
    """Una oficina nueva."""
    carpeta.mkdir(parents=True, exist_ok=True)
    oficina = Oficina(carpeta / "datos", ensayo.url, {})
    oficina.fundar()
    return oficina


def _codigo(argumentos: list[str]) -> int:
    try:
        principal(argumentos)
    except SystemExit as fin:
        return int(fin.code or 0)
    raise AssertionError("la orden no terminó")


@contextlib.contextmanager
def _entorno(puestos: Mapping[str, str], carpeta: Path) -> Iterator[None]:
    """Los ajustes de la orden y solo esos, en una carpeta sin `.env` ajeno."""
    guardado, lugar = dict(os.environ), Path.cwd()
    for nombre in [n for n in os.environ if n.startswith("PUBLICADOR_")]:
        del os.environ[nombre]
    os.environ.update(puestos)
    os.chdir(carpeta)
    try:
        yield
    finally:
        os.chdir(lugar)
        os.environ.clear()
        os.environ.update(guardado)


@contextlib.contextmanager
def _entrada(texto: str | bytes) -> Iterator[None]:
    antes = sys.stdin
    datos = texto if isinstance(texto, bytes) else texto.encode()
    sys.stdin = io.TextIOWrapper(io.BytesIO(datos), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = antes


@contextlib.contextmanager
def _senales() -> Iterator[None]:
    """El motor pone las suyas: se devuelven las de pytest."""
    antes = {uno: signal.getsignal(uno) for uno in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for uno, manejador in antes.items():
            signal.signal(uno, manejador)
