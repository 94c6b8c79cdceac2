"""Los candados de versiones corresponden a pyproject.toml y no dicen de dónde se bajan."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import publicador

RAIZ = Path(publicador.__file__).parent.parent
PROYECTO = tomllib.loads((RAIZ / "pyproject.toml").read_text(encoding="utf-8"))
APLICACION = [Requirement(r) for r in PROYECTO["project"]["dependencies"]]
PRUEBAS = [Requirement(r) for r in PROYECTO["dependency-groups"]["pruebas"]]


def _candado(nombre: str) -> dict[str, str]:
    texto = (RAIZ / "requirements" / f"{nombre}.lock").read_text(encoding="utf-8")
    return {canonicalize_name(n): v for n, v in re.findall(r"^([\w.-]+)==([^\s;]+)", texto, re.M)}


@pytest.mark.parametrize(
    ("candado", "requisitos"), [("app", APLICACION), ("pruebas", APLICACION + PRUEBAS)]
)
def test_cada_dependencia_esta_fijada_en_una_version_admitida(candado, requisitos):
    fijadas = _candado(candado)
    for requisito in requisitos:
        assert requisito.specifier.contains(fijadas[canonicalize_name(requisito.name)])


def test_las_pruebas_contienen_a_la_aplicacion_con_las_mismas_versiones():
    assert _candado("app").items() <= _candado("pruebas").items()


@pytest.mark.parametrize("candado", ["app", "pruebas", "uv"])
def test_un_candado_verifica_por_huella_y_no_nombra_registros(candado):
    texto = (RAIZ / "requirements" / f"{candado}.lock").read_text(encoding="utf-8")
    assert "://" not in texto
    paquetes = re.split(r"^(?=[\w.-]+==)", texto, flags=re.M)[1:]
    assert paquetes
    assert all("--hash=sha256:" in paquete for paquete in paquetes)
