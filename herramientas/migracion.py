"""Escribe la migración que falta entre lo ya publicado y los modelos de hoy.

Uso: `make migracion m="agregar la tabla tal"`. La inicial se rehace con `--inicial`, y solo
mientras ninguna oficina la haya usado.
"""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

RAIZ = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RAIZ))

from alembic import command  # noqa: E402
from alembic.autogenerate import render_python_code  # noqa: E402
from alembic.operations.ops import CreateIndexOp, UpgradeOps  # noqa: E402
from alembic.script import ScriptDirectory  # noqa: E402
from sqlalchemy import Column, ForeignKeyConstraint, Index  # noqa: E402

from publicador.base_datos import crear_motor_sql  # noqa: E402
from publicador.preparacion import MIGRACIONES, configuracion, preparar  # noqa: E402
from publicador.tablas import METADATOS, SOLO_SE_AGREGA  # noqa: E402

VERSIONES = MIGRACIONES / "versiones"
FIN = "\n\n\ndef downgrade()"
POR_QUE_ES_LARGA = (
    "Es larga porque se genera de los modelos, y cada versión de la base va en un solo archivo."
)


def escribir(mensaje: str) -> Path:
    """Compara una base recién migrada con los modelos y escribe la diferencia."""
    with TemporaryDirectory() as carpeta:
        url = f"sqlite:///{carpeta}/base.db"
        numero = len(list(ScriptDirectory.from_config(configuracion()).walk_revisions())) + 1
        if numero > 1:
            preparar(url, Path(carpeta))
        base = crear_motor_sql(url)
        with base.begin() as conexion:
            config = configuracion()
            config.attributes["conexion"] = conexion
            command.revision(config, mensaje, autogenerate=True, rev_id=f"{numero:04d}")
        base.dispose()
    (archivo,) = VERSIONES.glob(f"{numero:04d}_*.py")
    return archivo


def completar_inicial(archivo: Path) -> None:
    """Agrega lo que Alembic no escribe: por qué es larga, foráneas en círculo y guardias."""
    texto = archivo.read_text(encoding="utf-8")
    texto = texto.replace("\n\nVersión:", f"\n\n{POR_QUE_ES_LARGA}\n\nVersión:", 1)
    lineas = ["", "    dialecto = op.get_bind().dialect.name"]
    lineas += [f"    {_crear_indice(indice)}" for indice in _indices_de_expresion()]
    circulares = [
        foranea
        for tabla in METADATOS.sorted_tables
        for foranea in tabla.foreign_key_constraints
        if foranea.use_alter
    ]
    if circulares:
        lineas.append('    if dialecto == "postgresql":  # SQLite ya las trae dentro de la tabla')
        lineas += [f"        {_crear_foranea(foranea)}" for foranea in circulares]
    lineas.append(f"    guardias.poner(op.execute, dialecto, {SOLO_SE_AGREGA!r})")
    lineas.append("    sucesos.poner(op.execute, dialecto)")
    texto = texto.replace(FIN, "\n".join(lineas) + FIN, 1)
    texto = texto.replace(
        "from alembic import op\n",
        "from alembic import op\n\nfrom publicador.migraciones import guardias, sucesos\n",
        1,
    )
    # SQLite escribe los valores lógicos como números, y PostgreSQL no los acepta así.
    for numero, palabra in (("0", "false"), ("1", "true")):
        texto = re.sub(
            rf"""(sa\.Boolean\(\), server_default=)sa\.text\(['"]{numero}['"]\)""",
            rf"\1sa.{palabra}()",
            texto,
        )
    archivo.write_text(texto, encoding="utf-8")


def _indices_de_expresion() -> list[Index]:
    """Los que Alembic omite porque SQLite no los sabe reflejar."""
    return [
        indice
        for tabla in METADATOS.sorted_tables
        for indice in sorted(tabla.indexes, key=lambda indice: str(indice.name))
        if any(not isinstance(parte, Column) for parte in indice.expressions)
    ]


def _crear_indice(indice: Index) -> str:
    return render_python_code(UpgradeOps([CreateIndexOp.from_index(indice)])).split("\n")[1].strip()


def _crear_foranea(foranea: ForeignKeyConstraint) -> str:
    locales = [columna.name for columna in foranea.columns]
    remotas = [elemento.column.name for elemento in foranea.elements]
    return (
        f'op.create_foreign_key("{foranea.name}", "{foranea.table.name}", '
        f'"{foranea.referred_table.name}", {locales!r}, {remotas!r})'
    )


def principal() -> int:
    """Escribe una migración y la deja con el formato de la casa."""
    inicial = sys.argv[1:] == ["--inicial"]
    mensaje = "inicial" if inicial else " ".join(sys.argv[1:]).strip()
    if not mensaje:
        sys.stderr.write('Falta el mensaje: make migracion m="agregar la tabla tal"\n')
        return 2
    if inicial:
        for vieja in VERSIONES.glob("*.py"):
            vieja.unlink()
    archivo = escribir(mensaje)
    if inicial:
        completar_inicial(archivo)
    ruff = str(Path(sys.executable).parent / "ruff")
    subprocess.run([ruff, "check", "-q", "--fix", str(archivo)], check=True)  # noqa: S603
    subprocess.run([ruff, "format", "-q", str(archivo)], check=True)  # noqa: S603
    sys.stderr.write(f"Escrita {archivo.relative_to(RAIZ)}: léala antes de guardarla.\n")
    return 0


if __name__ == "__main__":
    sys.exit(principal())
