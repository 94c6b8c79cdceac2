import pytest
import requests
import tweepy

CUENTA = "1500000000000000001"
ACEPTADAS = {"error_500_aceptado", "json_roto", "exito_sin_id", "demora_lectura"}


@pytest.mark.parametrize(
    ("falla", "opciones", "estado"),
    [
        ("error_500", {}, 500),
        ("error_500", {"codigo": "503"}, 503),
        ("error_500_aceptado", {}, 500),
        ("limite_429", {"segundos": 60}, 429),
        ("token_vencido", {}, 401),
        ("token_vencido", {"codigo": "402"}, 402),
        ("token_vencido", {"codigo": "sin-permiso"}, 403),
        ("html_502", {}, 502),
        ("json_roto", {}, 201),
        ("duplicado", {}, 403),
        ("exito_sin_id", {}, 201),
        ("redirige_302", {}, 302),
        ("demora_lectura", {"segundos": 60}, 201),
        ("rechaza", {"codigo": 326, "mensaje": "locked"}, 403),
    ],
)
def test_cada_falla_responde_como_x_y_solo_algunas_aceptan(llamar, mundo, falla, opciones, estado):
    mundo.armar("x", falla, **opciones)
    respuesta = llamar("POST", "/2/tweets", json={"text": "Hola"})
    assert respuesta.status_code == estado
    assert len(mundo.entradas("x")) == (falla in ACEPTADAS)
    assert llamar("POST", "/2/tweets", json={"text": "Otra"}).status_code == 201


def test_el_limite_dice_cuando_volver_y_puede_ser_el_de_24_horas(llamar, mundo, reloj):
    mundo.armar("x", "limite_429", segundos=60)
    mundo.armar("x", "limite_429", segundos=3000, codigo="24h")
    mundo.armar("x", "limite_429", codigo="sin_cabeceras")
    corto, largo, mudo = (llamar("POST", "/2/tweets", json={"text": "Hola"}) for _ in range(3))
    ahora = int(reloj.momento.timestamp())
    assert corto.headers["x-rate-limit-remaining"] == "0"
    assert int(corto.headers["x-rate-limit-reset"]) == ahora + 60
    assert int(largo.headers["x-rate-limit-remaining"]) > 0
    assert largo.headers["x-user-limit-24hour-remaining"] == "0"
    assert int(largo.headers["x-user-limit-24hour-reset"]) == ahora + 3000
    assert not [h for h in mudo.headers if h.lower().startswith(("x-rate", "x-user"))]


def test_lo_aceptado_con_demora_existe_pero_no_se_lee_hasta_despues(cliente, mundo, reloj):
    mundo.armar("x", "demora_lectura", segundos=60)
    id_ = cliente.create_tweet(text="Lenta")["data"]["id"]
    assert "data" not in cliente.get_tweet(id_, user_auth=True)
    assert cliente.get_users_tweets(CUENTA, user_auth=True)["meta"]["result_count"] == 0
    with pytest.raises(tweepy.Forbidden, match="duplicate content"):
        cliente.create_tweet(text="Lenta")
    reloj.pasar(seconds=60)
    assert cliente.get_tweet(id_, user_auth=True)["data"]["text"] == "Lenta"


def test_una_falla_no_vuelve_aceptable_lo_que_no_lo_es(llamar, mundo):
    mundo.armar("x", "error_500_aceptado")
    assert llamar("POST", "/2/tweets", json={"text": "a", "sobra": 1}).status_code == 400


def test_las_fallas_de_subir_leer_y_borrar_van_por_su_lado(llamar, cliente, mundo, imagen):
    mundo.armar("x", "error_500", llamada="subir")
    mundo.armar("x", "html_502", llamada="leer")
    mundo.armar("x", "token_vencido", llamada="borrar")
    id_ = cliente.create_tweet(text="Uno")["data"]["id"]
    foto = {"files": {"media": imagen}, "data": {"media_category": "tweet_image"}}
    assert llamar("POST", "/2/media/upload", **foto).status_code == 500
    assert llamar("GET", "/2/users/me").status_code == 502
    assert llamar("DELETE", f"/2/tweets/{id_}").status_code == 401


def test_una_ruta_desconocida_es_un_404_en_json(base):
    respuesta = requests.get(f"{base}/1.1/statuses/update.json", timeout=5)
    assert respuesta.status_code == 404
    assert respuesta.json()["status"] == 404
