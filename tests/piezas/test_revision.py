"""Pasar a revisión, devolver y revisar: solo llega a aprobarse lo que cabe en cada red."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from conectores.contrato import Red
from piezas.aprobacion import aprobar, devolver, marcar_revisada, pedir_revision
from piezas.errores import CuatroOjos, DatosInvalidos, NoCabe
from piezas.personas import Papel
from piezas.redaccion import MedioElegido, crear_pieza, guardar_version
from piezas.versiones import EstadoPieza, Sobre
from tests.fabricas import AHORA, un_borrador, un_medio, una_cuenta, una_persona, una_pieza


def test_una_imagen_sin_texto_alternativo_no_pasa_a_revision(sesion, almacen):
    autor, cuenta = una_persona(sesion), una_cuenta(sesion, alias="pagina")
    medio = un_medio(sesion, almacen, autor)
    elegido = MedioElegido(medio_id=medio.id, texto_alternativo="  ")
    pieza = una_pieza(sesion, cuenta, por=autor, medios=())
    guardar_version(
        sesion,
        pieza.id,
        replace(un_borrador(cuenta), medios=(elegido,)),
        por=autor.id,
        ahora=AHORA,
    )
    with pytest.raises(NoCabe) as error:
        pedir_revision(sesion, pieza.id, por=autor.id, ahora=AHORA)
    (frase,) = error.value.mensajes
    assert "«pagina» (Facebook)" in frase
    assert "texto alternativo" in frase
    assert pieza.estado is EstadoPieza.BORRADOR


def test_lo_que_no_cabe_en_x_se_dice_con_cuenta_y_cifras(sesion):
    cuenta = una_cuenta(sesion, Red.X, alias="trino")
    pieza = una_pieza(sesion, cuenta, texto="palabra " * 40)
    with pytest.raises(NoCabe) as error:
        pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    assert "«trino» (X)" in error.value.mensajes[0]
    assert "sobran" in error.value.mensajes[0]


def test_una_edicion_en_revision_que_no_cabe_tampoco_se_aprueba(sesion, jefe, sello, almacen):
    cuenta = una_cuenta(sesion, Red.X)
    pieza = una_pieza(sesion, cuenta)
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    largo = un_borrador(cuenta, texto="palabra " * 40)
    guardar_version(sesion, pieza.id, largo, por=pieza.autor_id, ahora=AHORA)
    with pytest.raises(NoCabe):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)
    assert sesion.scalar(select(func.count()).select_from(Sobre)) == 0


def test_sin_cuentas_o_sin_texto_no_hay_revision(sesion):
    autor = una_persona(sesion)
    sin_cuentas = crear_pieza(sesion, un_borrador(), por=autor.id, ahora=AHORA)
    with pytest.raises(NoCabe, match="al menos una cuenta"):
        pedir_revision(sesion, sin_cuentas.id, por=autor.id, ahora=AHORA)
    sin_texto = una_pieza(sesion, una_cuenta(sesion), texto="", texto_x="Solo para X")
    with pytest.raises(NoCabe):
        pedir_revision(sesion, sin_texto.id, por=autor.id, ahora=AHORA)


def test_devolver_pide_un_motivo_util_y_lo_deja_en_la_pieza(sesion, jefe):
    pieza = una_pieza(sesion)
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    with pytest.raises(DatosInvalidos):
        devolver(sesion, pieza.id, motivo="  corto   ", por=jefe.id, ahora=AHORA)
    devolver(sesion, pieza.id, motivo="Falta la fuente de la cifra.", por=jefe.id, ahora=AHORA)
    assert pieza.estado is EstadoPieza.DEVUELTA
    assert pieza.motivo == "Falta la fuente de la cifra."
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    assert pieza.motivo is None


def test_quien_edito_no_la_da_por_revisada(sesion):
    persona = una_persona(sesion, Papel.REDACCION, Papel.REVISION)
    pieza = una_pieza(sesion, por=persona)
    pedir_revision(sesion, pieza.id, por=persona.id, ahora=AHORA)
    with pytest.raises(CuatroOjos):
        marcar_revisada(sesion, pieza.id, por=persona.id, ahora=AHORA)
    otra = una_persona(sesion, Papel.REVISION)
    marcar_revisada(sesion, pieza.id, por=otra.id, ahora=AHORA)
    assert pieza.estado is EstadoPieza.REVISADA
