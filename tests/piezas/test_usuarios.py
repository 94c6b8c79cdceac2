"""Las personas entran con su clave, y cada papel puede lo suyo."""

import pytest

from piezas.errores import DatosInvalidos, NoEncontrada, SinPermisoPara
from piezas.personas import Papel
from piezas.usuarios import autenticar, crear_persona, exigir, persona_por_correo
from tests.fabricas import AHORA, una_persona

CLAVE = "una frase larga y propia"


def _crear(sesion, **cambios):
    campos = {
        "correo": " Ana@Prensa.Example ", "nombre": "Ana", "papeles": [Papel.REDACCION],
        "clave": CLAVE, "ahora": AHORA, **cambios,
    }  # fmt: skip
    return crear_persona(sesion, **campos)


def test_entra_con_su_clave_sin_importar_mayusculas_del_correo(sesion):
    persona = _crear(sesion)
    assert persona.correo == "ana@prensa.example"
    assert persona.clave.startswith("$argon2id$")
    assert autenticar(sesion, "ANA@prensa.example", CLAVE) is persona
    assert autenticar(sesion, "ana@prensa.example", CLAVE + " ") is None
    assert autenticar(sesion, "otra@prensa.example", CLAVE) is None
    persona.activa = False
    assert autenticar(sesion, "ana@prensa.example", CLAVE) is None


def test_un_correo_repetido_no_crea_otra_persona(sesion):
    _crear(sesion)
    with pytest.raises(DatosInvalidos, match="Ya hay una persona"):
        _crear(sesion, correo="ANA@prensa.example")


@pytest.mark.parametrize(
    "clave",
    ["corta", "x" * 129, "Bucaramanga2026", "contraseña1234", "password1234", "aaaaaaaaaaaaaa"],
)
def test_una_clave_corta_desmedida_o_comun_no_se_acepta(sesion, clave):
    with pytest.raises(DatosInvalidos, match="ontraseña"):
        _crear(sesion, clave=clave)


@pytest.mark.parametrize("clave", ["x1y2z3w4v5u6" * 10, "ñandú y ají dulce", "café☕ con pan"])
def test_no_hay_reglas_de_composicion(sesion, clave):
    assert autenticar(sesion, _crear(sesion, clave=clave).correo, clave)


@pytest.mark.parametrize("correo", ["", "ana", "ana@", "@x.co", "a b@x.co", "a@x..co", "a@x.co\n,"])
def test_un_correo_que_no_lo_es_no_se_acepta(sesion, correo):
    with pytest.raises(DatosInvalidos, match="correo"):
        _crear(sesion, correo=correo)


def test_se_dicen_todas_las_fallas_juntas(sesion):
    with pytest.raises(DatosInvalidos) as error:
        _crear(sesion, correo="x", nombre=" ", papeles=[], clave="y")
    assert len(error.value.fallas) == 4


def test_quien_no_existe_se_dice(sesion):
    with pytest.raises(NoEncontrada, match="nadie@"):
        persona_por_correo(sesion, "nadie@prensa.example")


def test_exigir_pide_alguno_de_los_papeles_y_estar_activa(sesion):
    persona = una_persona(sesion, Papel.COMMUNITY, Papel.DISENO)
    exigir(persona, Papel.JEFATURA, Papel.DISENO)
    with pytest.raises(SinPermisoPara, match="jefatura"):
        exigir(persona, Papel.JEFATURA)
    persona.activa = False
    with pytest.raises(SinPermisoPara, match="desactivado"):
        exigir(persona, Papel.DISENO)
