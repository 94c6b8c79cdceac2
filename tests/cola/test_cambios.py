"""Editar, cancelar o perder la aprobación: lo que cambió después de aprobado no sale."""

import pytest
from sqlalchemy import update

from cola.avisos import ClaseAviso
from cola.cuentas import Cuenta
from cola.edicion import editar
from cola.errores import NoSePuede
from cola.estados import Causa, Estado
from cola.programacion import aprobar_y_programar, cancelar
from cola.publicaciones import Publicacion
from cola.salidas import Puerta
from piezas.aprobacion import pedir_revision
from piezas.versiones import EstadoPieza, Pieza
from tests import fabricas


def editar_texto(escena, publicacion_id: int, texto: str) -> int:
    with escena.sesiones.begin() as sesion:
        fila = sesion.get_one(Publicacion, publicacion_id)
        cuenta = sesion.get_one(Cuenta, fila.cuenta_id)
        borrador = fabricas.un_borrador(cuenta, texto=texto, programada_para=fila.programada_para)
        editar(sesion, fila.pieza_id, borrador, por=escena.autor_id, ahora=escena.ahora)
        return fila.pieza_id


def test_editar_lo_aprobado_detiene_y_la_nueva_aprobacion_lo_reemplaza(escena):
    (una,) = escena.aprobada(escena.cuenta())
    pieza = editar_texto(escena, una, "Otro texto")
    fila = escena.fila(una)
    assert (fila.estado, fila.causa) == (Estado.DETENIDA, Causa.CAMBIO)
    with escena.sesiones.begin() as sesion:
        if sesion.get_one(Pieza, pieza).estado.value != "en_revision":
            pedir_revision(sesion, pieza, por=escena.autor_id, ahora=escena.ahora)
        (nueva,) = aprobar_y_programar(
            sesion,
            pieza,
            por=escena.jefe_id,
            ahora=escena.ahora,
            sello=escena.sello,
            almacen=escena.almacen,
            tolerancia=escena.reglas.tolerancia,
        )
        nueva_id = nueva.id
    assert escena.estado(una) == "cancelada"
    assert [toma.id for toma in escena.tomar()] == [nueva_id]
    assert "Otro texto" in escena.fila(nueva_id).sobre


def test_editar_mientras_sale_se_niega(escena):
    (una,) = escena.aprobada(escena.cuenta())
    escena.tomar()
    with pytest.raises(NoSePuede, match="saliendo ahora"):
        editar_texto(escena, una, "Otro")


def test_si_la_pieza_cambia_por_fuera_la_ultima_puerta_no_deja_pasar(escena):
    (una,) = escena.aprobada(escena.cuenta())
    (toma,) = escena.tomar()
    with escena.sesiones.begin() as sesion:
        pieza = sesion.get_one(Pieza, escena.fila(una).pieza_id)
        pieza.version_vigente_id = None
    assert escena.salir(toma) is Puerta.CERRADA
    assert escena.fila(una).causa is Causa.APROBACION


def test_un_sobre_cambiado_en_la_base_no_sale(escena):
    (una,) = escena.aprobada(escena.cuenta())
    with escena.sesiones.begin() as sesion:
        sesion.execute(
            update(Publicacion).where(Publicacion.id == una).values(sobre="{}", huella_sobre="0")
        )
    (toma,) = escena.tomar()
    assert escena.salir(toma) is Puerta.CERRADA
    assert escena.estado(una) == "detenida"


def test_cancelar_pide_motivo_y_no_toca_lo_que_ya_sale(escena):
    (una,) = escena.aprobada(escena.cuenta())
    quien = {"quien": "c@x", "persona_id": None, "ahora": escena.ahora}
    with escena.sesiones.begin() as sesion, pytest.raises(NoSePuede, match="motivo"):
        cancelar(sesion, una, motivo=" ", **quien)
    (toma,) = escena.tomar()
    escena.salir(toma)
    with escena.sesiones.begin() as sesion, pytest.raises(NoSePuede, match="ya no se cancela"):
        cancelar(sesion, una, motivo="no va", **quien)


def test_cancelar_una_tomada_gana_y_el_obrero_pierde_su_turno(escena):
    (una,) = escena.aprobada(escena.cuenta())
    (toma,) = escena.tomar()
    with escena.sesiones.begin() as sesion:
        cancelar(sesion, una, motivo="no va", quien="c", persona_id=None, ahora=escena.ahora)
    assert escena.salir(toma) is Puerta.PERDIDA
    assert escena.estado(una) == "cancelada"


def test_lo_que_pierde_su_aprobacion_en_la_ultima_puerta_se_avisa(escena):
    (una,) = escena.aprobada(escena.cuenta(alias="una"))
    (toma,) = escena.tomar()
    with escena.sesiones.begin() as sesion:
        pieza = sesion.get_one(Pieza, escena.fila(una).pieza_id)
        pieza.estado = EstadoPieza.EN_REVISION
    assert escena.salir(toma) is Puerta.CERRADA
    ((clase, texto),) = escena.avisos()
    assert clase is ClaseAviso.DETENIDA
    assert texto.startswith("una: La pieza cambió o perdió su aprobación.")
