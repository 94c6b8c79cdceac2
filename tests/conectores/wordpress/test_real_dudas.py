"""Contra un WordPress de verdad: cortes, gemelos y manos ajenas. Nunca dos, nunca ninguna."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from conectores.bloques import componer
from conectores.contrato import Hallazgo, Listo, Recibo
from conectores.errores import (
    AunNo,
    ErrorDeConector,
    NoSePudoAnotar,
    SinPermiso,
    SinRespuesta,
)
from conectores.http import Plazos
from tests.conectores.wordpress.apoyo import (
    LibretaEnMemoria,
    publicar,
    un_conector,
    un_envio,
    una_imagen,
)
from tests.sistema.procesos import esperar

pytestmark = pytest.mark.wordpress

CORTO = Plazos(conexion_s=3, lectura_s=0.6)
# PHP sigue solo después de que el cliente se cansa: así se pierde una respuesta de verdad.
DEMORA = """
add_filter('wp_insert_post_data', function ($datos) {
    $es_suya = strpos($datos['post_title'], '%s') !== false;
    if ($es_suya && $datos['post_status'] === '%s') { sleep(2); }
    return $datos;
});
"""
FALLA_TRAS_GUARDAR = """
add_action('rest_after_insert_post', function ($entrada) {
    if (strpos($entrada->post_title, '%s') !== false && $entrada->post_status === '%s') {
        throw new Error('se cayó después de guardar');
    }
});
"""


def hace_poco() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=5)


def test_una_creacion_sin_respuesta_no_deja_dos_borradores(wordpress_real, mirada, libreta):
    envio = un_envio()
    wordpress_real.poner_complemento("demora", DEMORA % (envio.titulo, "draft"))
    apurado = un_conector(wordpress_real, plazos=CORTO)
    with pytest.raises(SinRespuesta):
        apurado.preparar(envio, libreta)
    # Todavía no existe: crear ya sería dejar dos. Se pide volver después.
    with pytest.raises(AunNo) as pedido:
        apurado.preparar(envio, libreta)
    assert pedido.value.espera >= timedelta(seconds=1)

    esperar(lambda: len(mirada.con_titulo(envio.titulo)) == 1, segundos=10, que="el borrador")
    wordpress_real.quitar_complementos()
    recibo = publicar(un_conector(wordpress_real), envio, libreta)

    (unica,) = mirada.con_titulo(envio.titulo)
    assert (str(unica["id"]), unica["status"]) == (recibo.id_remoto, "publish")


def test_una_creacion_que_nunca_llego_se_repite_tras_la_espera(wordpress_real, mirada):
    envio = un_envio()
    libreta = LibretaEnMemoria(creacion="en curso")
    conector = un_conector(wordpress_real)
    with pytest.raises(AunNo):
        conector.preparar(envio, libreta)

    assert isinstance(conector.preparar(envio, libreta), Listo)
    assert len(mirada.con_titulo(envio.titulo)) == 1


def test_un_500_despues_de_crear_deja_una_sola_publicacion(wordpress_real, mirada, libreta):
    envio = un_envio()
    wordpress_real.poner_complemento("falla", FALLA_TRAS_GUARDAR % (envio.titulo, "draft"))
    with pytest.raises(SinRespuesta):
        un_conector(wordpress_real).preparar(envio, libreta)
    wordpress_real.quitar_complementos()

    recibo = publicar(un_conector(wordpress_real), envio, libreta)
    (unica,) = mirada.con_titulo(envio.titulo)
    assert str(unica["id"]) == recibo.id_remoto


@pytest.mark.parametrize("complemento", [DEMORA, FALLA_TRAS_GUARDAR], ids=["demora", "500"])
def test_publicar_sin_respuesta_se_aclara_mirando(wordpress_real, mirada, libreta, complemento):
    envio = un_envio()
    conector = un_conector(wordpress_real, plazos=CORTO)
    listo = conector.preparar(envio, libreta)
    assert isinstance(listo, Listo)
    wordpress_real.poner_complemento("x", complemento % (envio.titulo, "publish"))
    with pytest.raises(SinRespuesta):
        conector.publicar(listo)
    esperar(
        lambda: mirada.entrada(listo.subidos[0])["status"] == "publish", segundos=10, que="salir"
    )
    wordpress_real.quitar_complementos()

    hallazgo = un_conector(wordpress_real).buscar(envio, libreta, "publicar", hace_poco())
    entrada = mirada.entrada(listo.subidos[0])
    assert [(r.id_remoto, r.url) for r in hallazgo.recibos] == [(listo.subidos[0], entrada["link"])]
    # Y si el motor vuelve a preparar, tampoco se repite.
    assert un_conector(wordpress_real).preparar(envio, libreta) == hallazgo.recibos[0]


def test_un_borrador_no_cuenta_como_publicado(wordpress_real, libreta):
    envio = un_envio()
    conector = un_conector(wordpress_real)
    conector.preparar(envio, libreta)
    assert conector.buscar(envio, libreta, "publicar", hace_poco()) == Hallazgo()


def test_lo_publicado_se_encuentra_sin_libreta_por_su_marca(wordpress_real, mirada, libreta):
    envio = un_envio()
    recibo = publicar(un_conector(wordpress_real), envio, libreta)
    vacia = LibretaEnMemoria()

    assert un_conector(wordpress_real).buscar(envio, vacia, "publicar", hace_poco()).recibos == (
        recibo,
    )
    assert un_conector(wordpress_real).preparar(envio, vacia) == recibo
    assert len(mirada.con_titulo(envio.titulo)) == 1


def test_lo_de_otra_entrega_no_se_adopta(wordpress_real, libreta):
    ajeno = un_envio()
    publicar(un_conector(wordpress_real), ajeno, libreta)
    gemelo_en_texto = un_envio(titulo=ajeno.titulo, segmentos=(f"Cita la clave {ajeno.clave}",))

    mirado = un_conector(wordpress_real).buscar(
        gemelo_en_texto, LibretaEnMemoria(), "publicar", hace_poco()
    )
    assert mirado == Hallazgo()
    # Y al revés: que otro texto cite la clave no lo vuelve suyo.
    publicar(un_conector(wordpress_real), gemelo_en_texto, LibretaEnMemoria())
    del_ajeno = un_conector(wordpress_real).buscar(
        ajeno, LibretaEnMemoria(), "publicar", hace_poco()
    )
    assert len(del_ajeno.recibos) == 1


def test_de_dos_borradores_gemelos_queda_el_primero(wordpress_real, mirada, libreta):
    envio = un_envio()
    contenido = componer(envio.texto, clave=envio.clave)
    gemelos = [
        mirada.pedir(
            "POST", "posts", title=envio.titulo, content=contenido, slug=envio.clave, status="draft"
        )["id"]
        for _ in range(3)
    ]
    recibo = publicar(un_conector(wordpress_real), envio, libreta)

    assert [uno["id"] for uno in mirada.con_titulo(envio.titulo)] == [min(gemelos)]
    assert recibo.id_remoto == str(min(gemelos))


def test_dos_obreros_a_la_vez_publican_una_sola(wordpress_real, mirada):
    envio = un_envio()
    # Los dos creadores se cruzan después de elegir slug: WordPress les da el mismo a ambos.
    wordpress_real.poner_complemento(
        "cruce", DEMORA.replace("sleep(2)", "usleep(400000)") % (envio.titulo, "draft")
    )

    def obrero(_: int) -> Recibo | ErrorDeConector:
        conector = un_conector(wordpress_real)
        try:
            listo = conector.preparar(envio, LibretaEnMemoria())
            # Si el otro ya la publicó, aquí llega su recibo.
            return listo if isinstance(listo, Recibo) else conector.publicar(listo)
        except ErrorDeConector as error:
            return error

    # La ficha del motor impide esto; aquí se prueba que ni así queda la noticia dos veces.
    with ThreadPoolExecutor(2) as obreros:
        list(obreros.map(obrero, range(2)))
    esperado = un_conector(wordpress_real).preparar(envio, LibretaEnMemoria())
    if isinstance(esperado, Listo):
        esperado = un_conector(wordpress_real).publicar(esperado)

    publicadas = [uno for uno in mirada.con_titulo(envio.titulo) if uno["status"] == "publish"]
    assert esperado.id_remoto in {str(uno["id"]) for uno in publicadas}
    assert len(publicadas) == 1


def test_con_la_contrasena_cambiada_no_se_crea_nada_de_nuevo(
    wordpress_real, mirada, libreta, tmp_path
):
    envio = un_envio(adjuntos=(una_imagen(tmp_path),))
    un_conector(wordpress_real).preparar(envio, libreta)
    mala = {**wordpress_real.credencial(), "contrasena_aplicacion": "abcd efgh ijkl mnop qrst uvwx"}
    conector = un_conector(wordpress_real, credencial=mala)

    with pytest.raises(SinPermiso):
        conector.preparar(envio, LibretaEnMemoria())
    with pytest.raises(SinPermiso):
        conector.buscar(envio, LibretaEnMemoria(), "publicar", hace_poco())
    assert len(mirada.con_titulo(envio.titulo)) == 1


@pytest.mark.parametrize("estado", ["pending", "private"])
def test_si_el_sitio_no_la_deja_publicada_no_se_dice_que_salio(wordpress_real, libreta, estado):
    envio = un_envio()
    conector = un_conector(wordpress_real)
    listo = conector.preparar(envio, libreta)
    assert isinstance(listo, Listo)
    # Un complemento de revisión editorial que no deja publicar directamente.
    wordpress_real.poner_complemento(
        "revision",
        "add_filter('wp_insert_post_data', function ($datos) {"
        f"if ($datos['post_status'] === 'publish') {{ $datos['post_status'] = '{estado}'; }}"
        "return $datos; });",
    )
    with pytest.raises(SinRespuesta):
        conector.publicar(listo)
    assert conector.buscar(envio, libreta, "publicar", hace_poco()) == Hallazgo()


class LibretaQueFalla(LibretaEnMemoria):
    """Como si el proceso muriera justo antes de que la anotación `cual` fuera durable."""

    def __init__(self, cual: int) -> None:
        super().__init__()
        self._faltan = cual

    def anotar(self, clave: str, valor: str) -> None:
        self._faltan -= 1
        if self._faltan == 0:
            raise NoSePudoAnotar
        super().anotar(clave, valor)


@pytest.mark.parametrize("cual", range(1, 5))
def test_una_muerte_en_cualquier_anotacion_deja_una_publicacion_y_cada_medio_una_vez(
    wordpress_real, mirada, tmp_path, cual
):
    envio = un_envio(adjuntos=(una_imagen(tmp_path), una_imagen(tmp_path)))
    libreta = LibretaQueFalla(cual)
    with pytest.raises(NoSePudoAnotar):
        un_conector(wordpress_real).preparar(envio, libreta)
    recibo = publicar(un_conector(wordpress_real), envio, libreta)

    assert [str(uno["id"]) for uno in mirada.con_titulo(envio.titulo)] == [recibo.id_remoto]
    assert len(mirada.pedir("GET", "media", consulta={"search": envio.clave})) == 2


def test_un_reloj_adelantado_no_deja_la_entrada_programada(wordpress_real, mirada, libreta):
    adelantado = un_conector(
        wordpress_real, ahora=lambda: datetime.now(UTC) + timedelta(seconds=90)
    )
    recibo = publicar(adelantado, un_envio(), libreta)
    assert mirada.entrada(recibo.id_remoto)["status"] == "publish"
