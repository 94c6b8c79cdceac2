"""Del texto sellado a los bloques: se lee igual y no puede hacer nada."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conectores.bloques import (
    MedioEnSitio,
    alternativo_seguro,
    componer,
    en_html,
    hay_marca,
    partir_parrafos,
    son_hashtags,
    titulo_seguro,
)

CLAVE = "pub-0123456789abcdef"
BLOQUE = re.compile(r"<!-- wp:(\w+)(?: \{[^\n]*\})? -->\n(.*?)\n<!-- /wp:\1 -->", re.DOTALL)


class Oido(HTMLParser):
    """Lo que un navegador oiría: etiquetas con atributos y texto."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.etiquetas: list[tuple[str, dict[str, str | None]]] = []
        self.texto = ""

    def handle_starttag(self, tag, attrs):
        self.etiquetas.append((tag, dict(attrs)))
        if tag == "br":
            self.texto += "\n"

    def handle_data(self, data):
        self.texto += data


def oir(html: str) -> Oido:
    oido = Oido()
    oido.feed(html)
    oido.close()
    return oido


def test_cada_parrafo_es_un_bloque_y_el_primero_lleva_la_marca():
    html = componer("Uno\nsigue\n\n\n\nDos\n", clave=CLAVE)
    bloques = BLOQUE.findall(html)
    assert [cuerpo for _, cuerpo in bloques] == ["<p>Uno<br>sigue</p>", "<p>Dos</p>"]
    assert hay_marca(html, CLAVE)
    assert not hay_marca(html, "pub-otra")
    assert CLAVE not in re.sub(r"<!--.*?-->", "", html)


def test_el_enlace_va_al_final_y_delante_de_los_hashtags():
    enlace = "https://www.ejemplo.gov.co/a?b=1&c=2"
    con = oir(componer("Texto\n\n#Uno #Año_Nuevo", clave=CLAVE, enlace=enlace)).texto
    assert con.index("Texto") < con.index(enlace) < con.index("#Uno")
    sin = oir(componer("Texto\n\nMire #Uno", clave=CLAVE, enlace=enlace)).texto
    assert sin.index("#Uno") < sin.index(enlace)


def test_un_texto_que_es_solo_hashtags_conserva_su_marca():
    html = componer("#Uno #Dos", clave=CLAVE, enlace="https://a.example")
    assert hay_marca(html, CLAVE)
    assert oir(html).texto.count("#Uno") == 1


def test_un_texto_vacio_conserva_su_marca():
    assert hay_marca(componer("", clave=CLAVE), CLAVE)


@pytest.mark.parametrize(
    ("parrafo", "son"),
    [
        ("#Uno", True),
        ("#Uno #Dos\n#Tres", True),
        ("Uno #Dos", False),
        ("", False),
        ("#", False),
        ("#1a #Ñu", True),
    ],
)
def test_se_distingue_un_parrafo_de_hashtags(parrafo, son):
    assert son_hashtags(parrafo) is son


@pytest.mark.parametrize(
    "malo",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><svg onload=alert(1)>',
        "<a href='javascript:alert(1)'>x</a>",
        "<!-- wp:html --><iframe></iframe><!-- /wp:html -->",
        "--><script>",
        "&lt;script&gt;",
        "</p><!-- /wp:paragraph --><script>",
        'https://a.example/"onmouseover="alert(1)',
        "<style>*{display:none}</style>",
    ],
)
def test_lo_que_parece_html_se_lee_como_texto(malo):
    html = componer(f"Antes {malo} después", clave=CLAVE)
    oido = oir(html)
    assert {etiqueta for etiqueta, _ in oido.etiquetas} <= {"p", "a"}
    assert all(set(atributos) <= {"href"} for _, atributos in oido.etiquetas)
    assert f"Antes {malo} después" in oido.texto
    assert html.count("<!-- wp:paragraph") == html.count("<!-- /wp:paragraph -->") == 1


def test_un_codigo_corto_no_corre():
    html = componer("Vea [gallery ids=1] y [embed]x[/embed]", clave=CLAVE)
    assert "[" not in html
    assert "[gallery ids=1]" in oir(html).texto


