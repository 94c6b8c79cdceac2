"""Un PostgreSQL de verdad para las pruebas: propio, en memoria, por socket, y se apaga solo."""

import os
import pwd
import shutil
import subprocess
import uuid
from pathlib import Path

from tests.sistema.procesos import (
    Servidores,
    Usuario,
    carpeta_temporal,
    como,
    esperar,
    omitir_o_fallar,
)

PAQUETES = "postgresql"


def programa(nombre: str) -> str | None:
    """El camino de un programa de PostgreSQL; Debian no los pone en el PATH."""
    carpetas = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    camino = os.pathsep.join([os.environ.get("PATH", ""), *map(str, carpetas)])
    return shutil.which(nombre, path=camino)


def usuario_sin_poder() -> Usuario | None:
    """Quién correrá PostgreSQL, que se niega a ser root; `None` si ya no lo somos."""
    if os.geteuid() != 0:
        return None
    for nombre in ("postgres", "nobody"):
        try:
            ficha = pwd.getpwnam(nombre)
        except KeyError:
            continue
        return Usuario(ficha.pw_uid, ficha.pw_gid)
    raise RuntimeError("no hay un usuario sin privilegios para PostgreSQL")


class PostgresReal:
    """Un servidor encendido. `base_nueva()` da la dirección de una base vacía para SQLAlchemy."""

    def __init__(self, servidores: Servidores, psql: str) -> None:
        self._servidores = servidores
        self._psql = psql
        self.carpeta = servidores.carpeta

    def url(self, base: str) -> str:
        """La dirección de SQLAlchemy de una base de este servidor."""
        return f"postgresql+psycopg://publicador@/{base}?host={self.carpeta}"

    def base_nueva(self) -> str:
        """Crea una base vacía y da su dirección."""
        base = f"p_{uuid.uuid4().hex[:12]}"
        self.orden(f"CREATE DATABASE {base} TEMPLATE template0 ENCODING 'UTF8'")
        return self.url(base)

    def borrar_base(self, url: str) -> None:
        """Borra la base de `url` aunque alguien siga conectado."""
        base = url.split("@/")[1].split("?")[0]
        self.orden(f"DROP DATABASE IF EXISTS {base} WITH (FORCE)")

    def orden(self, sql: str) -> str:
        """Corre una orden como administrador y devuelve lo que dijo psql."""
        hecho = subprocess.run(
            [
                self._psql,
                "-XqAt",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                str(self.carpeta),
                "-U",
                "publicador",
                "-d",
                "postgres",
                "-c",
                sql,
            ],
            check=True,
            capture_output=True,
            text=True,
        )
        return hecho.stdout.strip()

    def apagar(self) -> None:
        """Apaga y borra todo."""
        self._servidores.apagar()


def encender() -> PostgresReal:
    """Inicia un servidor nuevo; si faltan los programas, omite la prueba (o falla en CI)."""
    initdb, servidor, psql = programa("initdb"), programa("postgres"), programa("psql")
    if initdb is None or servidor is None or psql is None:
        omitir_o_fallar("PostgreSQL", PAQUETES)
    usuario = usuario_sin_poder()
    carpeta = carpeta_temporal("publicador-pg")
    servidores = Servidores(carpeta)
    try:
        if usuario is not None:
            os.chown(carpeta, *usuario)
        iniciar_datos(initdb, carpeta, usuario)
        proceso = servidores.encender(
            [
                servidor,
                "-D",
                str(carpeta / "datos"),
                "-k",
                str(carpeta),
                "-c",
                "listen_addresses=",
                "-c",
                "fsync=off",
                "-c",
                "full_page_writes=off",
                "-c",
                "max_connections=200",
                "-c",
                "shared_buffers=64MB",
                "-c",
                "dynamic_shared_memory_type=mmap",
            ],
            registro=carpeta / "postgres.log",
            usuario=usuario,
        )
        real = PostgresReal(servidores, psql)
        esperar(
            lambda: proceso.poll() is not None or _responde(real),
            segundos=30,
            que="PostgreSQL",
        )
        real.orden("SELECT 1")
    except BaseException:
        servidores.apagar()
        raise
    return real


def iniciar_datos(initdb: str, carpeta: Path, usuario: Usuario | None) -> None:
    """Crea los datos de un servidor vacío, en UTF-8 y sin depender del idioma de la máquina."""
    subprocess.run(
        [
            initdb,
            "-D",
            str(carpeta / "datos"),
            "-U",
            "publicador",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        check=True,
        capture_output=True,
        cwd=carpeta,
        **como(usuario),
    )


def _responde(real: PostgresReal) -> bool:
    try:
        return real.orden("SELECT 1") == "1"
    except subprocess.CalledProcessError:
        return False
