"""La documentación también se prueba: nombra lo que existe, y lo que enlaza está."""

import re
from pathlib import Path

import pytest

import publicador
from cola.estados import Estado
from conectores.contrato import Red
from publicador.ajustes import PREFIJO, Ajustes

RAIZ = Path(publicador.__file__).parent.parent
DOCS = RAIZ / "docs"
PAGINAS = sorted([*RAIZ.glob("*.md"), *DOCS.rglob("*.md")])


def _leer(ruta: Path) -> str:
    return ruta.read_text(encoding="utf-8")


def test_la_tabla_de_ajustes_dice_exactamente_los_que_existen():
    descritos = set(re.findall(rf"^\| `({PREFIJO}\w+)`", _leer(DOCS / "operacion.md"), re.M))
    assert descritos == {PREFIJO + campo.upper() for campo in Ajustes.model_fields}


def test_los_valores_de_fabrica_de_la_tabla_son_los_del_codigo():
    filas = re.findall(rf"^\| `{PREFIJO}(\w+)` \| ([^|]+) \|", _leer(DOCS / "operacion.md"), re.M)
    for nombre, escrito in filas:
        campo = Ajustes.model_fields[nombre.lower()]
        if isinstance(campo.default, int | float | str) and not isinstance(campo.default, bool):
            visto = escrito.strip().strip("`")
            assert visto == str(campo.default), nombre


def test_la_tabla_de_estados_dice_exactamente_los_que_existen():
    seccion = _leer(DOCS / "operacion.md").split("## Estados de una entrega")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", seccion, re.M)) == {e.value for e in Estado}


def test_el_dibujo_de_los_estados_tiene_exactamente_los_pasos_del_codigo():
    from cola.estados import PASOS

    dibujo = _leer(DOCS / "arquitectura.md").split("```mermaid")[1].split("```")[0]
    dibujados = {
        (Estado(de), Estado(a)) for de, a in re.findall(r"^ +(\w+) --> (\w+)", dibujo, re.M)
    }
    assert dibujados == {(de, a) for de, hacia in PASOS.items() for a in hacia}


@pytest.mark.parametrize("red", [Red.FACEBOOK, Red.X, Red.WORDPRESS])
def test_cada_red_dice_sus_permisos_y_que_se_hace_en_duda(red):
    pagina = _leer(DOCS / "redes" / f"{red.value}.md")
    for titulo in ("## Permisos", "## Conectar", "## En duda"):
        assert titulo in pagina


@pytest.mark.parametrize("pagina", PAGINAS, ids=lambda p: str(p.relative_to(RAIZ)))
def test_ningun_enlace_apunta_a_un_archivo_que_no_esta(pagina):
    enlaces = re.findall(r"\]\((?!https?://|#)([^)#]+)", _leer(pagina))
    assert [e for e in enlaces if not (pagina.parent / e).exists()] == []


def test_cada_decision_dice_contexto_decision_consecuencias_y_descartes():
    decisiones = sorted((DOCS / "decisiones").glob("*.md"))
    numeros = [int(d.name[:4]) for d in decisiones]
    assert numeros == list(range(1, len(numeros) + 1))
    for decision in decisiones:
        for titulo in ("Contexto", "Decisión", "Consecuencias", "Lo que descartamos"):
            assert f"## {titulo}" in _leer(decision), decision.name


def test_cada_orden_del_makefile_que_nombra_la_documentacion_existe():
    objetivos = set(re.findall(r"^(\w+):", _leer(RAIZ / "Makefile"), re.M))
    nombradas = {o for p in PAGINAS for o in re.findall(r"[`\n]make (\w+)", _leer(p))}
    assert nombradas <= objetivos
    assert {"demo", "test", "rapido"} <= objetivos


def test_cada_prueba_que_nombra_la_tabla_de_seguridad_existe():
    nombradas = re.findall(r"`([\w/.]+\.py)::(test_\w+)`", _leer(DOCS / "asvs.md"))
    assert len(nombradas) > 60
    faltan = [
        f"{archivo}::{prueba}"
        for archivo, prueba in nombradas
        if not re.search(rf"^def {prueba}\(", _leer_si_esta(RAIZ / "tests" / archivo), re.M)
    ]
    assert faltan == []


def _leer_si_esta(ruta: Path) -> str:
    return _leer(ruta) if ruta.exists() else ""
