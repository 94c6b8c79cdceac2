"""Preparar la base: crear, migrar con copia, negarse sin tocar nada y decirlo en una frase."""

import os
import shutil
import sqlite3
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from publicador import preparacion
from publicador.esquema import exigir_al_dia, version_vigente, versiones_conocidas
from publicador.fallos_de_base import ErrorDeBase
from publicador.preparacion import configuracion, copiar_sqlite, preparar


def _url(carpeta: Path) -> str:
    return f"sqlite:///{carpeta}/publicador.db"


def _esquema(archivo: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(archivo)) as conexion:
        return conexion.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def test_preparar_dos_veces_no_cambia_nada(tmp_path):
    primera = preparar(_url(tmp_path), tmp_path)
    segunda = preparar(_url(tmp_path), tmp_path)
    assert primera.desde is None
    assert primera.frase == "Base de datos creada."
    assert segunda.frase == "La base de datos ya estaba al día."
    assert version_vigente(_url(tmp_path)) == primera.hasta


def test_la_carpeta_de_datos_nace_cerrada(tmp_path):
    carpeta = tmp_path / "datos"
    preparar(_url(carpeta), carpeta)
    assert carpeta.stat().st_mode & 0o777 == 0o700


def test_antes_de_migrar_queda_una_copia_cerrada_y_nunca_se_pisa(tmp_path):
    preparar(_url(tmp_path), tmp_path)
    archivo = tmp_path / "publicador.db"
    destino = tmp_path / "publicador.db.antes-de-0002"
    copias = [copiar_sqlite(archivo, destino) for _ in range(2)]
    assert copias == [destino, tmp_path / "publicador.db.antes-de-0002-2"]
    for copia in copias:
        assert copia.stat().st_mode & 0o777 == 0o600
        assert _esquema(copia) == _esquema(archivo)


def test_una_base_mas_nueva_que_el_programa_no_se_toca(tmp_path):
    preparar(_url(tmp_path), tmp_path)
    with closing(sqlite3.connect(tmp_path / "publicador.db")) as conexion:
        conexion.execute("UPDATE alembic_version SET version_num = '9999'")
        conexion.commit()
    with pytest.raises(ErrorDeBase, match="más nueva que este programa"):
        preparar(_url(tmp_path), tmp_path)
    assert version_vigente(_url(tmp_path)) == "9999"


def test_una_base_con_tablas_ajenas_no_se_toca(tmp_path):
    with closing(sqlite3.connect(tmp_path / "publicador.db")) as conexion:
        conexion.execute("CREATE TABLE nomina (id INTEGER)")
    with pytest.raises(ErrorDeBase, match="no creó publicador"):
        preparar(_url(tmp_path), tmp_path)


def test_las_versiones_conocidas_son_las_de_alembic():
    guion = ScriptDirectory.from_config(configuracion())
    revisiones = [uno.revision for uno in guion.walk_revisions()]
    assert versiones_conocidas() == tuple(reversed(revisiones))
    assert versiones_conocidas()[-1] == guion.get_current_head()


@pytest.mark.parametrize(
    ("version", "dice"), [("9999", "más nueva que este programa"), ("0000", "más nueva")]
)
def test_una_base_de_otra_version_no_se_usa(tmp_path, version, dice):
    preparar(_url(tmp_path), tmp_path)
    exigir_al_dia(_url(tmp_path))
    with closing(sqlite3.connect(tmp_path / "publicador.db")) as conexion:
        conexion.execute("UPDATE alembic_version SET version_num = ?", (version,))
        conexion.commit()
    with pytest.raises(ErrorDeBase, match=dice):
        exigir_al_dia(_url(tmp_path))


def test_si_la_carpeta_es_un_archivo_se_dice_en_una_frase(tmp_path):
    estorbo = tmp_path / "datos"
    estorbo.write_text("", encoding="utf-8")
    with pytest.raises(ErrorDeBase, match="hay un archivo donde debería"):
        preparar(_url(estorbo / "mas"), estorbo / "mas")


@pytest.fixture
def sin_poder():
    """Como root se escribe en cualquier carpeta: por un momento se es nadie."""
    quien = os.geteuid()
    if quien == 0:
        os.seteuid(65_534)
    yield
    os.seteuid(quien)


def test_una_carpeta_sin_permiso_se_dice_en_una_frase(tmp_path, sin_poder):
    if os.geteuid() != 65_534:
        tmp_path.chmod(0o500)
    with pytest.raises(ErrorDeBase, match="permisos"):
        preparar(_url(tmp_path / "datos"), tmp_path / "datos")


