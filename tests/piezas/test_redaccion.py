"""Las versiones no cambian: se agrega otra, y lo que cuenta como cambio es lo que sale."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from conectores.contrato import Red, Web
from piezas.campanias import Campania
from piezas.errores import DatosInvalidos, NoEncontrada, SinPermisoPara
from piezas.personas import Papel
from piezas.redaccion import (
    Borrador,
    MedioElegido,
    cambiar_momento,
    crear_pieza,
    guardar_version,
)
from piezas.versiones import EstadoPieza, Version
from tests.fabricas import (
    AHORA,
    bytes_de_imagen,
    un_borrador,
    un_destino,
    un_medio,
    una_cuenta,
    una_persona,
    una_pieza,
)


@pytest.mark.parametrize(
    "cambio",
    [
        {"titulo": "Otro"},
        {"texto": "Otro"},
        {"texto_facebook": "Otro"},
        {"texto_x": "Otro"},
        {"texto_wordpress": "Otro"},
        {"enlace": "https://alcaldia.example/otro"},
        {"etiquetas": ("#Otra",)},
        {"primer_comentario": "Otro"},
        {"en_hilo": True},
        {"web": Web(extracto="Otro")},
    ],
)
def test_cambiar_cualquier_cosa_que_sale_hace_otra_version(sesion, cambio):
    cuenta = una_cuenta(sesion)
    pieza = una_pieza(sesion, cuenta)
    primera = pieza.version
    hash_viejo = primera.hash_contenido
    nueva = guardar_version(
        sesion, pieza.id, un_borrador(cuenta, **cambio), por=pieza.autor_id, ahora=AHORA
    )
    assert nueva.numero == 2
    assert nueva.hash_contenido != hash_viejo
    assert primera.hash_contenido == hash_viejo
    assert pieza.version is nueva
    assert pieza.titulo == nueva.titulo


def test_cambiar_imagenes_su_orden_su_descripcion_o_las_cuentas_hace_otra_version(sesion, almacen):
    autor, cuenta, otra = una_persona(sesion), una_cuenta(sesion), una_cuenta(sesion, Red.X)
    a = un_medio(sesion, almacen, autor)
    b = un_medio(sesion, almacen, autor, datos=bytes_de_imagen("PNG", (9, 9)))
    pieza = una_pieza(sesion, cuenta, por=autor)
    base = un_borrador(cuenta)
    una, dos = (MedioElegido(medio_id=m.id, texto_alternativo="Algo") for m in (a, b))
    borradores = [
        replace(base, medios=(una, dos)),
        replace(base, medios=(dos, una)),
        replace(base, medios=(dos, replace(una, texto_alternativo="Otra cosa"))),
        replace(base, medios=(dos, replace(una, subtitulos_huella="a" * 64))),
        replace(base, destinos=(*base.destinos, un_destino(otra))),
    ]
    hashes = {
        guardar_version(sesion, pieza.id, b, por=autor.id, ahora=AHORA).hash_contenido
        for b in borradores
    }
    assert len(hashes) == 5
    assert pieza.version.numero == 6


def test_lo_mismo_con_otros_blancos_no_es_otra_version(sesion):
    cuenta = una_cuenta(sesion)
    pieza = una_pieza(sesion, cuenta)
    igual = un_borrador(cuenta)
    con_blancos = replace(igual, texto=f"  {igual.texto}\r\n", titulo=f" {igual.titulo} ")
    guardar_version(sesion, pieza.id, con_blancos, por=pieza.autor_id, ahora=AHORA)
    assert sesion.scalar(select(func.count()).select_from(Version)) == 1


def test_la_campania_la_actividad_y_la_hora_no_son_contenido(sesion):
    cuenta = una_cuenta(sesion)
    pieza = una_pieza(sesion, cuenta, campania="Vacunas al día")
    despues = AHORA + timedelta(hours=3)
    borrador = un_borrador(
        cuenta, campania="VACUNAS AL DÍA", actividad="A6", programada_para=despues
    )
    guardar_version(sesion, pieza.id, borrador, por=pieza.autor_id, ahora=AHORA)
    assert pieza.version.numero == 1
    assert (pieza.actividad, pieza.momentos[0].programada_para) == ("A6", despues)
    assert sesion.scalar(select(func.count()).select_from(Campania)) == 1


def test_quitar_una_cuenta_quita_su_momento(sesion):
    cuentas = (una_cuenta(sesion), una_cuenta(sesion))
    pieza = una_pieza(sesion, *cuentas)
    guardar_version(sesion, pieza.id, un_borrador(cuentas[1]), por=pieza.autor_id, ahora=AHORA)
    assert [m.cuenta_id for m in pieza.momentos] == [cuentas[1].id]


@pytest.mark.parametrize("estado", [EstadoPieza.BORRADOR, EstadoPieza.DEVUELTA])
def test_editar_un_borrador_o_una_devuelta_no_la_envia(sesion, estado):
    cuenta = una_cuenta(sesion)
    pieza = una_pieza(sesion, cuenta)
    pieza.estado = estado
    guardar_version(
        sesion, pieza.id, un_borrador(cuenta, texto="Otro"), por=pieza.autor_id, ahora=AHORA
    )
    assert pieza.estado is estado


def test_editar_una_revisada_la_vuelve_a_revision(sesion):
    cuenta = una_cuenta(sesion)
    pieza = una_pieza(sesion, cuenta)
    pieza.estado = EstadoPieza.REVISADA
    guardar_version(
        sesion, pieza.id, un_borrador(cuenta, texto="Otro"), por=pieza.autor_id, ahora=AHORA
    )
    assert pieza.estado is EstadoPieza.EN_REVISION


@pytest.mark.parametrize(
    ("cambio", "dice"),
    [
        ({"titulo": "  "}, "título"),
        ({"titulo": "x" * 301}, "300"),
        ({"texto": "roto \ud800"}, "rotos"),
        ({"texto": "nulo \x00"}, "invisibles"),
        ({"texto": "x" * 100_001}, "100000"),
        ({"enlace": "ftp://a.example"}, "https://"),
        ({"enlace": "https://[::1"}, "https://"),
        ({"enlace": "https://a.example:999999/"}, "https://"),
        ({"enlace": "https://localhost/"}, "https://"),
        ({"etiquetas": ("#1234",)}, "#1234"),
        ({"actividad": "B1"}, "A16"),
        ({"medios": (MedioElegido(medio_id=99, texto_alternativo="x"),)}, "mediateca"),
    ],
)
def test_lo_que_no_se_puede_guardar_se_dice(sesion, cambio, dice):
    autor, cuenta = una_persona(sesion), una_cuenta(sesion)
    borrador = replace(un_borrador(cuenta), **cambio)
    with pytest.raises(DatosInvalidos, match=dice):
        crear_pieza(sesion, borrador, por=autor.id, ahora=AHORA)


def test_una_hora_sin_zona_o_una_cuenta_repetida_no_se_guardan(sesion):
    autor, cuenta = una_persona(sesion), una_cuenta(sesion)
    sin_zona = un_borrador(cuenta, programada_para=datetime(2026, 12, 1, 7, 0))  # noqa: DTZ001
    with pytest.raises(DatosInvalidos, match="zona"):
        crear_pieza(sesion, sin_zona, por=autor.id, ahora=AHORA)
    with pytest.raises(DatosInvalidos, match="repetida"):
        crear_pieza(sesion, un_borrador(cuenta, cuenta), por=autor.id, ahora=AHORA)


def test_un_borrador_puede_estar_incompleto(sesion):
    autor = una_persona(sesion)
    pieza = crear_pieza(sesion, Borrador(titulo="Idea"), por=autor.id, ahora=AHORA)
    assert (pieza.estado, pieza.version.numero) == (EstadoPieza.BORRADOR, 1)


@pytest.mark.parametrize(
    "papel", [Papel.SOLICITANTE, Papel.REVISION, Papel.CONSULTA, Papel.ADMINISTRACION]
)
def test_quien_no_redacta_no_crea_ni_edita(sesion, papel):
    cuenta, otra = una_cuenta(sesion), una_persona(sesion, papel)
    with pytest.raises(SinPermisoPara):
        crear_pieza(sesion, un_borrador(cuenta), por=otra.id, ahora=AHORA)
    pieza = una_pieza(sesion, cuenta)
    with pytest.raises(SinPermisoPara):
        guardar_version(sesion, pieza.id, un_borrador(cuenta), por=otra.id, ahora=AHORA)


def test_mover_la_hora_de_una_cuenta_ajena_a_la_pieza_no_se_puede(sesion):
    pieza = una_pieza(sesion)
    with pytest.raises(NoEncontrada):
        cambiar_momento(sesion, pieza.id, 999, AHORA, por=pieza.autor_id, ahora=AHORA)
