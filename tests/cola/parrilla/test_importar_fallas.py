"""Cada falla de la parrilla dice su fila, su columna y qué hacer."""

import pytest
from PIL import Image

from tests.cola.parrilla.filas import BUENA, contar_piezas, donde, fallas_de
from tests.fabricas import bytes_de_imagen, una_cuenta


@pytest.mark.parametrize(
    ("cambio", "columna", "dice"),
    [
        ({"pieza": " "}, "pieza", "título"),
        ({"texto": ""}, "texto", "falta"),
        ({"cuentas": ""}, "cuentas", "cuenta"),
        ({"cuentas": "pagina|nadie"}, "cuentas", "«nadie»"),
        ({"cuentas": "pagina|pagina"}, "cuentas", "repetida"),
        ({"fecha": "01/12/2026"}, "fecha", "AAAA-MM-DD"),
        ({"fecha": "2026-02-30"}, "fecha", "2026-02-30"),
        ({"fecha": ""}, "fecha", "falta"),
        ({"hora": "7.30"}, "hora", "HH:MM"),
        ({"hora": "24:00"}, "hora", "HH:MM"),
        ({"hora": ""}, "hora", "falta"),
        ({"enlace": "www.alcaldia.example"}, "enlace", "https://"),
        ({"enlace": "javascript:alert(1)"}, "enlace", "https://"),
        ({"enlace": "https://alcaldia.example/a b"}, "enlace", "https://"),
        ({"enlace": "https://u:c@alcaldia.example/"}, "enlace", "contraseña"),
        ({"etiquetas": "#con-guion"}, "etiquetas", "#con-guion"),
        ({"actividad": "A17"}, "actividad", "A16"),
        ({"texto": "roto \x07"}, "texto", "invisibles"),
        ({"imagenes": "no.jpg", "textos_alternativos": "x"}, "imagenes", "no existe"),
        ({"textos_alternativos": "sobra"}, "textos_alternativos", "imágenes son 0"),
    ],
)
def test_cada_falla_dice_su_fila_su_columna_y_que_hacer(traer, sesion, cambio, columna, dice):
    (falla,) = {
        f[:2]: f for f in fallas_de(traer, BUENA, {**BUENA, "pieza": "B", **cambio})
    }.values()
    assert falla[:2] == (3, columna)
    assert dice in falla[2]
    assert contar_piezas(sesion) == 0


def test_se_dicen_todas_las_fallas_de_una_vez(traer):
    mala = {"pieza": "", "texto": "", "cuentas": "nadie", "fecha": "ayer", "hora": "tarde"}
    assert set(donde(traer, mala)) == {
        (2, "pieza"), (2, "cuentas"), (2, "fecha"), (2, "hora"),
    }  # fmt: skip


def test_faltan_textos_alternativos_o_no_cuadran(traer, tmp_path):
    for nombre in ("a.jpg", "b.jpg"):
        (tmp_path / nombre).write_bytes(bytes_de_imagen())
    con = {**BUENA, "imagenes": "a.jpg|b.jpg"}
    assert donde(traer, con) == [(2, "textos_alternativos")]
    assert donde(traer, {**con, "textos_alternativos": "uno"}) == [(2, "textos_alternativos")]
    assert donde(traer, {**con, "textos_alternativos": "uno| "}) == [(2, "textos_alternativos")]


def test_una_imagen_falsa_cortada_o_desmedida_se_nombra(traer, tmp_path):
    (tmp_path / "falsa.jpg").write_bytes(b"<html><script>alert(1)</script></html>")
    (tmp_path / "vector.png").write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    ruidosa = Image.effect_noise((200, 200), 60)
    ruidosa.save(tmp_path / "entera.jpg")
    entera = (tmp_path / "entera.jpg").read_bytes()
    (tmp_path / "cortada.jpg").write_bytes(entera[: len(entera) // 2])
    Image.new("1", (10_000, 10_000)).save(tmp_path / "bomba.png")
    nombres = ("falsa.jpg", "vector.png", "cortada.jpg", "bomba.png")
    filas = [{**BUENA, "pieza": n, "imagenes": n, "textos_alternativos": "Algo"} for n in nombres]
    fallas = fallas_de(traer, *filas)
    assert [f[:2] for f in fallas] == [(n, "imagenes") for n in (2, 3, 4, 5)]
    assert all(nombre in falla[2] for nombre, falla in zip(nombres, fallas, strict=True))
    assert "64 megapíxeles" in fallas[3][2]


def test_el_texto_largo_para_x_se_cuenta_como_x(traer, sesion):
    justo = {**BUENA, "texto_x": "a" * 280}
    traer(justo)
    assert donde(traer, {**BUENA, "pieza": "B", "texto_x": "a" * 281}) == [(2, "texto_x")]
    # Cuentan el enlace (23) y las etiquetas que se agregan al salir.
    con_enlace = {**BUENA, "pieza": "C", "texto_x": "a" * 250, "etiquetas": "#Salud"}
    assert donde(traer, {**con_enlace, "enlace": "https://alcaldia.example/"}) == [(2, "texto_x")]
    # El emoji pesa 2.
    assert donde(traer, {**BUENA, "pieza": "D", "texto_x": "💉" * 141}) == [(2, "texto_x")]


def test_cinco_imagenes_no_caben_en_x_y_si_en_facebook(traer, tmp_path):
    (tmp_path / "a.jpg").write_bytes(bytes_de_imagen())
    fila = {
        **BUENA,
        "imagenes": "|".join(["a.jpg"] * 5),
        "textos_alternativos": "|".join("abcde"),
    }
    ((numero, columna, mensaje),) = fallas_de(traer, fila)
    assert (numero, columna) == (2, "imagenes")
    assert "X" in mensaje
    traer({**fila, "cuentas": "pagina"})


def test_un_texto_propio_basta_si_cada_red_lo_tiene(traer, sesion):
    traer({**BUENA, "texto": "", "texto_x": "Solo X", "cuentas": "trino"})
    assert donde(traer, {**BUENA, "pieza": "B", "texto": "", "texto_x": "Solo X"}) == [(2, "texto")]


def test_una_cuenta_desactivada_no_recibe_piezas(traer, sesion):
    una_cuenta(sesion, alias="vieja", activa=False)
    assert donde(traer, {**BUENA, "cuentas": "vieja"}) == [(2, "cuentas")]
