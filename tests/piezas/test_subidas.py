"""Un video por trozos: sigue donde iba, no acepta un trozo ajeno ni dañado, y no deja basura."""

import hashlib
import os
from datetime import timedelta

import pytest

from piezas import subidas
from piezas.errores import DatosInvalidos, NoEncontrada
from piezas.subidas import TrozoDanado, TrozoNoSigue
from tests.fabricas import AHORA, una_persona

TOPE = 10_000


@pytest.fixture
def autor(sesion):
    return una_persona(sesion)


@pytest.fixture
def carpeta(tmp_path):
    return tmp_path / "subidas"


def empezar(sesion, carpeta, autor, peso=10, nombre="acto.mp4"):
    return subidas.empezar(
        sesion, carpeta, nombre=nombre, peso_bytes=peso, peso_maximo=TOPE, por=autor.id, ahora=AHORA
    )


def mandar(sesion, carpeta, fila, desde, datos, *, por, suma=None):
    return subidas.agregar_trozo(
        sesion, carpeta, fila.llave, desde=desde, datos=datos,
        suma=suma or hashlib.sha256(datos).hexdigest(), por=por.id, ahora=AHORA,
    )  # fmt: skip


def test_los_trozos_en_orden_dan_el_archivo(sesion, carpeta, autor):
    fila = empezar(sesion, carpeta, autor)
    assert mandar(sesion, carpeta, fila, 0, b"01234", por=autor) == 5
    with pytest.raises(TrozoNoSigue) as faltan:
        subidas.completa(sesion, carpeta, fila.llave, por=autor.id)
    assert faltan.value.van == 5
    mandar(sesion, carpeta, fila, 5, b"56789", por=autor)
    ruta, nombre = subidas.completa(sesion, carpeta, fila.llave, por=autor.id)
    assert (ruta.read_bytes(), nombre) == (b"0123456789", "acto.mp4")


@pytest.mark.parametrize(("desde", "datos"), [(3, b"x"), (0, b"x" * 11), (11, b"x")])
def test_un_trozo_que_no_sigue_dice_desde_donde(sesion, carpeta, autor, desde, datos):
    fila = empezar(sesion, carpeta, autor)
    with pytest.raises(TrozoNoSigue) as error:
        mandar(sesion, carpeta, fila, desde, datos, por=autor)
    assert error.value.van == 0


def test_un_trozo_danado_no_se_escribe(sesion, carpeta, autor):
    fila = empezar(sesion, carpeta, autor)
    with pytest.raises(TrozoDanado):
        mandar(sesion, carpeta, fila, 0, b"01234", por=autor, suma="0" * 64)
    assert subidas.archivo_de(carpeta, fila.llave).read_bytes() == b""


def test_lo_escrito_que_no_alcanzo_a_anotarse_se_pisa(sesion, carpeta, autor):
    fila = empezar(sesion, carpeta, autor)
    mandar(sesion, carpeta, fila, 0, b"01234", por=autor)
    # Como queda si matan el servidor entre el disco y la base.
    with subidas.archivo_de(carpeta, fila.llave).open("ab") as archivo:
        archivo.write(b"basura")
    mandar(sesion, carpeta, fila, 5, b"56789", por=autor)
    ruta, _ = subidas.completa(sesion, carpeta, fila.llave, por=autor.id)
    assert ruta.read_bytes() == b"0123456789"


def test_la_de_otra_persona_no_existe(sesion, carpeta, autor):
    fila = empezar(sesion, carpeta, autor)
    otra = una_persona(sesion)
    with pytest.raises(NoEncontrada):
        mandar(sesion, carpeta, fila, 0, b"01234", por=otra)
    with pytest.raises(NoEncontrada):
        subidas.olvidar(sesion, carpeta, fila.llave, por=otra.id)


@pytest.mark.parametrize("llave", ["../../etc/passwd", "A" * 32, "", "0" * 31])
def test_una_llave_rara_no_sale_de_la_carpeta(sesion, carpeta, autor, llave):
    with pytest.raises(NoEncontrada):
        subidas.abierta(sesion, llave, por=autor.id)
    with pytest.raises(NoEncontrada):
        subidas.archivo_de(carpeta, llave)


@pytest.mark.parametrize(
    ("nombre", "peso", "frase"),
    [
        ("a.exe", 10, "videos MP4"),
        ("a.mp4", 0, "vacío"),
        ("a.mp4", -5, "vacío"),
        ("a.mp4", TOPE + 1, "pesa más"),
    ],
)
def test_lo_que_no_se_recibe_se_dice_antes_de_mandarlo(sesion, carpeta, autor, nombre, peso, frase):
    with pytest.raises(DatosInvalidos, match=frase):
        empezar(sesion, carpeta, autor, peso, nombre)


def test_nadie_deja_cientos_a_medias(sesion, carpeta, autor):
    for _ in range(subidas.ABIERTAS_MAXIMAS):
        empezar(sesion, carpeta, autor)
    with pytest.raises(DatosInvalidos, match="a medias"):
        empezar(sesion, carpeta, autor)


def test_lo_que_nadie_continua_se_borra(sesion, carpeta, autor):
    vieja = empezar(sesion, carpeta, autor)
    huerfana = carpeta / ("f" * 32 + ".parte")
    huerfana.write_bytes(b"x")
    for ruta in (huerfana, subidas.archivo_de(carpeta, vieja.llave)):
        os.utime(ruta, (0, 0))
    llave = vieja.llave
    despues = AHORA + subidas.VIGENCIA + timedelta(minutes=1)
    assert subidas.limpiar_vencidas(sesion, carpeta, ahora=despues) == 1
    assert list(carpeta.iterdir()) == []
    with pytest.raises(NoEncontrada):
        subidas.abierta(sesion, llave, por=autor.id)
