import pytest
import tweepy

from publicador.ensayo.ajustes_red import ajustar

CUENTA = "1500000000000000001"
OTRA = "1500000000000000002"


def rechazo(llamada) -> tweepy.HTTPException:
    with pytest.raises(tweepy.HTTPException) as hubo:
        llamada()
    return hubo.value


def test_lo_publicado_con_tweepy_queda_y_se_lee_de_vuelta(cliente, mundo):
    hecho = cliente.create_tweet(text="Jornada de vacunación: años & años https://ejemplo.gov.co/a")
    (entrada,) = mundo.entradas("x")
    assert hecho["data"]["id"] == entrada.id
    assert len(entrada.id) == 19
    assert entrada.texto == "Jornada de vacunación: años & años https://ejemplo.gov.co/a"
    assert "años &amp; años https://t.co/" in hecho["data"]["text"]
    assert hecho["data"]["edit_history_tweet_ids"] == [entrada.id]

    leido = cliente.get_tweet(
        entrada.id, user_auth=True, tweet_fields=["created_at", "entities", "author_id"]
    )["data"]
    assert leido["author_id"] == CUENTA
    assert leido["created_at"] == "2026-11-24T12:00:00.000Z"
    (url,) = leido["entities"]["urls"]
    assert url["expanded_url"] == "https://ejemplo.gov.co/a"
    assert leido["text"][url["start"] : url["end"]] == url["url"]


def test_los_identificadores_crecen_aunque_el_reloj_este_quieto(cliente):
    ids = [int(cliente.create_tweet(text=f"Aviso {n}")["data"]["id"]) for n in range(5)]
    assert ids == sorted(set(ids))


def test_un_dominio_sin_protocolo_se_vuelve_enlace_como_en_x(cliente):
    id_ = cliente.create_tweet(text="La jornada terminó.No se repite")["data"]["id"]
    leido = cliente.get_tweet(id_, user_auth=True, tweet_fields=["entities"])["data"]
    assert leido["entities"]["urls"][0]["expanded_url"] == "http://terminó.No"


def test_el_texto_repetido_lo_rechaza_la_propia_red_hasta_que_pasa_la_ventana(cliente, reloj):
    cliente.create_tweet(text="Pico y placa hoy: 1 y 2")
    error = rechazo(lambda: cliente.create_tweet(text="Pico  y placa hoy: 1 y 2"))
    assert error.response.status_code == 403
    assert "duplicate content" in error.response.json()["detail"]
    reloj.pasar(hours=25)
    assert cliente.create_tweet(text="Pico y placa hoy: 1 y 2")["data"]["id"]


def test_borrar_permite_repetir_el_texto_y_otra_cuenta_no_choca(cliente, cliente_de, mundo):
    id_ = cliente.create_tweet(text="Aviso")["data"]["id"]
    cliente_de(f"{OTRA}-abc").create_tweet(text="Aviso")
    assert cliente.delete_tweet(id_)["data"] == {"deleted": True}
    cliente.create_tweet(text="Aviso")
    assert [e.borrada for e in mundo.entradas("x", CUENTA)] == [True, False]


def test_se_puede_pedir_que_no_rechace_repetidos(cliente, mundo):
    ajustar(mundo, "x", rechaza_repetidos=False)
    cliente.create_tweet(text="Aviso")
    cliente.create_tweet(text="Aviso")
    assert len(mundo.visibles("x")) == 2


def test_un_texto_largo_se_cuenta_como_x_y_se_rechaza(cliente):
    justo = "ñ" * 256 + " https://ejemplo.gov.co/" + "a" * 300
    assert cliente.create_tweet(text=justo)["data"]["id"]
    error = rechazo(lambda: cliente.create_tweet(text=justo.replace(" ", "ñ ", 1)))
    assert "text is too long" in error.response.json()["detail"]


def test_una_sola_cashtag_por_publicacion_y_los_pesos_no_cuentan(cliente):
    cliente.create_tweet(text="La $TRM subió; el pasaje vale $2.900 y $3.000")
    error = rechazo(lambda: cliente.create_tweet(text="Suben $TRM y $COLCAP"))
    assert "maximum of one cashtag" in error.response.json()["detail"]


@pytest.mark.parametrize(
    "cuerpo",
    [
        {"text": "a", "sobra": 1},
        {"text": 5},
        {"text": "a", "media": {"media_ids": [123]}},
        {"text": "a", "media": {"media_ids": ["1", "2", "3", "4", "5"]}},
        {"text": "a", "media": {"media_ids": []}},
        {"text": "a", "media": {}},
        {"text": "a", "reply": {"in_reply_to_tweet_id": "x1"}},
        {"text": "a", "reply_settings": "amigos"},
        {"text": "a", "for_super_followers_only": "no"},
        {},
        {"text": "   "},
        [],
    ],
)
def test_lo_que_la_especificacion_no_admite_se_rechaza(llamar, mundo, cuerpo):
    respuesta = llamar("POST", "/2/tweets", json=cuerpo)
    assert respuesta.status_code == 400
    assert respuesta.json()["type"].endswith("/invalid-request")
    assert respuesta.json()["errors"]
    assert mundo.entradas("x") == []


def test_un_hilo_cuelga_de_lo_propio_y_no_de_lo_ajeno_ni_de_lo_borrado(cliente, cliente_de):
    uno = cliente.create_tweet(text="Uno")["data"]["id"]
    dos = cliente.create_tweet(text="Dos", in_reply_to_tweet_id=uno)["data"]["id"]
    leido = cliente.get_tweet(
        dos, user_auth=True, tweet_fields=["referenced_tweets", "conversation_id"]
    )["data"]
    assert leido["referenced_tweets"] == [{"type": "replied_to", "id": uno}]
    assert leido["conversation_id"] == uno

    ajeno = cliente_de(f"{OTRA}-abc")
    error = rechazo(lambda: ajeno.create_tweet(text="Yo", in_reply_to_tweet_id=uno))
    assert "Reply to this conversation is not allowed" in error.response.json()["detail"]
    cliente.delete_tweet(dos)
    error = rechazo(lambda: cliente.create_tweet(text="Tres", in_reply_to_tweet_id=dos))
    assert "deleted or not visible" in error.response.json()["detail"]


def test_borrar_lo_que_no_esta_o_lo_ajeno(cliente, cliente_de):
    assert rechazo(lambda: cliente.delete_tweet("1999999999999999999")).response.status_code == 404
    id_ = cliente.create_tweet(text="Uno")["data"]["id"]
    ajeno = cliente_de(f"{OTRA}-abc")
    assert rechazo(lambda: ajeno.delete_tweet(id_)).response.status_code == 403
    cliente.delete_tweet(id_)
    assert rechazo(lambda: cliente.delete_tweet(id_)).response.status_code == 404


def test_las_cabeceras_de_limite_bajan_con_cada_llamada(llamar):
    uno = llamar("POST", "/2/tweets", json={"text": "Uno"})
    dos = llamar("POST", "/2/tweets", json={"text": "Dos"})
    assert uno.status_code == dos.status_code == 201
    for familia in ("x-rate-limit", "x-user-limit-24hour"):
        antes, despues = (int(r.headers[f"{familia}-remaining"]) for r in (uno, dos))
        assert despues == antes - 1
        assert int(uno.headers[f"{familia}-reset"]) > 1_700_000_000
    assert uno.headers["x-access-level"] == "read-write"
