"""El nombre y el escudo de la oficina: quién los cambia, qué se acepta y dónde se ven."""

import io
import re

import pytest
from PIL import Image

from piezas.bitacora import Anotacion
from piezas.entidad import PESO_MAXIMO, poner_escudo
from piezas.errores import DatosInvalidos
from piezas.personas import Persona
from tests.panel.sembrado import una_imagen


def enviar(panel, papel="jefatura", nombre="Alcaldía de Girón", escudo=None):
    datos = {"nombre": nombre}
    if escudo is not None:
        datos["escudo"] = (io.BytesIO(escudo), "escudo.png")
    return panel.como(papel).post("/entidad", data=datos, content_type="multipart/form-data")


def escudo_visto(html):
    hallado = re.search(r'src="(/entidad/escudo/[0-9a-f]{64})"', html)
    return hallado and hallado[1]


def test_el_nombre_se_ve_en_el_marco_y_en_la_puerta_y_queda_en_la_bitacora(panel):
    assert enviar(panel).status_code == 303
    assert "Alcaldía de Girón" in panel.como("consulta").get("/").text
    assert "Alcaldía de Girón" in panel.visitante().get("/entrar").text
    with panel.leer() as sesion:
        hecho = sesion.query(Anotacion).filter_by(accion="nombre_de_entidad").one()
        assert (hecho.a, hecho.quien) == ("Alcaldía de Girón", "jefatura@alcaldia.example")


def test_el_escudo_se_vuelve_a_codificar_y_se_ve_sin_entrar(panel):
    con_alfa = Image.new("RGBA", (900, 1200), (11, 95, 107, 120))
    bytes_ = io.BytesIO()
    con_alfa.save(bytes_, "PNG", pnginfo=None)
    original = bytes_.getvalue() + b"<script>alert(1)</script>"
    assert enviar(panel, escudo=original).status_code == 303
    visitante = panel.visitante()
    respuesta = visitante.get(escudo_visto(visitante.get("/entrar").text))
    assert respuesta.mimetype == "image/png"
    assert b"<script>" not in respuesta.data
    with Image.open(io.BytesIO(respuesta.data)) as servido:
        assert servido.mode == "RGBA"
        assert max(servido.size) == 256


def test_quitar_el_escudo_vuelve_al_signo_y_el_viejo_deja_de_servirse(panel):
    enviar(panel, escudo=una_imagen())
    visitante = panel.visitante()
    direccion = escudo_visto(visitante.get("/entrar").text)
    panel.como("administracion").post("/entidad/quitar-escudo")
    assert escudo_visto(visitante.get("/entrar").text) is None
    assert visitante.get(direccion).status_code == 404


@pytest.mark.parametrize(
    ("nombre", "escudo", "frase"),
    [
        ("  ", None, "Escriba el nombre de la entidad."),
        ("A" * 61, None, "sin lema ni eslogan"),
        ("Alcaldía", b"<svg onload=alert(1)>", "no es una imagen"),
    ],
)
def test_lo_que_no_sirve_se_dice_y_no_se_guarda_ni_se_pierde(panel, nombre, escudo, frase):
    respuesta = enviar(panel, nombre=nombre, escudo=escudo)
    assert respuesta.status_code == 422
    assert frase in respuesta.text
    assert f'value="{nombre}"' in respuesta.text
    assert "Alcaldía de Bucaramanga" in panel.visitante().get("/entrar").text


def test_un_archivo_que_no_es_el_escudo_no_sale_por_su_puerta(panel):
    huella = panel.servicios.almacen.guardar(b"otra cosa")
    enviar(panel)
    assert panel.visitante().get(f"/entidad/escudo/{huella}").status_code == 404
    assert panel.visitante().get("/entidad/escudo/..%2f..").status_code == 404


def test_un_escudo_pesado_se_rechaza_con_su_razon(panel):
    with panel.servicios.sesiones() as sesion:
        jefatura = sesion.query(Persona).filter_by(correo="jefatura@alcaldia.example").one()
        with pytest.raises(DatosInvalidos, match="pesa más de 1 MB"):
            poner_escudo(
                sesion, b"x" * (PESO_MAXIMO + 1), "Alcaldía", almacen=panel.servicios.almacen,
                por=jefatura.id, ahora=panel.ahora,
            )  # fmt: skip
