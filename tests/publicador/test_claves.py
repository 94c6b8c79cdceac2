"""Las claves: se generan una vez, cerradas, y cada uso tiene la suya."""

import os
import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from publicador.ajustes import AjusteMalo, Ajustes, leer_ajustes
from publicador.claves import leer_claves


@pytest.fixture
def ajustes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ajustes:
    for nombre in [n for n in os.environ if n.upper().startswith("PUBLICADOR_")]:
        monkeypatch.delenv(nombre)
    monkeypatch.chdir(tmp_path)
    return leer_ajustes()


def test_la_primera_vez_se_genera_y_despues_es_la_misma(ajustes):
    primera = leer_claves(ajustes)
    assert leer_claves(ajustes) == primera
    archivo = ajustes.datos / "claves"
    assert archivo.stat().st_mode & 0o777 == 0o600
    assert ajustes.datos.stat().st_mode & 0o777 == 0o700
    assert [p.name for p in ajustes.datos.iterdir()] == ["claves"]


def test_dos_procesos_que_llegan_a_la_vez_usan_la_misma(ajustes):
    vistas = []
    hilos = [threading.Thread(target=lambda: vistas.append(leer_claves(ajustes))) for _ in range(4)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    assert len(vistas) == 4
    assert len({clave.de_firma for clave in vistas}) == 1


def test_cada_uso_tiene_una_clave_distinta(ajustes):
    claves = leer_claves(ajustes)
    assert Fernet(claves.de_cifrado[0]).decrypt(Fernet(claves.de_cifrado[0]).encrypt(b"x")) == b"x"
    en_hex = {claves.de_firma[0].hex(), claves.de_sesion[0], claves.de_cifrado[0].hex()}
    assert len(en_hex) == 3
    archivo = (ajustes.datos / "claves").read_text(encoding="ascii").strip()
    assert archivo not in repr(claves)


def test_la_mas_nueva_va_primero_y_las_viejas_siguen_sirviendo(ajustes):
    vieja = leer_claves(ajustes)
    archivo = ajustes.datos / "claves"
    archivo.write_text("n" * 43 + "\n" + archivo.read_text(encoding="ascii"), encoding="ascii")
    ambas = leer_claves(ajustes)
    assert ambas.de_firma[1:] == vieja.de_firma
    assert ambas.de_cifrado[1:] == vieja.de_cifrado


def test_las_del_ajuste_valen_sin_archivo(monkeypatch, ajustes):
    monkeypatch.setenv("PUBLICADOR_CLAVES", f"{'a' * 43},{'b' * 43}=")
    propias = leer_ajustes()
    assert len(leer_claves(propias).de_firma) == 2
    assert not (propias.datos / "claves").exists()


@pytest.mark.parametrize("modo", [0o640, 0o604, 0o644])
def test_un_archivo_abierto_a_otros_no_se_usa(ajustes, modo):
    leer_claves(ajustes)
    (ajustes.datos / "claves").chmod(modo)
    with pytest.raises(AjusteMalo, match="chmod 600"):
        leer_claves(ajustes)


@pytest.mark.parametrize(
    "contenido", [b"", b"\n", b"corta\n", b"a" * 43 + b"\nb\n", b"\xc3\xb1" * 43]
)
def test_un_archivo_incompleto_no_se_usa_ni_se_muestra(ajustes, contenido):
    leer_claves(ajustes)
    (ajustes.datos / "claves").write_bytes(contenido)
    with pytest.raises(AjusteMalo, match="vacío, o alguna clave está incompleta") as fallo:
        leer_claves(ajustes)
    assert "a" * 43 not in fallo.value.mensaje


def test_si_no_hay_donde_guardarlas_se_dice_en_una_frase(ajustes):
    ajustes.datos.write_text("un archivo donde iba la carpeta", encoding="utf-8")
    with pytest.raises(AjusteMalo, match="No se pudo leer ni crear el archivo de claves"):
        leer_claves(ajustes)
