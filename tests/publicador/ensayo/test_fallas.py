"""Cada falla hace exactamente lo que su nombre dice: se mira en crudo y en el libro de la red."""

import socket
import time

import pytest
import requests
from urllib3.exceptions import NewConnectionError

from publicador.ensayo.averias import FALLAS, TRAS_ACEPTAR, Averias, FallaDesconocida
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo
from tests.publicador.ensayo.apoyo import PAGINA, error_de


def _cuantas(mundo: Mundo) -> int:
    return len(mundo.entradas("facebook"))


@pytest.mark.parametrize("falla", ["corta_antes", "corta_despues"])
def test_un_corte_no_responde_nada_y_solo_uno_de_los_dos_acepta(falla, mundo, grafo):
    mundo.armar("facebook", falla)
    with pytest.raises(requests.ConnectionError):
        grafo.escribir(f"{PAGINA}/feed", message="Hola")
    assert _cuantas(mundo) == (falla == "corta_despues")
    assert grafo.publicar("Otra")  # se gastó: la siguiente pasa


@pytest.mark.parametrize(
    ("falla", "estado", "codigo", "aceptadas"),
    [
        ("error_500", 500, (2, None), 0),
        ("error_500_aceptado", 500, (2, None), 1),
        ("limite_429", 429, (80001, None), 0),
        ("token_vencido", 401, (190, 463), 0),
        ("duplicado", 400, (506, None), 0),
    ],
)
def test_los_errores_de_graph_llevan_su_codigo(falla, estado, codigo, aceptadas, mundo, grafo):
    mundo.armar("facebook", falla)
    respuesta = grafo.escribir(f"{PAGINA}/feed", message="Hola")
    assert respuesta.status_code == estado
    assert error_de(respuesta) == codigo
    assert _cuantas(mundo) == aceptadas


def test_el_limite_dice_en_minutos_cuanto_esperar(mundo, grafo):
    mundo.armar("facebook", "limite_429", segundos=90)
    respuesta = grafo.escribir(f"{PAGINA}/feed", message="Hola")
    assert '"estimated_time_to_regain_access": 2' in respuesta.headers["X-Business-Use-Case-Usage"]


@pytest.mark.parametrize(
    ("falla", "estado", "tipo", "cuerpo", "aceptadas"),
    [
        ("html_502", 502, "text/html", "Bad Gateway", 0),
        ("json_roto", 200, "application/json", '{"id": "12', 1),
        ("vacio_500", 500, "text/plain", "", 0),
        ("redirige_302", 302, "text/html", "", 0),
        ("exito_sin_id", 200, "application/json", "{}", 1),
        ("exito_falso", 200, "application/json", '{"success": false}', 0),
    ],
)
def test_las_respuestas_raras_llegan_tal_cual(falla, estado, tipo, cuerpo, aceptadas, mundo, grafo):
    mundo.armar("facebook", falla)
    respuesta = grafo.escribir(f"{PAGINA}/feed", message="Hola")
    assert respuesta.status_code == estado
    assert respuesta.headers["Content-Type"].startswith(tipo)
    assert cuerpo in respuesta.text
    assert _cuantas(mundo) == aceptadas


def test_la_opcion_aceptado_cambia_si_la_red_se_queda_con_el_envio(mundo, grafo):
    mundo.armar("facebook", "html_502", aceptado=True)
    assert grafo.escribir(f"{PAGINA}/feed", message="Hola").status_code == 502
    mundo.armar("facebook", "corta_despues", aceptado=False)
    with pytest.raises(requests.ConnectionError):
        grafo.escribir(f"{PAGINA}/feed", message="Otra")
    assert [e.texto for e in mundo.entradas()] == ["Hola"]


def test_tarda_acepta_aunque_el_cliente_ya_se_haya_ido(mundo, grafo):
    mundo.armar("facebook", "tarda", segundos=0.3)
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{grafo.base}/v25.0/{PAGINA}/feed",
            data={"message": "Hola"},
            headers={"Authorization": f"Bearer {grafo.token}"},
            timeout=0.1,
        )
    assert _cuantas(mundo) == 0
    limite = time.monotonic() + 5
    while not _cuantas(mundo) and time.monotonic() < limite:
        time.sleep(0.02)
    assert _cuantas(mundo) == 1


def test_con_demora_lectura_se_acepta_pero_se_ve_despues(mundo, grafo, reloj):
    mundo.armar("facebook", "demora_lectura", segundos=40)
    id_ = grafo.publicar("Hola")
    assert grafo.leer(f"{PAGINA}/published_posts").json() == {"data": []}
    assert error_de(grafo.leer(id_)) == (100, 33)
    reloj.pasan(seconds=41)
    assert grafo.leer(f"{PAGINA}/published_posts").json()["data"][0]["id"] == id_


def test_releer_lo_demorado_en_la_misma_respuesta_no_parece_un_rechazo(mundo, grafo):
    mundo.armar("facebook", "demora_lectura", segundos=40)
    respuesta = grafo.llamar(
        "POST", f"{PAGINA}/feed", params={"fields": "id,permalink_url"}, data={"message": "Hola"}
    )
    assert respuesta.status_code == 200
    assert respuesta.json()["id"].startswith(PAGINA)


def test_una_falla_no_vuelve_aceptable_lo_que_la_red_rechaza(mundo, grafo):
    mundo.armar("facebook", "error_500_aceptado")
    respuesta = grafo.escribir(f"{PAGINA}/feed", link="no-es-una-direccion")
    assert error_de(respuesta) == (100, 2061006)
    assert _cuantas(mundo) == 0