@pytest.mark.parametrize(
    ("texto", "href"),
    [
        ("Mire https://a.example/x.", "https://a.example/x"),
        ("(https://a.example/x)", "https://a.example/x"),
        ("https://a.example/Nevado_(pico) ya", "https://a.example/Nevado_(pico)"),
        ("«https://a.example/ñandú?a=1&b=2»", "https://a.example/ñandú?a=1&b=2"),
        ("http://127.0.0.1:8090/x", "http://127.0.0.1:8090/x"),
    ],
)
def test_las_direcciones_seguras_se_vuelven_enlaces(texto, href):
    oido = oir(en_html(texto))
    assert [atributos["href"] for etiqueta, atributos in oido.etiquetas if etiqueta == "a"] == [
        href
    ]
    assert oido.texto == texto


@pytest.mark.parametrize("texto", ["http://inseguro.example", "http://127.0.0.1.malo.example/"])
def test_una_direccion_sin_https_queda_como_texto_que_wordpress_no_visita(texto):
    html = en_html(texto)
    assert "<a" not in html
    assert "http://" not in html
    assert oir(html).texto == texto


def test_la_imagen_lleva_su_texto_alternativo_escapado():
    alternativo = 'Dijo: "sí" & <rió>\n[x]'
    medio = MedioEnSitio(
        id="7", url="https://s.example/a.jpg?x=1&y=2", texto_alternativo=alternativo
    )
    oido = oir(componer("Hola", clave=CLAVE, medios=[medio]))
    (imagen,) = [atributos for etiqueta, atributos in oido.etiquetas if etiqueta == "img"]
    assert imagen["alt"] == 'Dijo: "sí" & <rió> [x]'
    assert imagen["src"] == "https://s.example/a.jpg?x=1&y=2"
    assert imagen["class"] == "wp-image-7"


def test_el_video_lleva_su_pista_de_subtitulos():
    medio = MedioEnSitio(
        id="9",
        url="https://s.example/v.mp4",
        texto_alternativo="Lectura",
        es_video=True,
        subtitulos_url="https://s.example/v.vtt",
    )
    etiquetas = dict(oir(componer("Hola", clave=CLAVE, medios=[medio])).etiquetas)
    assert etiquetas["video"]["src"] == "https://s.example/v.mp4"
    assert etiquetas["track"]["src"] == "https://s.example/v.vtt"


@pytest.mark.parametrize(
    ("titulo", "queda"),
    [
        ("Obras & Vías", "Obras & Vías"),
        ("Cuatro < cinco", "Cuatro &lt; cinco"),
        ("<b>Ya</b>", "&lt;b&gt;Ya&lt;/b&gt;"),
        ("Literal &lt;b&gt;", "Literal &amp;lt;b&amp;gt;"),
        ("Dos\nlíneas ", "Dos líneas"),
    ],
)
def test_el_titulo_se_lee_igual_y_no_lleva_html(titulo, queda):
    assert titulo_seguro(titulo) == queda
    assert unescape(queda) == " ".join(titulo.split())


@pytest.mark.parametrize(
    ("alternativo", "queda"),
    [
        ("Mapa & rutas al 50 %", "Mapa & rutas al 50 %"),
        ("Menos de <10 °C", "Menos de &lt;10 °C"),
        ("El 50%de la ruta", "El 50&#37;de la ruta"),
    ],
)
def test_el_texto_alternativo_no_pierde_lo_que_el_sitio_borraria(alternativo, queda):
    assert alternativo_seguro(alternativo) == queda
    assert unescape(queda) == alternativo


IMPRIMIBLE = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"), blacklist_characters="\x85"),
    max_size=80,
)


@given(IMPRIMIBLE)
def test_todo_texto_se_lee_tal_cual(texto):
    assert oir(en_html(texto)).texto == texto


@given(st.lists(IMPRIMIBLE, max_size=4))
def test_ningun_texto_rompe_los_bloques(parrafos):
    texto = "\n\n".join(parrafos)
    html = componer(texto, clave=CLAVE, enlace="https://a.example/x")
    esperados = max(len(partir_parrafos(texto)), 1) + 1
    assert len(BLOQUE.findall(html)) == esperados
    assert {etiqueta for etiqueta, _ in oir(html).etiquetas} <= {"p", "a", "br"}
