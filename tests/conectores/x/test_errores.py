"""Cada negativa de X, y lo que hay que hacer después."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import requests

from conectores import errores as e
from conectores.x.errores import clasificar

AHORA = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
PROBLEMAS = ("https://api.twitter.com/2/problems/", "https://api.x.com/2/problems/")


def respuesta(estado, cuerpo=None, **cabeceras):
    r = requests.Response()
    r.status_code = estado
    r._content = (cuerpo if isinstance(cuerpo, str) else json.dumps(cuerpo)).encode()
    r.headers.update({k.replace("_", "-"): v for k, v in cabeceras.items()})
    return r


def problema(detalle="", tipo="about:blank", titulo="Forbidden", **mas):
    return {"title": titulo, "detail": detalle, "type": tipo, **mas}


def v1(codigo, mensaje="algo"):
    return {"errors": [{"code": codigo, "message": mensaje}]}


def clase_de(estado, cuerpo, *, publica=True, **cabeceras):
    return type(clasificar(respuesta(estado, cuerpo, **cabeceras), publica=publica, ahora=AHORA))


TABLA = [
    (400, problema("Your media IDs are invalid."), e.MedioPerdido),
    (
        400,
        {
            **problema("One or more parameters…", PROBLEMAS[0] + "invalid-request"),
            "errors": [{"parameters": {}, "message": "Your media IDs are invalid."}],
        },
        e.MedioPerdido,
    ),
    (400, problema("Your Tweet text is too long."), e.ContenidoRechazado),
    (403, problema("Your Tweet text is too long."), e.ContenidoRechazado),
    (400, problema("mal", PROBLEMAS[1] + "invalid-request"), e.ContenidoRechazado),
    (401, problema("Unauthorized", titulo="Unauthorized"), e.SinPermiso),
    (402, problema("sin saldo", PROBLEMAS[1] + "credits"), e.SinSaldo),
    (402, "no json", e.SinSaldo),
    (403, problema("x", PROBLEMAS[0] + "credits", "CreditsDepleted"), e.SinSaldo),
    (
        403,
        problema("You are not allowed to create a Tweet with duplicate content."),
        e.PosibleDuplicado,
    ),
    (403, problema("…DUPLICATE Content…"), e.PosibleDuplicado),
    (403, problema("x", PROBLEMAS[0] + "oauth1-permissions"), e.SinPermiso),
    (403, problema("x", PROBLEMAS[1] + "oauth1-permissions"), e.SinPermiso),
    (
        403,
        problema("x", PROBLEMAS[1] + "client-forbidden", reason="client-not-enrolled"),
        e.MalConfigurada,
    ),
    (403, problema("x", PROBLEMAS[1] + "unsupported-authentication"), e.MalConfigurada),
    (403, problema("Reply to this conversation is not allowed"), e.ContenidoRechazado),
    (403, problema("That Tweet is deleted or not visible"), e.ContenidoRechazado),
    (403, problema("maximum of one cashtag"), e.ContenidoRechazado),
    (403, problema("invalid URL"), e.ContenidoRechazado),
    (403, problema("video longer than 2 minutes"), e.ContenidoRechazado),
    (403, problema("x", PROBLEMAS[1] + "user-suspended"), e.CuentaBloqueada),
    (403, problema("You are not permitted to perform this action."), e.ContenidoRechazado),
    (403, problema("algo que nunca vimos"), e.ContenidoRechazado),
    (404, problema("x", PROBLEMAS[0] + "resource-not-found"), e.YaNoEsta),
    (404, problema("otra cosa"), e.MalConfigurada),
    (404, "<html>no está</html>", e.MalConfigurada),
    (413, "", e.ContenidoRechazado),
    (429, problema("Too Many Requests"), e.LimiteAlcanzado),
    (429, problema("x", PROBLEMAS[1] + "usage-capped", "UsageCapExceeded"), e.LimiteAlcanzado),
    (302, "", e.MalConfigurada),
    (307, "<html></html>", e.MalConfigurada),
    (400, "<html>intermediario</html>", e.Pasajero),
    (403, "<html>intermediario</html>", e.Pasajero),
    (409, problema("conflicto"), e.ContenidoRechazado),
    (422, problema("imposible"), e.ContenidoRechazado),
    (200, "no json", e.SinRespuesta),
    # Códigos de la v1.1 que aún llegan.
    (401, v1(32), e.SinPermiso),
    (403, v1(64), e.CuentaBloqueada),
    (429, v1(88), e.LimiteAlcanzado),
    (401, v1(89), e.SinPermiso),
    (403, v1(89), e.SinPermiso),
    (401, v1(135), e.SinPermiso),
    (403, v1(185), e.LimiteAlcanzado),
    (403, v1(186), e.ContenidoRechazado),
    (403, v1(187), e.PosibleDuplicado),
    (400, v1(215), e.SinPermiso),
    (403, v1(226), e.CuentaBloqueada),
    (403, v1(261), e.SinPermiso),
    (400, v1(323), e.ContenidoRechazado),
    (400, v1(324), e.MedioPerdido),
    (400, v1(325), e.MedioPerdido),
    (403, v1(326), e.CuentaBloqueada),
    (403, v1(385), e.ContenidoRechazado),
    (403, v1(386), e.ContenidoRechazado),
    (400, v1(407), e.ContenidoRechazado),
    (403, v1(453), e.MalConfigurada),
]


@pytest.mark.parametrize(("estado", "cuerpo", "clase"), TABLA)
@pytest.mark.parametrize("publica", [True, False])
def test_cada_negativa_tiene_su_clase(estado, cuerpo, clase, publica):
    assert clase_de(estado, cuerpo, publica=publica) is clase


@pytest.mark.parametrize("estado", [500, 502, 503, 504, 599, 408])
@pytest.mark.parametrize("cuerpo", [problema("x"), "<html>502</html>", "", v1(130)])
def test_una_falla_de_x_es_duda_al_publicar_y_pasajera_al_leer(estado, cuerpo):
    assert clase_de(estado, cuerpo, publica=True) is e.SinRespuesta
    assert clase_de(estado, cuerpo, publica=False) is e.Pasajero


@pytest.mark.parametrize("cuerpo", [[], None, {"errors": None}, {"errors": 3}, {"errors": ["a"]}])
def test_los_cuerpos_raros_no_rompen_la_lectura(cuerpo):
    assert issubclass(clase_de(403, cuerpo), e.ErrorDeConector)


def hasta(**cabeceras):
    error = clasificar(respuesta(429, problema("x"), **cabeceras), publica=True, ahora=AHORA)
    assert isinstance(error, e.LimiteAlcanzado)
    assert error.hasta is not None
    return error.hasta - AHORA


def en(**cuanto):
    return str(int((AHORA + timedelta(**cuanto)).timestamp()))


def test_el_limite_dice_cuando_volver():
    assert hasta(x_rate_limit_reset=en(minutes=7)) == timedelta(minutes=7)
    assert hasta() == timedelta(minutes=15)
    assert hasta(retry_after="5") == timedelta(seconds=5)
    assert hasta(x_rate_limit_reset="pronto") == timedelta(minutes=15)
    assert hasta(x_rate_limit_reset="9" * 30) == timedelta(minutes=15)


def test_la_cuota_de_24_horas_agotada_manda_sobre_la_de_15_minutos():
    quince = {"x_rate_limit_remaining": "97", "x_rate_limit_reset": en(minutes=10)}
    usuario = {
        "x_user_limit_24hour_remaining": "0",
        "x_user_limit_24hour_reset": en(hours=9),
    }
    con_saldo = {
        "x_app_limit_24hour_remaining": "3",
        "x_app_limit_24hour_reset": en(hours=20),
    }
    assert hasta(**quince, **usuario, **con_saldo) == timedelta(hours=9)
    assert hasta(**quince, **con_saldo) == timedelta(minutes=10)


def test_el_limite_nunca_es_de_menos_de_un_minuto_ni_de_mas_de_un_dia():
    assert hasta(x_rate_limit_reset=en(seconds=-300)) == timedelta(seconds=60)
    assert hasta(x_rate_limit_reset=en(days=30)) == timedelta(hours=24)
    assert hasta(retry_after="999999") == timedelta(hours=24)


def test_el_tope_del_mes_se_dice_distinto_del_limite_de_llamadas():
    error = clasificar(
        respuesta(429, problema("x", PROBLEMAS[1] + "usage-capped")), publica=True, ahora=AHORA
    )
    assert isinstance(error, e.LimiteAlcanzado)
    assert "tope de consumo" in error.mensaje
    assert error.hasta == AHORA + timedelta(hours=24)


def test_el_reloj_desajustado_se_dice_por_su_nombre():
    error = clasificar(respuesta(401, v1(135)), publica=False, ahora=AHORA)
    assert "reloj" in error.mensaje
