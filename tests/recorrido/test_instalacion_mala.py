"""Una instalación mal puesta: ajustes, claves y base de datos; cada cosa con su frase."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest

from publicador import base_datos
from publicador.ensayo.servidor import Ensayo
from tests.oficina import MANDA, Oficina

AJUSTES_MALOS = {
    "BASE_DATOS": "mysql://usuario:canario@servidor/base",
    "CLAVES": "canario-corta",
    "FACEBOOK_URL": "ftp://graph.facebook.com",
    "X_URL": "http://api.x.com",
    "ESPERA_CONEXION_S": "cinco",
    "ESPERA_LECTURA_S": "-1",
    "HILOS": "0",
    "TOLERANCIA_MIN": "media hora",
    "ARRIENDO_S": "10",
    "DUDA_ESPERAS_S": "600,90",
    "ESPACIADO_S": "facebok=120",
    "ENSAYO_URL": "localhost:8090",
    "CORREO_PUERTO": "smtp",
    "CORREO_PARA": "jefa",
    "URL_PUBLICA": "mi panel",
}


@pytest.mark.parametrize("nombre", AJUSTES_MALOS)
def test_un_ajuste_malo_detiene_la_orden_y_se_nombra(oficina: Oficina, nombre: str) -> None:
    antes = oficina.volcado()
    for orden in (("cola", "ver", "--json"), ("preparar",), ("motor", "--hasta-vaciar")):
        hecho = oficina.orden(*orden, **{nombre: AJUSTES_MALOS[nombre]})
        assert (hecho.codigo, hecho.salida) == (1, "")
        assert f"PUBLICADOR_{nombre} " in hecho.errores
        assert len(hecho.errores.splitlines()) == 1
        assert "canario" not in hecho.errores
    assert oficina.volcado() == antes


def test_una_carpeta_de_datos_que_es_un_archivo_se_dice(oficina: Oficina, tmp_path: Path) -> None:
    (tmp_path / "archivo").write_text("no soy una carpeta")
    hecho = oficina.orden("preparar", DATOS=str(tmp_path / "archivo"))
    assert (hecho.codigo, hecho.salida) == (1, "")
    assert "hay un archivo donde debería haber una carpeta" in hecho.errores


def test_un_ajuste_que_no_existe_avisa_sin_ensuciar_la_salida(oficina: Oficina) -> None:
    hecho = oficina.bien("cola", "ver", "--json", HILO="4")
    assert hecho.json() == []
    assert "PUBLICADOR_HILO no es un ajuste" in hecho.errores
    assert "¿Quiso decir PUBLICADOR_HILOS?" in hecho.errores


def test_un_archivo_env_ilegible_se_dice_en_una_frase(oficina: Oficina) -> None:
    (oficina.datos.parent / ".env").write_bytes("PUBLICADOR_HILOS=4 # año".encode("latin-1"))
    hecho = oficina.orden("cola", "ver")
    assert (hecho.codigo, hecho.salida) == (1, "")
    assert hecho.errores.startswith("No se pudo leer el archivo .env")
    assert len(hecho.errores.splitlines()) == 1


def test_un_archivo_de_claves_abierto_a_otros_no_se_usa(oficina: Oficina) -> None:
    claves = oficina.datos / "claves"
    claves.chmod(0o644)
    hecho = oficina.orden("cola", "ver")
    assert (hecho.codigo, hecho.salida) == (1, "")
    assert f"chmod 600 {claves}" in hecho.errores
    assert claves.read_text().strip() not in hecho.errores


def test_con_otras_claves_no_se_abren_las_cuentas_y_se_dice(oficina: Oficina) -> None:
    hecho = oficina.orden("cuenta", "verificar", "--json", CLAVES="A" * 43)
    assert hecho.codigo == 1
    assert [una["vale"] for una in hecho.json()] == [False] * 3
    assert all("restaure el archivo de claves" in una["motivo"] for una in hecho.json())


def test_sin_preparar_se_dice_que_falta(oficina: Oficina, tmp_path: Path) -> None:
    nueva = Oficina(tmp_path / "nueva", oficina.ensayo_url, {})
    for orden in (("cola", "ver"), ("motor", "--hasta-vaciar"), ("pieza", "listar", "--json")):
        hecho = nueva.orden(*orden)
        assert (hecho.codigo, hecho.salida) == (1, "")
        assert "publicador preparar" in hecho.errores
    assert not nueva.base.exists()


def test_una_base_mas_nueva_que_el_programa_no_se_toca(oficina: Oficina) -> None:
    with contextlib.closing(sqlite3.connect(oficina.base)) as conexion:
        conexion.execute("UPDATE alembic_version SET version_num = '9999'")
        conexion.commit()
    antes = oficina.volcado()
    for orden in (("cola", "ver"), ("motor", "--hasta-vaciar"), ("preparar",)):
        hecho = oficina.orden(*orden)
        assert (hecho.codigo, hecho.salida) == (1, "")
        assert "más nueva que este programa (versión 9999)" in hecho.errores
    assert oficina.volcado() == antes


@pytest.mark.parametrize("contenido", [b"esto no es una base" * 100, b"\0" * 4096])
def test_un_archivo_que_no_es_base_se_dice(oficina: Oficina, contenido: bytes) -> None:
    oficina.base.write_bytes(contenido)
    hecho = oficina.orden("cola", "ver")
    assert (hecho.codigo, hecho.salida) == (1, "")
    assert "base" in hecho.errores
    assert "Traceback" not in hecho.errores


def test_con_la_base_ocupada_se_lee_y_escribir_lo_dice(
    oficina: Oficina, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base_datos, "ESPERA_CANDADO_MS", 30)
    antes = oficina.volcado()
    with contextlib.closing(sqlite3.connect(oficina.base)) as otro:
        otro.execute("BEGIN IMMEDIATE")
        assert oficina.bien("cola", "ver", "--json").json() == []
        for orden in (
            ("cola", "pausar", "--motivo", "Mantenimiento", "--como", MANDA),
            ("cuenta", "pausar", "fb"),
            ("motor", "--hasta-vaciar"),
        ):
            hecho = oficina.orden(*orden)
            assert (hecho.codigo, hecho.salida) == (1, "")
            assert "está ocupada por otro proceso" in hecho.frases
            assert "Traceback" not in hecho.errores
    assert oficina.volcado() == antes


def test_una_base_de_solo_lectura_se_dice_y_no_se_toca(oficina: Oficina, redes: Ensayo) -> None:
    # La carpeta de la prueba es de quien la corre: esta debe poder atravesarla cualquiera.
    carpeta = Path(tempfile.mkdtemp(prefix="publicador-"))
    carpeta.chmod(0o755)
    ajena = oficina.mudar(carpeta / "datos")
    antes = ajena.volcado()
    quien = os.geteuid()
    try:
        with contextlib.closing(sqlite3.connect(ajena.base)) as conexion:
            conexion.execute("PRAGMA journal_mode = DELETE")
        for archivo in (ajena.base, ajena.datos):
            archivo.chmod(0o555)
        (ajena.datos / "claves").chmod(0o400)
        if quien == 0:
            for archivo in (ajena.datos / "claves", ajena.base):
                os.chown(archivo, 65_534, 65_534)
            os.chown(ajena.base, 0, 0)
            os.seteuid(65_534)
        for orden in (("cuenta", "pausar", "fb"), ("motor", "--hasta-vaciar"), ("cola", "ver")):
            hecho = ajena.orden(*orden)
            assert (hecho.codigo, hecho.salida) == (1, ""), hecho
            assert "solo lectura" in hecho.frases or "permis" in hecho.frases, hecho
            assert "Traceback" not in hecho.errores
    finally:
        os.seteuid(quien)
        ajena.datos.chmod(0o700)
        assert ajena.volcado() == antes
        shutil.rmtree(carpeta)
    assert not redes.mundo.entradas()
