"""El documento OpenAPI contra la aplicación: ni un fallo nuestro ni una respuesta sin documentar.

Se prueba con lo que el documento admite y con lo que no, y con dos papeles que pueden cosas
distintas. Los ejemplos están acotados: un recorrido largo se pide con `EJEMPLOS_API`.
"""

import os
from datetime import timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cola.estados import Estado
from panel.api.documento import documento
from piezas.personas import Papel
from tests.panel.sembrado import una_imagen

load_all_checks()
EJEMPLOS = int(os.environ.get("EJEMPLOS_API", "4"))
COMPROBACIONES = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


esquema = schemathesis.openapi.from_dict(documento("0"))


@pytest.fixture
def oficina_llena(panel):
    with panel.oficina() as oficina:
        oficina.en_revision("En espera", imagen=una_imagen())
        for estado in (Estado.PROGRAMADA, Estado.EN_DUDA, Estado.FALLIDA, Estado.PUBLICADA):
            oficina.entrega(f"Entrega {estado}", "x", estado)


ACOTADO = settings(
    max_examples=EJEMPLOS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def comprobar(case, panel, ficha):
    panel.pasan(timedelta(seconds=1))  # para que el tope por minuto no sea lo único que se pruebe
    case.call_and_validate(
        app=panel.app,
        headers={"Authorization": f"Bearer {ficha.secreto}"},
        checks=COMPROBACIONES,
    )


@pytest.fixture
def jefatura(programa, oficina_llena):
    return programa(Papel.JEFATURA)


@pytest.fixture
def consulta(programa, oficina_llena):
    return programa(Papel.CONSULTA)


@esquema.parametrize()
@ACOTADO
def test_a_la_jefatura_le_responde_lo_documentado(case, panel, jefatura):
    comprobar(case, panel, jefatura)


@esquema.parametrize()
@ACOTADO
def test_a_quien_consulta_le_responde_lo_documentado(case, panel, consulta):
    comprobar(case, panel, consulta)
