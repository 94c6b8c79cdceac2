"""Contra un WordPress de verdad: lo que una persona hace en el sitio mientras publicamos."""

import pytest

from conectores.bloques import componer
from conectores.contrato import Listo
from conectores.errores import ContenidoRechazado
from tests.conectores.wordpress.apoyo import (
    LibretaEnMemoria,
    publicar,
    un_conector,
    un_envio,
)

pytestmark = pytest.mark.wordpress


def test_el_borrador_que_alguien_renombro_se_halla_por_su_marca(wordpress_real, mirada, libreta):
    envio = un_envio()
    conector = un_conector(wordpress_real)
    listo = conector.preparar(envio, libreta)
    assert isinstance(listo, Listo)
    mirada.pedir("POST", f"posts/{listo.subidos[0]}", slug="otro-nombre", title="Otro título")

    recibo = publicar(conector, envio, LibretaEnMemoria())
    assert recibo.id_remoto == listo.subidos[0]
    assert mirada.entrada(recibo.id_remoto)["title"]["raw"] == envio.titulo


def test_lo_que_alguien_cambio_en_el_borrador_vuelve_a_lo_aprobado(wordpress_real, mirada, libreta):
    envio = un_envio()
    conector = un_conector(wordpress_real)
    listo = conector.preparar(envio, libreta)
    assert isinstance(listo, Listo)
    mirada.pedir("POST", f"posts/{listo.subidos[0]}", content="<p>Otra cosa</p>", title="Otro")
    recibo = publicar(conector, envio, libreta)

    entrada = mirada.entrada(recibo.id_remoto)
    assert entrada["content"]["raw"] == componer(envio.texto, clave=envio.clave)


@pytest.mark.parametrize(
    ("con_libreta", "del_todo"),
    [(True, False), (True, True), (False, False)],
    ids=["papelera", "borrado", "papelera-sin-libreta"],
)
def test_lo_que_una_persona_boto_no_se_crea_otra_vez(
    wordpress_real, mirada, libreta, con_libreta, del_todo
):
    envio = un_envio()
    conector = un_conector(wordpress_real)
    listo = conector.preparar(envio, libreta)
    assert isinstance(listo, Listo)
    mirada.pedir(
        "DELETE",
        f"posts/{listo.subidos[0]}",
        consulta={"force": "true"} if del_todo else {},
    )

    with pytest.raises(ContenidoRechazado, match="papelera"):
        conector.preparar(envio, libreta if con_libreta else LibretaEnMemoria())
    assert mirada.con_titulo(envio.titulo) == []


def test_un_borrador_borrado_entre_preparar_y_publicar_lo_dice(wordpress_real, mirada, libreta):
    conector = un_conector(wordpress_real)
    listo = conector.preparar(un_envio(), libreta)
    assert isinstance(listo, Listo)
    mirada.pedir("DELETE", f"posts/{listo.subidos[0]}", consulta={"force": "true"})

    with pytest.raises(ContenidoRechazado, match="borró el borrador"):
        conector.publicar(listo)


def test_una_entrada_que_alguien_programo_en_el_sitio_sale_ahora(wordpress_real, mirada, libreta):
    envio = un_envio()
    conector = un_conector(wordpress_real)
    listo = conector.preparar(envio, libreta)
    assert isinstance(listo, Listo)
    mirada.pedir(
        "POST", f"posts/{listo.subidos[0]}", status="future", date_gmt="2099-01-01T00:00:00"
    )
    assert mirada.entrada(listo.subidos[0])["status"] == "future"

    recibo = publicar(conector, envio, libreta)
    assert mirada.entrada(recibo.id_remoto)["status"] == "publish"
