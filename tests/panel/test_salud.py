"""`/salud`: 200 si la base responde y el motor respira; 503 si no."""

from datetime import timedelta

from sqlalchemy import text

from cola.latidos import callar


def test_con_base_y_motor_todo_esta_bien(panel):
    respuesta = panel.visitante().get("/salud")
    assert respuesta.status_code == 200
    assert respuesta.json["estado"] == "bien"
    assert respuesta.json["motor"] == {
        "ultimo_latido": "2026-12-01T12:00:00+00:00",
        "version": "0.1.0",
    }
    assert respuesta.json["motivo"] is None
    assert respuesta.json["version"] == "0.1.0"


def test_un_motor_que_no_respira_desde_hace_mas_de_un_minuto_es_503(panel):
    panel.pasan(timedelta(seconds=60))
    assert panel.visitante().get("/salud").status_code == 200
    panel.pasan(timedelta(seconds=1))
    respuesta = panel.visitante().get("/salud")
    assert respuesta.status_code == 503
    assert respuesta.json["estado"] == "mal"
    assert "no respira" in respuesta.json["motivo"]


def test_sin_motor_es_503_con_latido_nulo(panel):
    with panel.oficina() as oficina:
        callar(oficina.sesion, "motor-1")
    respuesta = panel.visitante().get("/salud")
    assert respuesta.status_code == 503
    assert respuesta.json["motor"]["ultimo_latido"] is None


def test_sin_base_es_503_y_no_dice_por_que_de_mas(panel):
    with panel.oficina() as oficina:
        oficina.sesion.execute(text("DROP TABLE latido"))
    respuesta = panel.visitante().get("/salud")
    assert respuesta.status_code == 503
    assert respuesta.json["motivo"] == "La base de datos no responde."
    assert "latido" not in respuesta.json["motivo"]
