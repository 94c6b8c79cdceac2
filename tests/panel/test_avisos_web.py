"""La pantalla de los avisos web: registrar, confirmar entre dos y negar lo que no sirve."""

from sqlalchemy import select

from cola.avisos_web import AvisoWeb

NUEVA = {"nombre": "Tablero", "url": "https://tablero.example/avisos", "evento": "publicada"}


def test_una_persona_la_pide_y_otra_la_confirma(armar_panel):
    panel = armar_panel(revisar_aviso=lambda _: "")
    jefatura = panel.como("jefatura")
    hoja = jefatura.post("/avisos-web", data=NUEVA, follow_redirects=True).text
    assert "avs_" in hoja
    assert "Por confirmar" in hoja
    assert "avs_" not in jefatura.get("/avisos-web").text
    assert "otra persona" in jefatura.post("/avisos-web/1/confirmar", follow_redirects=True).text
    confirmada = panel.como("administracion").post("/avisos-web/1/confirmar", follow_redirects=True)
    assert "Activa" in confirmada.text
    assert (
        "Va un aviso de prueba" in jefatura.post("/avisos-web/1/probar", follow_redirects=True).text
    )
    assert "avs_" in jefatura.post("/avisos-web/1/secreto", follow_redirects=True).text
    jefatura.post("/avisos-web/1/quitar")
    with panel.leer() as sesion:
        assert sesion.scalars(select(AvisoWeb)).all() == []


def test_una_direccion_que_no_sirve_se_dice_sin_perder_lo_escrito(armar_panel):
    panel = armar_panel(revisar_aviso=lambda _: "La dirección lleva a una red interna.")
    respuesta = panel.como("administracion").post("/avisos-web", data=NUEVA)
    assert respuesta.status_code == 422
    assert "red interna" in respuesta.text
    assert 'value="https://tablero.example/avisos"' in respuesta.text
