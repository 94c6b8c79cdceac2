"""El segundo factor: sellado, cada código una vez, un paso de margen y códigos de recuperación."""

import base64
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from cola.credenciales import Caja, CredencialIlegible
from piezas import segundo_factor as factor
from piezas.errores import DatosInvalidos
from piezas.personas import Papel
from tests.fabricas import AHORA, una_persona

CAJA = Caja((base64.urlsafe_b64encode(b"k" * 32),))
PASO = timedelta(seconds=30)


@pytest.fixture
def secreto():
    return factor.nuevo_secreto()


@pytest.fixture
def persona(sesion, secreto):
    quien = una_persona(sesion, Papel.JEFATURA)
    codigo = pyotp.TOTP(secreto).at(AHORA)
    quien.codigos = factor.activar(sesion, quien, secreto, codigo, cofre=CAJA, ahora=AHORA)
    sesion.flush()
    return quien


def acepta(sesion, persona, codigo, ahora):
    return factor.acepta(sesion, persona, codigo, cofre=CAJA, ahora=ahora)


def test_un_codigo_que_no_es_no_lo_activa(sesion, secreto):
    quien = una_persona(sesion, Papel.JEFATURA)
    bueno = pyotp.TOTP(secreto).at(AHORA)
    malo = f"{(int(bueno) + 1) % 1_000_000:06d}"
    for codigo in (malo, "", "abc", bueno + "0"):
        with pytest.raises(DatosInvalidos):
            factor.activar(sesion, quien, secreto, codigo, cofre=CAJA, ahora=AHORA)
    assert quien.factor is None


def test_el_secreto_se_guarda_sellado_y_atado_a_su_persona(sesion, persona, secreto):
    assert secreto not in persona.factor
    otra = una_persona(sesion, Papel.COMMUNITY)
    otra.factor = persona.factor
    sesion.flush()
    with pytest.raises(CredencialIlegible):
        acepta(sesion, otra, pyotp.TOTP(secreto).at(AHORA), AHORA)


def test_el_codigo_con_que_se_activo_no_sirve_para_entrar(sesion, persona, secreto):
    assert not acepta(sesion, persona, pyotp.TOTP(secreto).at(AHORA), AHORA)


def test_cada_codigo_sirve_una_vez(sesion, persona, secreto):
    luego = AHORA + 2 * PASO
    codigo = pyotp.TOTP(secreto).at(luego)
    assert acepta(sesion, persona, f"{codigo[:3]} {codigo[3:]}", luego)
    assert not acepta(sesion, persona, codigo, luego)
    anterior = pyotp.TOTP(secreto).at(luego - PASO)
    assert not acepta(sesion, persona, anterior, luego)


@pytest.mark.parametrize(
    ("pasos", "vale"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_el_reloj_puede_estar_corrido_un_paso_y_no_mas(sesion, persona, secreto, pasos, vale):
    luego = AHORA + 10 * PASO
    codigo = pyotp.TOTP(secreto).at(luego + pasos * PASO)
    assert acepta(sesion, persona, codigo, luego) is vale


def test_un_codigo_de_recuperacion_sirve_una_vez_y_la_cuenta_baja(sesion, persona):
    codigos = persona.codigos
    assert len(set(codigos)) == factor.cuantos_quedan(sesion, persona.id) == 10
    assert acepta(sesion, persona, codigos[0].lower().replace("-", " "), AHORA)
    assert not acepta(sesion, persona, codigos[0], AHORA)
    assert factor.cuantos_quedan(sesion, persona.id) == 9


def test_los_codigos_de_recuperacion_se_guardan_resumidos(sesion, persona):
    guardados = " ".join(sesion.scalars(select(factor.CodigoRecuperacion.resumen)))
    assert not any(codigo.replace("-", "") in guardados for codigo in persona.codigos)


def test_los_codigos_nuevos_reemplazan_a_los_viejos(sesion, persona):
    nuevos = factor.renovar_recuperacion(sesion, persona, ahora=AHORA)
    assert not acepta(sesion, persona, persona.codigos[1], AHORA)
    assert acepta(sesion, persona, nuevos[1], AHORA)


def test_quitarlo_deja_sin_valor_sus_codigos(sesion, persona):
    factor.quitar(sesion, persona, ahora=AHORA, quien=persona.correo, por=persona.id)
    assert not acepta(sesion, persona, persona.codigos[0], AHORA)
    assert factor.cuantos_quedan(sesion, persona.id) == 0


def test_lo_necesita_quien_aprueba_maneja_cuentas_o_administra():
    con = {papel for papel in Papel if factor.lo_necesita(frozenset({papel}))}
    assert con == {Papel.JEFATURA, Papel.COMMUNITY, Papel.ADMINISTRACION}
