"""El facebook-sdk verdadero, con una subclase que solo cambia la dirección, habla con el ensayo."""

from typing import Any

import facebook
import pytest
import requests

from tests.publicador.ensayo.apoyo import PAGINA, foto_jpeg


class _Sesion(requests.Session):
    """Cambia la dirección y pasa el token de los parámetros a la cabecera; lo demás es del SDK."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.trust_env = False
        self._base = base

    def request(self, method: str, url: str, **kw: Any) -> requests.Response:
        token = None
        for parte in ("params", "data"):
            if kw.get(parte):
                token = kw[parte].pop("access_token", None) or token
        if token:
            kw["headers"] = {"Authorization": f"Bearer {token}"}
        return super().request(method, url.replace("https://graph.facebook.com", self._base), **kw)


@pytest.fixture
def sdk(grafo):
    sesion = _Sesion(grafo.base)
    cliente = facebook.GraphAPI(access_token=grafo.token, session=sesion, timeout=5)
    cliente.version = "v25.0"
    yield cliente
    sesion.close()


def test_publica_lee_comenta_y_borra(sdk, mundo):
    post = sdk.put_object(PAGINA, "feed", message="Con el SDK")["id"]
    assert sdk.get_object(post, fields="message")["message"] == "Con el SDK"
    sdk.put_comment(post, "Un comentario")
    assert sdk.get_connections(post, "comments")["data"][0]["message"] == "Un comentario"
    foto = sdk.put_photo(
        ("a.jpg", foto_jpeg(), "image/jpeg"), album_path=f"{PAGINA}/photos", caption="Foto"
    )
    assert mundo.entrada("facebook", foto["post_id"]).texto == "Foto"
    assert sdk.delete_object(post) == {"success": True}


def test_el_error_llega_con_su_codigo(sdk, mundo):
    mundo.armar("facebook", "token_vencido")
    with pytest.raises(facebook.GraphAPIError) as caso:
        sdk.put_object(PAGINA, "feed", message="Hola")
    assert caso.value.code == 190


def test_el_sdk_sin_ajustar_manda_logicos_de_python_y_el_ensayo_lo_hace_notar(sdk):
    with pytest.raises(facebook.GraphAPIError, match="must be of type bool"):
        sdk.put_object(PAGINA, "feed", message="Hola", published=False)


def test_un_502_en_html_es_un_error_sin_codigo(sdk, mundo):
    mundo.armar("facebook", "html_502")
    with pytest.raises(facebook.GraphAPIError) as caso:
        sdk.put_object(PAGINA, "feed", message="Hola")
    assert caso.value.code is None
