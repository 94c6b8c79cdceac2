"""El registro técnico: JSON por línea, y ningún canario sale de la jaula."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from publicador.registro_eventos import RUIDOSOS, configurar_registro
from publicador.secretos_ocultos import OCULTO, ocultar_texto

CANARIOS = {
    "de Facebook": "EAAGm0PX4ZCpsBAcanario0123456789",
    "de X": "1234567890123-canario0123456789canario0123456789",
    "sello de Fernet": "gAAAAABmcanario0123456789_-canario==",
    "JWT": "eyJhbGciOiJIUzI1NiJ9.eyJjYW5hcmlvIjoxfQ.firmacanario",
    "de WordPress": "Abcd 1234 efgh 5678 IJKL 9012",
}
FRASES = {
    "portador": ("Authorization: Bearer {}", "canarioportador12345"),
    "básica": ("Authorization: Basic {}", "Y2FuYXJpbzpjYW5hcmlv"),
    "firma de X": ('OAuth oauth_token="{}", oauth_nonce="9"', "canariooauth1"),
    "dirección": ("GET /me?access_token={}&fields=id", "canario.en.url"),
    "formulario": ("client_secret={}&grant_type=x", "canarioformulario"),
    "JSON": ('{{"refresh_token": "{}", "n": 1}}', "canario en json"),
    "diccionario": ("{{'contrasena_aplicacion': '{}'}}", "canario dicc"),
    "base de datos": ("postgresql://publicador:{}@servidor/base", "canariobase"),
    "código de permiso": ("/volver?code={}", "canariocodigo123"),
}


@pytest.fixture
def registro() -> Iterator[Callable[[], list[dict[str, object]]]]:
    """Lo registrado hasta ahora, una entrada por línea; al salir todo queda como estaba."""
    raiz = logging.getLogger()
    antes = (raiz.handlers[:], raiz.level)
    niveles = {nombre: logging.getLogger(nombre).level for nombre in RUIDOSOS}
    salida = io.StringIO()
    configurar_registro(salida=salida)
    yield lambda: [json.loads(linea) for linea in salida.getvalue().splitlines()]
    raiz.handlers[:], raiz.level = antes[0], antes[1]
    raiz.setLevel(antes[1])
    for nombre, nivel in niveles.items():
        logging.getLogger(nombre).setLevel(nivel)
    structlog.reset_defaults()


@pytest.mark.parametrize("canario", CANARIOS.values(), ids=CANARIOS)
def test_un_token_reconocible_no_sale_por_ninguna_puerta(registro, canario):
    log = structlog.get_logger("casa")
    log.info("un suceso", detalle=canario, lista=[canario], dentro={"mas": {"hondo": canario}})
    log.warning("en la frase: %s!", canario)
    logging.getLogger("otro").warning("como argumento %s", canario)
    logging.getLogger("otro").warning("como extra", extra={"respuesta": canario.encode()})
    try:
        raise RuntimeError(canario)
    except RuntimeError:
        log.exception("cayó")
        logging.getLogger("otro").exception("cayó")
    lineas = registro()
    assert len(lineas) == 6
    assert canario not in json.dumps(lineas, ensure_ascii=False)
    assert OCULTO in json.dumps(lineas, ensure_ascii=False)


@pytest.mark.parametrize(("frase", "canario"), FRASES.values(), ids=FRASES)
def test_un_secreto_dentro_de_una_frase_se_oculta(frase, canario):
    limpio = ocultar_texto(frase.format(canario))
    assert canario not in limpio
    assert OCULTO in limpio


@pytest.mark.parametrize(
    "nombre",
    [
        "token",
        "token_pagina",
        "access_token",
        "api_key",
        "secreto_app",
        "contrasena_aplicacion",
        "Authorization",
        "cookie",
        "Set-Cookie",
        "credencial",
        "clave",
        "correo_clave",
        "password",
        "oauth_signature",
    ],
)
def test_un_campo_secreto_no_se_escribe_aunque_su_valor_no_lo_parezca(registro, nombre):
    structlog.get_logger("casa").info("x", dentro={nombre: "liso"}, **{nombre: "liso"})
    assert "liso" not in json.dumps(registro())


def test_la_clave_de_un_envio_si_se_ve_porque_hace_falta_para_buscarlo(registro):
    structlog.get_logger("casa").info("sale", clave="pub-0123456789abcdef", ficha=3, url=None)
    (linea,) = registro()
    assert linea["clave"] == "pub-0123456789abcdef"
    assert (linea["ficha"], linea["url"]) == (3, None)


def test_lo_que_no_es_secreto_queda_igual():
    for texto in (
        "La red respondió 500 en 3,2 s",
        "publicacion 14 de la cuenta alcaldia-x",
        'error {"code": 190, "type": "OAuthException"}',
        "https://127.0.0.1:8000/cola/12?estado=en_duda",
        "1234567890123456_9876543210",
    ):
        assert ocultar_texto(texto) == texto


def test_cada_linea_es_json_con_su_momento_y_una_frase_con_tildes(registro):
    structlog.get_logger("casa").warning("La cuenta perdió el permiso\nsegunda línea")
    (linea,) = registro()
    assert linea["suceso"] == "La cuenta perdió el permiso\nsegunda línea"
    assert linea["level"] == "warning"
    assert str(linea["en"]).endswith("Z")


def test_las_bibliotecas_que_escriben_tokens_no_bajan_de_info(registro):
    configurar_registro(nivel=logging.DEBUG, salida=io.StringIO())
    for nombre in RUIDOSOS:
        assert not logging.getLogger(nombre).isEnabledFor(logging.DEBUG)


def test_configurar_dos_veces_no_escribe_doble(registro):
    salida = io.StringIO()
    configurar_registro(salida=salida)
    structlog.get_logger("casa").info("una vez")
    assert len(salida.getvalue().splitlines()) == 1
    assert registro() == []
