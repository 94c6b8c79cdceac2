import pytest
import requests
import tweepy

CUENTA = "1500000000000000001"


@pytest.mark.parametrize(
    ("token", "estado", "segmento"),
    [
        (f"{CUENTA}-vencido", 401, "about:blank"),
        (f"{CUENTA}-sin-permiso", 403, "oauth1-permissions"),
        (f"{CUENTA}-sin-saldo", 402, "credits"),
        (f"{CUENTA}-suspendida", 403, "user-suspended"),
        ("sin-cuenta-delante", 401, "about:blank"),
    ],
)
def test_el_texto_del_token_decide_como_responde(llamar, mundo, token, estado, segmento):
    respuesta = llamar("POST", "/2/tweets", token=token, json={"text": "Hola"})
    assert respuesta.status_code == estado
    assert respuesta.json()["type"].rpartition("/")[2] == segmento.rpartition("/")[2]
    assert mundo.entradas("x") == []


def test_sin_permiso_de_escritura_todavia_se_lee(llamar):
    respuesta = llamar("GET", "/2/users/me", token=f"{CUENTA}-sin-permiso")
    assert respuesta.status_code == 200
    assert respuesta.headers["x-access-level"] == "read"


@pytest.mark.parametrize("cabecera", [None, "Bearer None", 'OAuth oauth_token="1-a"', "Basic eA=="])
def test_sin_credencial_completa_no_hay_respuesta(base, cabecera):
    cabeceras = {} if cabecera is None else {"Authorization": cabecera}
    respuesta = requests.get(f"{base}/2/users/me", headers=cabeceras, timeout=5)
    assert respuesta.status_code == 401


def renovar(base, ficha, **mas):
    datos = {"grant_type": "refresh_token", "refresh_token": ficha, "client_id": "app", **mas}
    return requests.post(f"{base}/2/oauth2/token", data=datos, timeout=5)


def test_cada_renovacion_da_un_par_nuevo_y_mata_la_ficha_usada(base):
    uno = renovar(base, f"{CUENTA}-renueva")
    assert uno.status_code == 200
    assert uno.json()["expires_in"] == 7200
    otra_vez = renovar(base, f"{CUENTA}-renueva")
    assert otra_vez.status_code == 400
    assert otra_vez.json()["error"] == "invalid_request"
    dos = renovar(base, uno.json()["refresh_token"])
    assert dos.json()["access_token"] != uno.json()["access_token"]


def test_el_acceso_renovado_publica_por_oauth2_y_vence_a_las_dos_horas(base, sesion, reloj):
    acceso = renovar(base, f"{CUENTA}-renueva").json()["access_token"]
    cliente = tweepy.Client(acceso, return_type=dict)
    cliente.session = sesion
    assert cliente.create_tweet(text="Hola", user_auth=False)["data"]["id"]
    reloj.pasar(hours=2)
    with pytest.raises(tweepy.Unauthorized):
        cliente.create_tweet(text="Otra", user_auth=False)


def test_lo_revocado_no_vuelve_a_servir(base, sesion):
    acceso = renovar(base, f"{CUENTA}-renueva").json()["access_token"]
    datos = {"token": acceso, "client_id": "app"}
    assert requests.post(f"{base}/2/oauth2/revoke", data=datos, timeout=5).json()["revoked"]
    cliente = tweepy.Client(acceso, return_type=dict)
    cliente.session = sesion
    with pytest.raises(tweepy.Unauthorized):
        cliente.get_me(user_auth=False)


def test_la_renovacion_pide_la_aplicacion(base):
    assert renovar(base, f"{CUENTA}-renueva", client_id="").status_code == 400
    basica = requests.post(
        f"{base}/2/oauth2/token",
        data={"grant_type": "refresh_token", "refresh_token": f"{CUENTA}-renueva"},
        auth=("app", "secreto"),
        timeout=5,
    )
    assert basica.status_code == 200