@pytest.fixture
def de_solo_lectura(tmp_path: Path):
    """Una base hecha por otro: este usuario la lee y no la puede escribir."""
    carpeta = Path(tempfile.mkdtemp(prefix="publicador-"))
    preparar(_url(carpeta), carpeta)
    with closing(sqlite3.connect(carpeta / "publicador.db")) as conexion:
        conexion.execute("PRAGMA journal_mode = DELETE")
        conexion.execute("UPDATE alembic_version SET version_num = '0000'")
        conexion.commit()
    (carpeta / "publicador.db").chmod(0o444)
    carpeta.chmod(0o555)
    yield carpeta
    carpeta.chmod(0o700)
    shutil.rmtree(carpeta)


def test_una_base_de_solo_lectura_se_dice_en_una_frase(de_solo_lectura, sin_poder):
    with pytest.raises(ErrorDeBase, match="solo lectura"):
        preparar(_url(de_solo_lectura), de_solo_lectura)


SEGUNDA = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{anterior}"


def upgrade():
    with op.batch_alter_table("campania") as tabla:
        tabla.add_column(sa.Column("lema", sa.String()))
    {final}
"""


@pytest.fixture
def con_otra_migracion(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Una base con datos en la versión de hoy, y un programa que trae una migración más."""
    vigente = preparar(_url(tmp_path), tmp_path).hasta
    with closing(sqlite3.connect(tmp_path / "publicador.db")) as conexion:
        conexion.execute("INSERT INTO campania (nombre, creada_en) VALUES ('Agua', '2026-01-01')")
        conexion.commit()
    copia = tmp_path / "programa" / "migraciones"
    shutil.copytree(preparacion.MIGRACIONES, copia, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(preparacion, "MIGRACIONES", copia)

    def escribir(final: str = "pass") -> None:
        texto = SEGUNDA.format(revision="9000", anterior=vigente, final=final)
        (copia / "versiones" / "9000_otra.py").write_text(texto, encoding="utf-8")

    return escribir


def _campanias(archivo: Path) -> tuple[list[str], list[tuple[object, ...]]]:
    with closing(sqlite3.connect(archivo)) as conexion:
        columnas = [fila[1] for fila in conexion.execute("PRAGMA table_info(campania)")]
        return columnas, conexion.execute("SELECT nombre FROM campania").fetchall()


def test_migrar_guarda_antes_una_copia_y_conserva_los_datos(con_otra_migracion, tmp_path):
    con_otra_migracion()
    hecha = preparar(_url(tmp_path), tmp_path)
    assert hecha.hasta == "9000"
    assert hecha.copia == tmp_path / "publicador.db.antes-de-9000"
    assert str(hecha.copia) in hecha.frase
    columnas, filas = _campanias(tmp_path / "publicador.db")
    assert "lema" in columnas
    assert filas == [("Agua",)]
    columnas, filas = _campanias(hecha.copia)
    assert "lema" not in columnas
    assert filas == [("Agua",)]


def test_una_migracion_que_falla_a_mitad_deja_la_base_como_estaba(con_otra_migracion, tmp_path):
    antes = _esquema(tmp_path / "publicador.db")
    con_otra_migracion(final='op.execute("INSERT INTO no_existe VALUES (1)")')
    with pytest.raises(ErrorDeBase):
        preparar(_url(tmp_path), tmp_path)
    assert _esquema(tmp_path / "publicador.db") == antes
    assert version_vigente(_url(tmp_path)) != "9000"


def test_una_migracion_que_dejaria_filas_sueltas_se_deshace(con_otra_migracion, tmp_path):
    suelta = "INSERT INTO persona_papel (persona_id, papel) VALUES (99, 'jefatura')"
    con_otra_migracion(final=f'op.execute("{suelta}")')
    with pytest.raises(ErrorDeBase, match="filas sueltas en la tabla persona_papel"):
        preparar(_url(tmp_path), tmp_path)
    assert version_vigente(_url(tmp_path)) != "9000"


def test_dos_procesos_que_preparan_a_la_vez_no_se_estorban(tmp_path):
    hechas = []
    hilos = [
        threading.Thread(target=lambda: hechas.append(preparar(_url(tmp_path), tmp_path)))
        for _ in range(2)
    ]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    assert sorted(hecha.desde is None for hecha in hechas) == [False, True]