def test_por_omision_solo_fallan_las_llamadas_que_hacen_algo_publico(mundo, grafo):
    mundo.armar("facebook", "error_500")
    assert grafo.leer(f"{PAGINA}/published_posts").status_code == 200
    assert grafo.subir_foto().status_code == 200
    assert grafo.escribir(f"{PAGINA}/feed", message="Hola").status_code == 500


@pytest.mark.parametrize(
    ("llamada", "falla_leer", "falla_subir", "falla_publicar"),
    [("leer", True, False, False), ("subir", False, True, False), ("publicar", False, False, True)],
)
def test_la_opcion_llamada_dice_cual_falla(
    llamada, falla_leer, falla_subir, falla_publicar, mundo, grafo
):
    mundo.armar("facebook", "vacio_500", None, llamada=llamada)
    assert (grafo.leer(f"{PAGINA}/published_posts").status_code == 500) is falla_leer
    assert (grafo.subir_foto().status_code == 500) is falla_subir
    publicada = grafo.escribir(f"{PAGINA}/feed", message="Hola")
    assert (publicada.status_code == 500) is falla_publicar


def test_el_azar_con_semilla_se_repite_y_respeta_la_probabilidad():
    def tiradas() -> list[bool]:
        averias = Averias()
        averias.armar("x", "error_500", None, probabilidad=0.3, semilla=7)
        return [averias.tocar("x", "publicar") is not None for _ in range(400)]

    assert tiradas() == tiradas()
    assert 80 < sum(tiradas()) < 160


def test_las_veces_se_gastan_y_desarmar_las_retira(mundo):
    mundo.armar("x", "error_500", 2)
    mundo.armar("facebook", "error_500")
    mundo.desarmar("facebook")
    assert mundo.tocar("facebook", "publicar") is None
    assert [mundo.tocar("x", "publicar") is not None for _ in range(3)] == [True, True, False]


def test_rechaza_responde_el_codigo_pedido(mundo, grafo):
    mundo.armar("facebook", "rechaza", codigo="368/1390008")
    assert error_de(grafo.escribir(f"{PAGINA}/feed", message="Hola")) == (368, 1390008)


@pytest.mark.parametrize(
    ("pedido", "dice"),
    [
        (("facebok", "error_500", 1), "No hay una red de ensayo «facebok»"),
        (("facebook", "explota", 1), "No existe la falla «explota»"),
        (("facebook", "error_500", 0), "«veces»"),
        (("facebook", "error_500", True), "«veces»"),
    ],
)
def test_una_falla_mal_pedida_se_explica(pedido, dice):
    with pytest.raises(FallaDesconocida, match=dice):
        Averias().armar(*pedido)


def test_el_catalogo_cubre_el_contrato_y_cada_falla_acepta_o_no():
    exigidas = {
        *("no_acepta", "corta_antes", "corta_despues", "tarda", "error_500"),
        *("error_500_aceptado", "limite_429", "token_vencido", "html_502", "json_roto"),
        "duplicado",
    }
    assert exigidas <= set(FALLAS)
    assert set(FALLAS) >= TRAS_ACEPTAR


# --- el puerto cerrado de verdad ----------------------------------------------------------------


def _rechazada(url: str) -> bool:
    try:
        requests.get(url, timeout=5)
    except requests.ConnectionError as error:
        return isinstance(getattr(error.args[0], "reason", None), NewConnectionError)
    return False


def test_no_acepta_rechaza_la_conexion_y_despues_vuelve(mundo, ensayo):
    mundo.armar("facebook", "no_acepta", 2, segundos=3)
    rechazos, limite = 0, time.monotonic() + 6
    while rechazos < 1 and time.monotonic() < limite:
        rechazos += _rechazada(f"{ensayo.url}/estado")
        time.sleep(0.03)
    assert rechazos
    while _rechazada(f"{ensayo.url}/estado") and time.monotonic() < limite:
        time.sleep(0.03)
    assert requests.get(f"{ensayo.url}/estado", timeout=5).status_code == 200


def test_con_puertos_propios_solo_se_cierra_el_de_esa_red(mundo):
    with Ensayo(mundo, puertos_propios=True) as ensayo:
        ensayo.cerrar_puerta("facebook")
        assert _rechazada(f"{ensayo.url_de('facebook')}/v25.0/me")
        assert requests.get(f"{ensayo.url}/estado", timeout=5).status_code == 200
        ensayo.abrir_puerta("facebook")
        assert not _rechazada(f"{ensayo.url_de('facebook')}/v25.0/me")


def test_cerrar_la_puerta_suelta_las_conexiones_ociosas(ensayo):
    direccion = ("127.0.0.1", ensayo.puerto)
    with socket.create_connection(direccion, timeout=5) as ociosa:
        ociosa.sendall(b"GET /fallas HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert ociosa.recv(65_536).startswith(b"HTTP/1.1 200")
        ensayo.cerrar_puerta()
        # La conexión abierta termina, y una nueva no se acepta: nada puede quedar a medias.
        assert leer_hasta_el_fin(ociosa)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(direccion, timeout=5)


def leer_hasta_el_fin(enchufe: socket.socket) -> bool:
    try:
        while enchufe.recv(65_536):
            pass
    except ConnectionResetError:
        pass
    return True


def test_el_puerto_sigue_reservado_mientras_la_puerta_esta_cerrada(mundo, ensayo):
    ensayo.cerrar_puerta()
    with socket.socket() as otro, pytest.raises(OSError, match="Address already in use"):
        otro.bind(("127.0.0.1", ensayo.puerto))
    ensayo.abrir_puerta()
    assert requests.get(f"{ensayo.url}/muro", timeout=5).status_code == 200


def test_dos_ensayos_no_caben_en_un_puerto(mundo, ensayo):
    with pytest.raises(OSError, match="Address already in use"):
        Ensayo(mundo, ensayo.puerto, puerto_correo=None)
