from datetime import timedelta

import pytest
import tweepy

CUENTA = "1500000000000000001"
OTRA = "1500000000000000002"


def publicar(cliente, reloj, cuantas):
    ids = []
    for n in range(cuantas):
        ids.append(cliente.create_tweet(text=f"Aviso {n}")["data"]["id"])
        reloj.pasar(minutes=1)
    return ids


def test_la_linea_de_tiempo_va_de_nueva_a_vieja_y_se_pagina(cliente, reloj):
    ids = publicar(cliente, reloj, 12)
    uno = cliente.get_users_tweets(CUENTA, user_auth=True, max_results=5)
    assert [t["id"] for t in uno["data"]] == ids[:-6:-1]
    assert uno["meta"]["newest_id"] == ids[-1]
    vistos = [t["id"] for t in uno["data"]]
    ficha = uno["meta"]["next_token"]
    while ficha:
        pagina = cliente.get_users_tweets(
            CUENTA, user_auth=True, max_results=5, pagination_token=ficha
        )
        vistos += [t["id"] for t in pagina["data"]]
        ficha = pagina["meta"].get("next_token")
    assert vistos == ids[::-1]


def test_se_filtra_por_tiempo_por_id_y_sin_respuestas(cliente, reloj):
    inicio = reloj.momento
    ids = publicar(cliente, reloj, 4)
    cliente.create_tweet(text="Sigue", in_reply_to_tweet_id=ids[0])

    def pedir(**kw):
        pagina = cliente.get_users_tweets(CUENTA, user_auth=True, **kw)
        return [t["id"] for t in pagina.get("data", [])]

    sin = {"exclude": ["replies"]}
    assert pedir(start_time=inicio + timedelta(minutes=2), **sin) == [ids[3], ids[2]]
    assert pedir(end_time=inicio + timedelta(minutes=2), **sin) == [ids[1], ids[0]]
    assert pedir(since_id=ids[2], **sin) == [ids[3]]
    assert pedir(until_id=ids[1]) == [ids[0]]
    assert len(pedir()) == 5


@pytest.mark.parametrize(
    "consulta",
    [
        {"max_results": 4},
        {"max_results": 101},
        {"start_time": "ayer"},
        {"exclude": "todo"},
        {"inventado": "1"},
        {"pagination_token": "???"},
    ],
)
def test_los_parametros_malos_se_rechazan(llamar, consulta):
    respuesta = llamar("GET", f"/2/users/{CUENTA}/tweets", params=consulta)
    assert respuesta.status_code == 400
    assert respuesta.json()["type"].endswith("/invalid-request")


def test_lo_que_no_esta_responde_200_con_errores_y_sin_datos(cliente, reloj):
    (id_,) = publicar(cliente, reloj, 1)
    una = cliente.get_tweet("1999999999999999999", user_auth=True)
    assert "data" not in una
    assert una["errors"][0]["type"].endswith("/resource-not-found")
    varias = cliente.get_tweets([id_, "1999999999999999999"], user_auth=True)
    assert [t["id"] for t in varias["data"]] == [id_]
    assert len(varias["errors"]) == 1
    vacia = cliente.get_users_tweets(OTRA, user_auth=True)
    assert vacia == {"meta": {"result_count": 0}}


def test_las_cifras_crecen_con_la_edad_y_las_privadas_se_niegan_a_los_30_dias(
    cliente, cliente_de, reloj
):
    (id_,) = publicar(cliente, reloj, 1)
    campos = ["public_metrics", "non_public_metrics", "organic_metrics"]

    def leer(quien=cliente):
        return quien.get_tweet(id_, user_auth=True, tweet_fields=campos)

    reloj.pasar(hours=1)
    temprano = leer()["data"]
    assert temprano == leer()["data"]
    reloj.pasar(days=6)
    tarde = leer()["data"]
    antes, despues = (x["public_metrics"]["impression_count"] for x in (temprano, tarde))
    assert 0 < antes < despues
    assert tarde["non_public_metrics"]["engagements"] <= despues
    assert "retweet_count" in tarde["organic_metrics"]

    ajeno = leer(cliente_de(f"{OTRA}-abc"))
    assert "non_public_metrics" not in ajeno["data"]
    reloj.pasar(days=30)
    viejo = leer()
    assert "public_metrics" in viejo["data"]
    assert "non_public_metrics" not in viejo["data"]
    assert {e["field"] for e in viejo["errors"]} == {"non_public_metrics", "organic_metrics"}


def test_el_dialecto_nuevo_responde_con_sus_nombres(llamar, cliente, reloj):
    (id_,) = publicar(cliente, reloj, 1)
    consulta = {"post.fields": "public_metrics,author_id,inventado", "expansions": "author_id"}
    leido = llamar("GET", f"/2/tweets/{id_}", params=consulta).json()
    assert leido["data"]["edit_history_post_ids"] == [id_]
    assert "repost_count" in leido["data"]["public_metrics"]
    assert "author_id" not in leido["data"]
    assert leido["includes"]["users"][0]["username"] == "AlcaldiaEnsayo"


def test_la_cuenta_dice_sus_seguidores_y_crecen(cliente, reloj):
    def seguidores():
        yo = cliente.get_me(user_fields=["public_metrics"])["data"]
        assert yo["username"] == "AlcaldiaEnsayo"
        return yo["public_metrics"]["followers_count"]

    hoy = seguidores()
    reloj.pasar(days=30)
    assert seguidores() > hoy >= 20_000


def test_lo_escrito_a_mano_se_lee_como_lo_demas(cliente, mundo):
    datos = {"cuenta": CUENTA, "texto": "Por fuera", "creada_en": "2026-11-01T10:00:00+00:00"}
    mundo.a_mano["x"]({"red": "x", **datos})
    nueva = cliente.create_tweet(text="Hoy")["data"]["id"]
    pagina = cliente.get_users_tweets(CUENTA, user_auth=True, tweet_fields=["created_at"])
    assert [t["text"] for t in pagina["data"]] == ["Hoy", "Por fuera"]
    assert pagina["data"][0]["id"] == nueva
    assert pagina["data"][1]["created_at"] == "2026-11-01T10:00:00.000Z"


def test_una_credencial_sin_saldo_tampoco_lee(cliente_de):
    with pytest.raises(tweepy.HTTPException) as hubo:
        cliente_de(f"{CUENTA}-sin-saldo").get_me()
    assert hubo.value.response.status_code == 402
