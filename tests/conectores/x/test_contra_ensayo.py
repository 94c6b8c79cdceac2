"""ConectorX contra la red X de ensayo, que es estricta: hilos, medios, dudas y renovación."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from conectores.contrato import Adjunto, Clase, Listo, Recibo
from conectores.errores import AunNo, ErrorDeConector, PosibleDuplicado, SinRespuesta
from conectores.http import Plazos, Sesion
from conectores.texto import cabe_en_x, partir_en_hilo
from conectores.x import ConectorX
from conectores.x.oauth2 import pedir_renovacion
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo

ID = "1500000000000000001"
LARGO = (
    "La obra del parque «García Rovira» avanza según el plan & sin demoras. " * 6
    + "\n\nMás información: https://www.example.com/noticias/parque?a=1&copy=2 #Obras 🇨🇴"
)


@pytest.fixture(scope="module")
def _red() -> Iterator[Ensayo]:
    with Ensayo(Mundo(), puertos_propios=True, puerto_correo=None) as ensayo:
        yield ensayo


@pytest.fixture
def red(_red: Ensayo) -> Ensayo:
    _red.mundo.reiniciar()
    return _red


@pytest.fixture
def armar_conector(red):
    def _armar(**cambios) -> ConectorX:
        llaves = {
            "api_key": "llave",
            "api_secret": "secreto",
            "access_token": f"{ID}-ficha",
            "access_secret": "secreto-dos",
        }
        valores = {
            "credencial": llaves,
            "identificador": ID,
            "base_url": red.url_de("x"),
            "plazos": Plazos(conexion_s=2, lectura_s=2),
        }
        return ConectorX(**{**valores, **cambios})

    return _armar


def entregar(armar_conector, envio, libreta) -> Recibo:
    """Como el motor, con un conector recién armado en cada vuelta."""
    for _ in range(30):
        try:
            listo = armar_conector().preparar(envio, libreta)
        except AunNo:
            continue
        if isinstance(listo, Recibo):
            return listo
        recibo = armar_conector().publicar(listo)
        libreta.anotar(listo.paso.nombre, recibo.id_remoto)
        if recibo.completo:
            return recibo
    raise AssertionError("la entrega no termina")


def adjunto_de(archivo: Path, clase: Clase, tipo: str) -> Adjunto:
    datos = archivo.read_bytes()
    return Adjunto(
        clase=clase,
        huella=hashlib.sha256(datos).hexdigest(),
        tipo=tipo,
        nombre=archivo.name,
        archivo=archivo,
        peso_bytes=len(datos),
        ancho_px=320,
        alto_px=240,
        texto_alternativo="" if clase is Clase.VIDEO else "Cinta de colores.",
    )


def un_gif(carpeta: Path) -> Adjunto:
    cuadros = [Image.new("RGB", (320, 240), (80 * n, 20, 90)) for n in range(3)]
    archivo = carpeta / "cinta.gif"
    cuadros[0].save(archivo, save_all=True, append_images=cuadros[1:], duration=100, loop=0)
    return adjunto_de(archivo, Clase.GIF, "image/gif")


def un_video(carpeta: Path) -> Adjunto:
    archivo = carpeta / "cinta.mp4"
    with av.open(str(archivo), "w") as filme:
        pista = filme.add_stream("h264", rate=10)
        pista.width, pista.height, pista.pix_fmt = 320, 240, "yuv420p"
        pista.time_base = Fraction(1, 10)
        for n in range(20):
            cuadro = av.VideoFrame.from_image(Image.new("RGB", (320, 240), (10 * n, 20, 90)))
            filme.mux(pista.encode(cuadro))
        filme.mux(pista.encode(None))
    return adjunto_de(archivo, Clase.VIDEO, "video/mp4")


def test_un_hilo_sale_unido_y_completo(red, armar_conector, un_envio, libreta):
    segmentos = partir_en_hilo(LARGO)
    assert len(segmentos) > 1
    assert all(cabe_en_x(s) for s in segmentos)
    recibo = entregar(armar_conector, un_envio(*segmentos), libreta)
    publicadas = red.mundo.visibles("x")
    assert [e.texto for e in publicadas] == list(segmentos)
    assert recibo.id_remoto == publicadas[0].id
    assert [e.en_respuesta_a for e in publicadas] == [
        None,
        *(e.id for e in publicadas[:-1]),
    ]


@pytest.mark.parametrize("falla", ["corta_despues", "error_500_aceptado", "json_roto"])
@pytest.mark.parametrize("cual", [0, 1])
def test_un_segmento_en_duda_se_halla_y_el_hilo_sigue(
    red, armar_conector, un_envio, libreta, falla, cual
):
    envio = un_envio(*partir_en_hilo(LARGO))
    desde = datetime.now(UTC)
    for indice in range(cual):
        listo = armar_conector().preparar(envio, libreta)
        libreta.anotar(f"segmento-{indice}", armar_conector().publicar(listo).id_remoto)
    red.mundo.armar("x", falla, llamada="publicar")
    listo = armar_conector().preparar(envio, libreta)
    with pytest.raises(SinRespuesta):
        armar_conector().publicar(listo)
    (hallado,) = armar_conector().buscar(envio, libreta, listo.paso.nombre, desde).recibos
    assert not hallado.completo
    libreta.anotar(listo.paso.nombre, hallado.id_remoto)
    entregar(armar_conector, envio, libreta)
    assert [e.texto for e in red.mundo.visibles("x")] == list(envio.segmentos)


def test_repetir_lo_ya_salido_es_posible_duplicado_y_no_sale_dos_veces(
    red, armar_conector, un_envio, libreta
):
    listo = armar_conector().preparar(un_envio(), libreta)
    armar_conector().publicar(listo)
    with pytest.raises(PosibleDuplicado):
        armar_conector().publicar(listo)
    assert len(red.mundo.visibles("x")) == 1


def test_lo_que_no_salio_no_se_halla(red, armar_conector, un_envio, libreta):
    desde = datetime.now(UTC)
    red.mundo.armar("x", "corta_antes", llamada="publicar")
    listo = armar_conector().preparar(un_envio(), libreta)
    with pytest.raises(SinRespuesta):
        armar_conector().publicar(listo)
    assert armar_conector().buscar(un_envio(), libreta, "publicar", desde).recibos == ()


@pytest.mark.parametrize("hacer", [un_gif, un_video])
def test_un_gif_y_un_video_llegan_byte_por_byte(
    red, armar_conector, un_envio, libreta, tmp_path, hacer
):
    adjunto = hacer(tmp_path)
    entregar(armar_conector, un_envio("Vea la cinta", adjuntos=(adjunto,)), libreta)
    (entrada,) = red.mundo.visibles("x")
    (imagen,) = entrada.imagenes
    assert imagen.sha256 == adjunto.huella
    assert (imagen.alt or "") == adjunto.texto_alternativo
    desde = datetime.now(UTC) - timedelta(seconds=30)
    (hallado,) = (
        armar_conector().buscar(un_envio("Vea la cinta"), libreta, "publicar", desde).recibos
    )
    assert hallado.id_remoto == entrada.id


def test_un_video_que_x_no_puede_procesar_vuelve_a_una_persona(
    red, armar_conector, un_envio, libreta, tmp_path
):
    archivo = tmp_path / "roto.mp4"
    archivo.write_bytes(b"esto no es un video" * 100)
    envio = un_envio(adjuntos=(adjunto_de(archivo, Clase.VIDEO, "video/mp4"),))
    with pytest.raises(ErrorDeConector) as caso:
        entregar(armar_conector, envio, libreta)
    assert "no pudo procesar" in caso.value.mensaje
    assert red.mundo.visibles("x") == []


def test_oauth2_se_renueva_y_el_par_viejo_muere(red, armar_conector, un_envio, libreta):
    ahora = datetime.now(UTC)
    guardada = {
        "client_id": "publico",
        "access_token": f"{ID}-acceso",
        "refresh_token": f"{ID}-renovar",
        "vence_en": (ahora + timedelta(minutes=2)).isoformat(),
    }

    def pedir(credencial):
        with Sesion(Plazos(conexion_s=2, lectura_s=2)) as sesion:
            return pedir_renovacion(sesion, red.url_de("x"), credencial, ahora=ahora)

    nuevas = []

    def gancho():
        nuevas.append(pedir(guardada))
        return nuevas[-1]

    conector = armar_conector(credencial=guardada, renovar=gancho)
    listo = conector.preparar(un_envio(), libreta)
    assert isinstance(listo, Listo)
    conector.publicar(listo)
    assert len(nuevas) == 1
    assert nuevas[0]["refresh_token"] != guardada["refresh_token"]
    with pytest.raises(ErrorDeConector) as caso:
        pedir(guardada)
    assert "conectarla" in caso.value.mensaje


def test_medir_verificar_y_retirar(red, armar_conector, un_envio, libreta):
    recibo = entregar(armar_conector, un_envio(), libreta)
    conector = armar_conector()
    permiso = conector.verificar()
    assert permiso.vale
    assert permiso.nombre.startswith("@")
    medidas = {m.nombre: m.valor for m in conector.medir(recibo.id_remoto)}
    assert medidas["public_metrics.like_count"] is not None
    conector.retirar(recibo.id_remoto)
    conector.retirar(recibo.id_remoto)
    assert red.mundo.visibles("x") == []
