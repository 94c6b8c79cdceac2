"""El correo de ensayo recibe por SMTP de verdad y no envía a nadie."""

import smtplib
from email.message import EmailMessage

import pytest
import requests

from tests.publicador.ensayo.apoyo import foto_jpeg


def _mensaje(texto: str = "Buenos días, comunidad.") -> EmailMessage:
    mensaje = EmailMessage()
    mensaje["Subject"] = "Boletín nº 7"
    mensaje["From"] = "prensa@alcaldia.example"
    mensaje["To"] = "vecinos@alcaldia.example"
    mensaje["Message-ID"] = "<pub-1@alcaldia.example>"
    mensaje.set_content(texto)
    return mensaje


def _enviar(ensayo, mensaje: EmailMessage, destinos: list[str] | None = None) -> None:
    with smtplib.SMTP("127.0.0.1", ensayo.correo.puerto, timeout=5) as cliente:
        cliente.send_message(mensaje, to_addrs=destinos)


def test_un_mensaje_queda_guardado_con_todo(ensayo, mundo):
    mensaje = _mensaje("Línea uno\n.línea con punto\nFin: áéíóú ñ")
    mensaje.add_attachment(foto_jpeg(), maintype="image", subtype="jpeg", filename="a.jpg")
    _enviar(ensayo, mensaje, ["a@b.example", "c@d.example"])
    (entrada,) = mundo.entradas("correo")
    assert entrada.texto.splitlines() == ["Línea uno", ".línea con punto", "Fin: áéíóú ñ"]
    assert entrada.cuenta == "prensa@alcaldia.example"
    assert entrada.extra["asunto"] == "Boletín nº 7"
    assert entrada.extra["destinos"] == ["a@b.example", "c@d.example"]
    assert entrada.extra["mensaje_id"] == "<pub-1@alcaldia.example>"
    assert mundo.medio(entrada.imagenes[0].sha256)[0] == foto_jpeg()


def test_el_correo_se_ve_en_el_muro_y_en_el_estado(ensayo):
    _enviar(ensayo, _mensaje())
    html = requests.get(f"{ensayo.url}/muro?red=correo", timeout=5).text
    assert "Boletín nº 7" in html
    assert "vecinos@alcaldia.example" in html
    (entrada,) = requests.get(f"{ensayo.url}/estado?red=correo", timeout=5).json()["entradas"]
    assert "Buenos días" in entrada["texto"]


@pytest.mark.parametrize(
    ("falla", "codigo", "aceptados"),
    [("error_500", 451, 0), ("error_500_aceptado", 451, 1), ("limite_429", 452, 0)],
)
def test_las_fallas_hablan_smtp(falla, codigo, aceptados, ensayo, mundo):
    mundo.armar("correo", falla)
    with pytest.raises(smtplib.SMTPDataError) as caso:
        _enviar(ensayo, _mensaje())
    assert caso.value.smtp_code == codigo
    assert len(mundo.entradas("correo")) == aceptados


@pytest.mark.parametrize(("falla", "aceptados"), [("corta_antes", 0), ("corta_despues", 1)])
def test_un_corte_tras_los_datos_no_confirma(falla, aceptados, ensayo, mundo):
    mundo.armar("correo", falla)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        _enviar(ensayo, _mensaje())
    assert len(mundo.entradas("correo")) == aceptados


def test_las_ordenes_fuera_de_lugar_se_rechazan(ensayo):
    with smtplib.SMTP("127.0.0.1", ensayo.correo.puerto, timeout=5) as cliente:
        assert cliente.docmd("DATA")[0] == 503
        assert cliente.docmd("VUELA")[0] == 502
