"""La aprobación vale mientras nadie toque lo aprobado, ni por el programa ni en la base."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select, text

from piezas.aprobacion import aprobacion_vigente, cancelar_pieza, vigentes
from piezas.errores import EstadoNoPermite, SinPermisoPara
from piezas.firmas import Sello
from piezas.personas import Papel
from piezas.redaccion import cambiar_momento, guardar_version
from piezas.versiones import Aprobacion, Decision, EstadoPieza
from tests.fabricas import (
    AHORA,
    un_borrador,
    una_cuenta,
    una_persona,
    una_pieza,
    una_pieza_aprobada,
)


def test_editar_lo_aprobado_anula_y_vuelve_a_revision(sesion, sello, almacen):
    cuenta = una_cuenta(sesion)
    pieza, _ = una_pieza_aprobada(sesion, cuenta, sello=sello, almacen=almacen)
    vieja = pieza.version_vigente_id
    otra = una_persona(sesion)
    nueva = guardar_version(
        sesion, pieza.id, un_borrador(cuenta, texto="Con un cambio."), por=otra.id, ahora=AHORA
    )
    assert pieza.estado is EstadoPieza.EN_REVISION
    assert vigentes(sesion, [vieja, nueva.id], sello) == set()
    decisiones = sesion.scalars(
        select(Aprobacion.decision).where(Aprobacion.version_id == vieja).order_by(Aprobacion.id)
    ).all()
    assert decisiones == [Decision.ENVIADA, Decision.APROBADA, Decision.ANULADA]


def test_cambiar_solo_la_hora_conserva_la_aprobacion(sesion, sello, almacen):
    cuenta = una_cuenta(sesion)
    pieza, _ = una_pieza_aprobada(sesion, cuenta, sello=sello, almacen=almacen)
    community = una_persona(sesion, Papel.COMMUNITY)
    despues = AHORA + timedelta(days=1)
    borrador = un_borrador(cuenta, programada_para=despues)
    igual = guardar_version(sesion, pieza.id, borrador, por=community.id, ahora=AHORA)
    assert igual.id == pieza.version_vigente_id
    assert pieza.momentos[0].programada_para == despues
    assert aprobacion_vigente(sesion, igual.id, sello)


def test_quien_redacta_no_mueve_la_hora_de_lo_aprobado(sesion, sello, almacen):
    cuenta = una_cuenta(sesion)
    pieza, _ = una_pieza_aprobada(sesion, cuenta, sello=sello, almacen=almacen)
    with pytest.raises(SinPermisoPara):
        cambiar_momento(sesion, pieza.id, cuenta.id, AHORA, por=pieza.autor_id, ahora=AHORA)


def test_una_fila_de_aprobacion_escrita_a_mano_no_vale(sesion, jefe, sello):
    pieza = una_pieza(sesion)
    pieza.estado = EstadoPieza.APROBADA
    sesion.add(
        Aprobacion(
            version_id=pieza.version_vigente_id,
            persona_id=jefe.id,
            decision=Decision.APROBADA,
            en=AHORA,
            firma="a" * 64,
        )
    )
    assert not aprobacion_vigente(sesion, pieza.version_vigente_id, sello)


@pytest.mark.parametrize(
    "orden",
    [
        "UPDATE aprobacion SET persona_id = :otra WHERE decision = 'aprobada'",
        "UPDATE aprobacion SET en = '2026-12-01 12:00:01.000000' WHERE decision = 'aprobada'",
        "UPDATE sobre SET huella = 'x'",
        "UPDATE sobre SET cuenta_id = :cuenta",
        "DELETE FROM sobre",
        "UPDATE version SET hash_contenido = 'z' || substr(hash_contenido, 2)",
        "UPDATE pieza SET estado = 'en_revision'",
        "UPDATE pieza SET version_vigente_id = NULL",
    ],
)
def test_tocar_la_base_a_mano_tumba_la_aprobacion(sesion, sello, almacen, orden):
    otra, cuenta = una_persona(sesion), una_cuenta(sesion)
    pieza, _ = una_pieza_aprobada(sesion, sello=sello, almacen=almacen)
    version_id = pieza.version_vigente_id
    assert aprobacion_vigente(sesion, version_id, sello)
    valores = {"otra": otra.id, "cuenta": cuenta.id}
    sesion.execute(text(orden), {k: v for k, v in valores.items() if f":{k}" in orden})
    assert not aprobacion_vigente(sesion, version_id, sello)


def test_la_aprobacion_sobrevive_a_la_rotacion_de_claves(sesion, sello, almacen):
    pieza, _ = una_pieza_aprobada(sesion, sello=sello, almacen=almacen)
    rotado = Sello((b"otra-clave-todavia-mas-nueva-123", b"clave-nueva-de-prueba-0123456789"))
    ajeno = Sello((b"una-clave-que-nunca-firmo-nada-1",))
    assert aprobacion_vigente(sesion, pieza.version_vigente_id, rotado)
    assert not aprobacion_vigente(sesion, pieza.version_vigente_id, ajeno)


def test_muchas_versiones_se_preguntan_con_una_sola_consulta(sesion, sello, almacen):
    piezas = [una_pieza_aprobada(sesion, sello=sello, almacen=almacen)[0] for _ in range(3)]
    sin_aprobar = una_pieza(sesion)
    sesion.flush()
    consultas = []
    event.listen(sesion.bind, "before_cursor_execute", lambda *a: consultas.append(a[2]))
    ids = [p.version_vigente_id for p in (*piezas, sin_aprobar)]
    assert vigentes(sesion, ids, sello) == {p.version_vigente_id for p in piezas}
    assert len(consultas) == 1


def test_cancelar_lo_aprobado_lo_deja_sin_vigencia(sesion, jefe, sello, almacen):
    pieza, _ = una_pieza_aprobada(sesion, sello=sello, almacen=almacen)
    with pytest.raises(SinPermisoPara):
        cancelar_pieza(
            sesion, pieza.id, motivo="Ya no hace falta.", por=pieza.autor_id, ahora=AHORA
        )
    cancelar_pieza(sesion, pieza.id, motivo="Ya no hace falta.", por=jefe.id, ahora=AHORA)
    assert pieza.estado is EstadoPieza.CANCELADA
    assert not aprobacion_vigente(sesion, pieza.version_vigente_id, sello)
    with pytest.raises(EstadoNoPermite):
        guardar_version(sesion, pieza.id, un_borrador(una_cuenta(sesion)), por=jefe.id, ahora=AHORA)
