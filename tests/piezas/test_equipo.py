"""El equipo: invitar, cambiar papeles y desactivar sin dejar la oficina sin quien la administre."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from piezas import equipo
from piezas.bitacora import Anotacion, asentar
from piezas.enlaces_personales import ClaseEnlace, EnlacePersonal, abrir, dar, poner_clave
from piezas.errores import DatosInvalidos, EnlaceNoSirve, EstadoNoPermite, SinPermisoPara
from piezas.personas import Papel
from piezas.usuarios import autenticar
from tests.fabricas import AHORA, una_persona

CLAVE = "una frase larga y propia"
OTRA = "otra frase igual de larga"


@pytest.fixture
def admin(sesion):
    return una_persona(sesion, Papel.ADMINISTRACION)


def invitar(sesion, por, *papeles, correo="ana@prensa.example"):
    return equipo.invitar(
        sesion, correo=correo, nombre="Ana", papeles=papeles or [Papel.REDACCION], por=por.id,
        ahora=AHORA,
    )  # fmt: skip


def test_quien_acepta_su_invitacion_pone_la_clave_y_entra(sesion, admin):
    persona, secreto = invitar(sesion, admin)
    assert persona.esta_invitada
    assert autenticar(sesion, persona.correo, "") is None
    poner_clave(sesion, secreto, ClaseEnlace.INVITACION, CLAVE, ahora=AHORA)
    assert autenticar(sesion, persona.correo, CLAVE) is persona


def test_del_enlace_solo_se_guarda_su_resumen(sesion, admin):
    _, secreto = invitar(sesion, admin)
    sesion.flush()
    fila = sesion.scalars(select(EnlacePersonal)).one()
    assert secreto not in fila.resumen
    assert len(secreto) >= 43


@pytest.mark.parametrize(
    ("clase", "dura"),
    [(ClaseEnlace.INVITACION, timedelta(hours=72)), (ClaseEnlace.OLVIDO, timedelta(minutes=30))],
)
def test_un_enlace_vence_a_su_hora(sesion, admin, clase, dura):
    secreto = dar(sesion, admin, clase, ahora=AHORA)
    casi = AHORA + dura - timedelta(seconds=1)
    assert abrir(sesion, secreto, clase, ahora=casi) is admin
    with pytest.raises(EnlaceNoSirve):
        abrir(sesion, secreto, clase, ahora=AHORA + dura)


def test_un_enlace_sirve_una_vez_y_el_nuevo_reemplaza_al_viejo(sesion, admin):
    persona, primero = invitar(sesion, admin)
    _, _, segundo = equipo.enlace_nuevo(sesion, persona.id, por=admin.id, ahora=AHORA)
    with pytest.raises(EnlaceNoSirve):
        poner_clave(sesion, primero, ClaseEnlace.INVITACION, CLAVE, ahora=AHORA)
    poner_clave(sesion, segundo, ClaseEnlace.INVITACION, CLAVE, ahora=AHORA)
    with pytest.raises(EnlaceNoSirve):
        poner_clave(sesion, segundo, ClaseEnlace.INVITACION, OTRA, ahora=AHORA)
    assert autenticar(sesion, persona.correo, CLAVE) is persona


def test_un_enlace_de_invitacion_no_sirve_para_restablecer(sesion, admin):
    secreto = dar(sesion, admin, ClaseEnlace.INVITACION, ahora=AHORA)
    with pytest.raises(EnlaceNoSirve):
        abrir(sesion, secreto, ClaseEnlace.OLVIDO, ahora=AHORA)


def test_una_clave_mala_no_gasta_el_enlace(sesion, admin):
    _, secreto = invitar(sesion, admin)
    for mala in ("corta", "Bucaramanga2026", "x" * 129):
        with pytest.raises(DatosInvalidos):
            poner_clave(sesion, secreto, ClaseEnlace.INVITACION, mala, ahora=AHORA)
    poner_clave(sesion, secreto, ClaseEnlace.INVITACION, CLAVE, ahora=AHORA)


def test_desactivar_mata_los_enlaces(sesion, admin):
    persona, secreto = invitar(sesion, admin)
    equipo.desactivar(sesion, persona.id, por=admin.id, ahora=AHORA)
    equipo.reactivar(sesion, persona.id, por=admin.id, ahora=AHORA)
    with pytest.raises(EnlaceNoSirve):
        abrir(sesion, secreto, ClaseEnlace.INVITACION, ahora=AHORA)


def test_nadie_cambia_sus_papeles_ni_se_desactiva(sesion, admin):
    una_persona(sesion, Papel.ADMINISTRACION)
    with pytest.raises(SinPermisoPara, match="sus propios papeles"):
        equipo.cambiar_papeles(sesion, admin.id, [Papel.JEFATURA], por=admin.id, ahora=AHORA)
    with pytest.raises(SinPermisoPara, match="a sí mismo"):
        equipo.desactivar(sesion, admin.id, por=admin.id, ahora=AHORA)


def test_la_jefatura_no_se_hace_otra_mano_para_aprobar_lo_suyo(sesion, admin, jefe):
    otra = una_persona(sesion, Papel.JEFATURA)
    with pytest.raises(SinPermisoPara, match="quien administra"):
        invitar(sesion, jefe, Papel.JEFATURA, correo="falsa@prensa.example")
    for hacer in (equipo.enlace_nuevo, equipo.persona_a_cargo):
        with pytest.raises(SinPermisoPara, match="quien administra"):
            hacer(sesion, otra.id, por=jefe.id, **_ahora_si_lo_pide(hacer))


def _ahora_si_lo_pide(hacer):
    return {} if hacer is equipo.persona_a_cargo else {"ahora": AHORA}


def test_la_jefatura_invita_pero_no_da_ni_toca_la_administracion(sesion, admin, jefe):
    persona, _ = invitar(sesion, jefe)
    with pytest.raises(SinPermisoPara, match="quien administra"):
        invitar(sesion, jefe, Papel.ADMINISTRACION, correo="otra@prensa.example")
    with pytest.raises(SinPermisoPara, match="quien administra"):
        equipo.cambiar_papeles(sesion, persona.id, [Papel.ADMINISTRACION], por=jefe.id, ahora=AHORA)
    for hacer in (equipo.desactivar, equipo.enlace_nuevo):
        with pytest.raises(SinPermisoPara, match="quien administra"):
            hacer(sesion, admin.id, por=jefe.id, ahora=AHORA)


def test_la_ultima_persona_que_administra_no_se_pierde(sesion, admin):
    # Quien fue invitada y no ha entrado todavía no cuenta: nadie sabe si llegará.
    invitada, _ = invitar(sesion, admin, Papel.ADMINISTRACION)
    for hacer in (
        lambda: equipo.desactivar(sesion, admin.id, por=invitada.id, ahora=AHORA),
        lambda: equipo.cambiar_papeles(
            sesion, admin.id, [Papel.CONSULTA], por=invitada.id, ahora=AHORA
        ),
    ):
        with pytest.raises(EstadoNoPermite, match="última persona que administra"):
            hacer()
    otra = una_persona(sesion, Papel.ADMINISTRACION)
    assert not equipo.desactivar(sesion, otra.id, por=admin.id, ahora=AHORA).activa
    assert equipo.reactivar(sesion, otra.id, por=admin.id, ahora=AHORA).activa
    assert equipo.cambiar_papeles(sesion, otra.id, [Papel.DISENO], por=admin.id, ahora=AHORA)


def test_quien_redacta_no_maneja_personas(sesion, admin):
    redacta = una_persona(sesion, Papel.REDACCION)
    with pytest.raises(SinPermisoPara):
        invitar(sesion, redacta)
    with pytest.raises(SinPermisoPara):
        equipo.desactivar(sesion, admin.id, por=redacta.id, ahora=AHORA)


def test_cada_cambio_queda_en_la_bitacora_con_lo_de_antes_y_lo_de_despues(sesion, admin):
    persona, _ = invitar(sesion, admin)
    nuevos = [Papel.COMMUNITY, Papel.DISENO]
    assert equipo.cambiar_papeles(sesion, persona.id, nuevos, por=admin.id, ahora=AHORA)
    assert not equipo.cambiar_papeles(sesion, persona.id, nuevos, por=admin.id, ahora=AHORA)
    asentar(sesion)
    hechos = sesion.execute(
        select(Anotacion.accion, Anotacion.quien, Anotacion.de, Anotacion.a).order_by(Anotacion.id)
    ).all()
    assert [tuple(hecho) for hecho in hechos] == [
        ("invitar persona", admin.correo, None, "redaccion"),
        ("cambiar papeles", admin.correo, "redaccion", "community, diseno"),
    ]


def test_cambiar_la_clave_pide_la_de_ahora(sesion, admin):
    persona, secreto = invitar(sesion, admin)
    poner_clave(sesion, secreto, ClaseEnlace.INVITACION, CLAVE, ahora=AHORA)
    for actual, nueva, frase in (
        ("no es esta", OTRA, "actual no es esa"),
        (CLAVE, CLAVE, "la misma"),
        (CLAVE, "corta", "al menos 12"),
    ):
        with pytest.raises(DatosInvalidos, match=frase):
            equipo.cambiar_clave(sesion, persona, actual=actual, nueva=nueva, ahora=AHORA)
    equipo.cambiar_clave(sesion, persona, actual=CLAVE, nueva=OTRA, ahora=AHORA)
    assert autenticar(sesion, persona.correo, OTRA) is persona
