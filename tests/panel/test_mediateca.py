"""La mediateca en el panel: subir lo bueno y lo hostil, servirlo sin riesgo, cuidar permisos."""

import hashlib
import io
import json
from datetime import timedelta
from fractions import Fraction

import av
import pytest
from PIL import Image, TiffImagePlugin
from sqlalchemy import select

from cola.derechos import revocar
from cola.estados import Causa, Estado
from cola.publicaciones import Publicacion
from panel.cabeceras import POLITICA_DE_ARCHIVOS
from piezas.autorizaciones import Autorizacion, Permiso, registrar_autorizacion
from piezas.medios import Medio
from tests.panel.sembrado import una_imagen

JSON = {"Accept": "application/json"}
DELATOR = b"6.2442N-75.5812W Nokia-secreta"


def subir(cliente, *archivos, cabeceras=JSON):
    datos = {"archivos": [(io.BytesIO(datos), nombre) for nombre, datos in archivos]}
    return cliente.post("/mediateca/subir", data=datos, headers=cabeceras)


def con_gps(formato: str) -> bytes:
    """Una foto con la marca del teléfono y su ubicación en los metadatos."""
    exif = Image.Exif()
    exif[0x010F] = DELATOR.decode()
    exif[0x8825] = {1: "N", 2: (6.0, 14.0, 39.0), 3: "W", 4: (75.0, 34.0, 52.0)}
    salida = io.BytesIO()
    extra = {"exif": exif.tobytes()} if formato != "TIFF" else {}
    if formato == "TIFF":
        etiquetas = TiffImagePlugin.ImageFileDirectory_v2()
        etiquetas[0x010F] = DELATOR.decode()
        extra = {"tiffinfo": etiquetas}
    Image.effect_noise((320, 240), 80).convert("RGB").save(salida, formato, **extra)
    return salida.getvalue()


@pytest.mark.parametrize("formato", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
def test_la_ubicacion_de_una_foto_no_queda_en_ningun_byte(panel, formato):
    datos = con_gps(formato)
    assert DELATOR in datos
    cliente = panel.como("redaccion")
    (medio,) = subir(cliente, (f"foto.{formato.lower()}", datos)).json
    for direccion in (medio["url"], medio["miniatura"], f"/mediateca/{medio['id']}/original"):
        guardado = cliente.get(direccion).data
        assert guardado, direccion
        assert DELATOR not in guardado
        assert b"Exif" not in guardado
        assert not Image.open(io.BytesIO(guardado)).getexif()


def una_bomba() -> bytes:
    """Un PNG de pocos kilobytes que dice medir 64 000 × 64 000."""
    salida = io.BytesIO()
    Image.new("1", (8, 8)).save(salida, "PNG")
    datos = bytearray(salida.getvalue())
    datos[16:24] = (64_000).to_bytes(4, "big") * 2
    return bytes(datos)


HOSTILES = {
    "dibujo.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "pagina.jpg": b"<!doctype html><script>alert(1)</script>",
    "cortada.png": una_imagen()[:400],
    "bomba.png": una_bomba(),
    "vacia.jpg": b"",
    "guion.gif": b"GIF89a/*" + b"A" * 200 + b"*/=1;alert(1)",
    "falso.mp4": b"\0\0\0\x18ftypisom" + b"A" * 400,
    "programa.exe": b"MZ" + b"\0" * 500,
}


@pytest.mark.parametrize("nombre", sorted(HOSTILES))
def test_un_archivo_hostil_no_entra_y_se_dice_por_que(panel, nombre):
    respuesta = subir(panel.como("redaccion"), (nombre, HOSTILES[nombre]))
    assert respuesta.status_code == 422
    (uno,) = respuesta.json
    assert uno["nombre"] == nombre
    assert uno["falla"].endswith(".")
    assert "Traceback" not in uno["falla"]
    with panel.leer() as sesion:
        assert sesion.scalars(select(Medio)).all() == []


def test_una_imagen_con_pagina_pegada_al_final_sale_solo_imagen(panel):
    cola = b"<script>alert(document.cookie)</script>"
    cliente = panel.como("redaccion")
    (medio,) = subir(cliente, ("mixta.jpg", una_imagen() + cola)).json
    respuesta = cliente.get(medio["url"])
    assert cola not in respuesta.data
    assert respuesta.mimetype == "image/png"
    assert respuesta.headers["X-Content-Type-Options"] == "nosniff"
    assert respuesta.headers["Content-Security-Policy"] == POLITICA_DE_ARCHIVOS
    mini = cliente.get(medio["miniatura"])
    assert (mini.mimetype, mini.headers["Content-Security-Policy"]) == (
        "image/webp", POLITICA_DE_ARCHIVOS,
    )  # fmt: skip


def test_de_varios_el_malo_no_dana_a_los_buenos(panel):
    respuesta = subir(
        panel.como("redaccion"),
        ("a.png", una_imagen("red")), ("b.jpg", b"<svg/>"), ("c.png", una_imagen("blue")),
    )  # fmt: skip
    assert [("falla" in uno, uno["nombre"]) for uno in respuesta.json] == [
        (False, "a.png"), (True, "b.jpg"), (False, "c.png"),
    ]  # fmt: skip


def test_repetida_dice_cual_era(panel):
    cliente = panel.como("redaccion")
    (primera,) = subir(cliente, ("a.png", una_imagen())).json
    (segunda,) = subir(cliente, ("otra.png", una_imagen())).json
    assert (primera["duplicado_de"], segunda["duplicado_de"]) == (None, primera["id"])


def test_sin_guiones_la_forma_sube_y_lo_cuenta(panel):
    cliente = panel.como("redaccion")
    datos = {"archivos": [(io.BytesIO(una_imagen()), "a.png"), (io.BytesIO(b"x"), "b.jpg")]}
    pagina = cliente.post("/mediateca/subir", data=datos, follow_redirects=True).text
    assert "Quedó un archivo nuevo." in pagina
    assert "b.jpg: El archivo no es una imagen" in pagina


def test_el_tope_grande_es_solo_para_quien_entro(armar_panel):
    cabeza = b'--q\r\nContent-Disposition: form-data; name="archivos"; filename="a.jpg"\r\n\r\n'
    cuerpo = cabeza + b"x" * (3 << 20) + b"\r\n--q--\r\n"
    tipo = {"Content-Type": "multipart/form-data; boundary=q"} | JSON
    de_afuera = armar_panel(con_csrf=True).visitante()
    assert de_afuera.post("/mediateca/subir", data=cuerpo, headers=tipo).status_code == 413
    respuesta = armar_panel().como("redaccion").post("/mediateca/subir", data=cuerpo, headers=tipo)
    assert respuesta.status_code == 422


def test_sin_ficha_csrf_no_se_sube(armar_panel):
    cliente = armar_panel(con_csrf=True).como("redaccion")
    assert subir(cliente, ("a.png", una_imagen())).status_code == 400
    assert cliente.patch("/mediateca/subidas/" + "a" * 32, data=b"x").status_code == 400


@pytest.fixture
def video(tmp_path):
    ruta = tmp_path / "acto.mp4"
    with av.open(str(ruta), "w", options={"movflags": "faststart"}) as contenedor:
        pista = contenedor.add_stream("libx264", rate=10)
        pista.width, pista.height, pista.pix_fmt = 160, 120, "yuv420p"
        pista.time_base = Fraction(1, 10)
        for numero in range(30):
            ruido = Image.effect_noise((160, 120), 90 + numero).convert("RGB")
            contenedor.mux(pista.encode(av.VideoFrame.from_image(ruido)))
        contenedor.mux(pista.encode())
    return ruta.read_bytes()


def mandar(cliente, llave, desde, datos):
    suma = hashlib.sha256(datos).hexdigest()
    cabeceras = {"Upload-Offset": str(desde), "Upload-Checksum": f"sha256 {suma}"}
    return cliente.patch(f"/mediateca/subidas/{llave}", data=datos, headers=cabeceras)


def empezar(cliente, peso, nombre="acto.mp4"):
    return cliente.post("/mediateca/subidas", json={"nombre": nombre, "peso_bytes": peso})


def test_un_video_por_trozos_sigue_en_otro_servidor(panel, armar_panel, video):
    cliente = panel.como("redaccion")
    llave = empezar(cliente, len(video)).json["llave"]
    mitad = len(video) // 2
    assert mandar(cliente, llave, 0, video[:mitad]).json == {"van": mitad}
    repetido = mandar(cliente, llave, 0, video[:mitad])
    assert (repetido.status_code, repetido.json["van"]) == (409, mitad)
    # El servidor que atendía murió: otro, sobre la misma carpeta, dice por dónde va.
    otro = armar_panel().como("redaccion")
    van = otro.get(f"/mediateca/subidas/{llave}").json["van"]
    assert mandar(otro, llave, van, video[van:]).json == {"van": len(video)}
    (medio,) = otro.post(f"/mediateca/subidas/{llave}/terminar").json
    assert (medio["clase"], medio["ancho"], medio["alto"]) == ("video", 160, 120)
    assert otro.get(medio["url"]).data == video
    assert otro.get(medio["miniatura"]).mimetype == "image/webp"
    assert otro.get(f"/mediateca/subidas/{llave}").status_code == 404


def test_un_video_al_que_le_falta_el_final_se_niega_al_terminar(panel, video):
    cliente = panel.como("redaccion")
    cortado = video[: len(video) * 2 // 3]
    llave = empezar(cliente, len(cortado)).json["llave"]
    mandar(cliente, llave, 0, cortado)
    respuesta = cliente.post(f"/mediateca/subidas/{llave}/terminar")
    assert respuesta.status_code == 422
    assert "cortado" in respuesta.json["falla"]


def test_la_subida_de_otra_persona_no_existe(panel):
    llave = empezar(panel.como("redaccion"), 10).json["llave"]
    ajeno = panel.como("diseno")
    assert ajeno.get(f"/mediateca/subidas/{llave}").status_code == 404
    assert mandar(ajeno, llave, 0, b"0123456789").status_code == 404
    assert ajeno.post(f"/mediateca/subidas/{llave}/cancelar").status_code == 404


@pytest.mark.parametrize("cuerpo", [{}, {"nombre": 3, "peso_bytes": 1}, {"nombre": "a.mp4"}, []])
def test_un_comienzo_sin_sentido_se_explica(panel, cuerpo):
    respuesta = panel.como("redaccion").post(
        "/mediateca/subidas", data=json.dumps(cuerpo), content_type="application/json"
    )
    assert respuesta.status_code == 422


def test_un_video_mas_pesado_que_el_tope_no_empieza(armar_panel):
    cliente = armar_panel(video_maximo_bytes=1000).como("redaccion")
    respuesta = empezar(cliente, 1001)
    assert respuesta.status_code == 422
    assert "pesa más" in respuesta.json["falla"]


def test_revocar_detiene_lo_que_espera_y_lista_lo_publicado(panel):
    with panel.oficina() as oficina:
        publicada = oficina.entrega("Ya salió", "facebook", Estado.PUBLICADA, imagen=una_imagen())
        espera = oficina.entrega("Espera", "x", Estado.PROGRAMADA, imagen=una_imagen())
        medio_id = oficina.sesion.scalars(select(Medio.id)).one()
        permiso = Permiso(quien="Rosa", referencia="Folio 1", fecha=panel.ahora.date())
        autor = oficina.persona("redaccion@alcaldia.example").id
        fila = registrar_autorizacion(
            oficina.sesion, medio_id, permiso, por=autor, ahora=panel.ahora
        )
        ids = (publicada.id, espera.id, fila.id)
    cliente = panel.como("redaccion")
    pagina = cliente.post(
        f"/mediateca/autorizaciones/{ids[2]}/revocar",
        data={"motivo": "La persona lo pidió por escrito."},
        follow_redirects=True,
    ).text
    assert "Una entrega quedó detenida en la cola." in pagina
    assert "por retirar" in pagina
    assert f'href="/cola/{ids[0]}"' in pagina
    with panel.leer() as sesion:
        detenida = sesion.get(Publicacion, ids[1])
        assert (detenida.estado, detenida.causa) == (Estado.DETENIDA, Causa.DERECHOS)
        assert "se revocó" in detenida.motivo


def test_revocar_dos_veces_no_detiene_dos_veces(panel):
    with panel.oficina() as oficina:
        oficina.entrega("Espera", "x", Estado.PROGRAMADA, imagen=una_imagen())
        medio_id = oficina.sesion.scalars(select(Medio.id)).one()
        autor = oficina.persona("redaccion@alcaldia.example").id
        fila = registrar_autorizacion(
            oficina.sesion,
            medio_id,
            Permiso(quien="Rosa", referencia="Folio 1", fecha=panel.ahora.date()),
            por=autor,
            ahora=panel.ahora,
        )
        hecho = revocar(
            oficina.sesion, fila.id, motivo="Lo pidió ayer.", por=autor, ahora=panel.ahora
        )
        assert hecho == (1, 0)


def test_el_documento_firmado_se_baja_y_no_se_abre(panel):
    cliente = panel.como("redaccion")
    (medio,) = subir(cliente, ("a.png", una_imagen())).json
    datos = {
        "quien": "Rosa", "referencia": "Folio 1", "fecha": "2026-11-20",
        "documento": (io.BytesIO(b"%PDF-1.7 ..."), "firma.pdf"),
    }  # fmt: skip
    cliente.post(f"/mediateca/{medio['id']}/autorizaciones", data=datos)
    with panel.leer() as sesion:
        fila = sesion.scalars(select(Autorizacion)).one()
    respuesta = cliente.get(f"/mediateca/autorizaciones/{fila.id}/documento")
    assert respuesta.headers["Content-Disposition"].startswith("attachment")
    assert respuesta.headers["Content-Security-Policy"] == POLITICA_DE_ARCHIVOS
    assert cliente.get(f"/medios/{fila.archivo_huella}").status_code == 404


def test_un_documento_que_no_es_pdf_no_se_guarda_ni_se_pierde_lo_escrito(panel):
    cliente = panel.como("redaccion")
    (medio,) = subir(cliente, ("a.png", una_imagen())).json
    datos = {
        "quien": "Rosa", "referencia": "Folio 77", "fecha": "2026-11-20",
        "documento": (io.BytesIO(b"<html>"), "firma.pdf"),
    }  # fmt: skip
    pagina = cliente.post(
        f"/mediateca/{medio['id']}/autorizaciones", data=datos, follow_redirects=True
    ).text
    assert "no es un PDF" in pagina
    assert 'value="Folio 77"' in pagina
    with panel.leer() as sesion:
        assert sesion.scalars(select(Autorizacion)).all() == []


def test_una_ficha_con_fallas_no_pierde_lo_escrito(panel):
    cliente = panel.como("redaccion")
    (medio,) = subir(cliente, ("a.png", una_imagen())).json
    datos = {"titulo": "T" * 201, "evento": "Feria del libro"}
    respuesta = cliente.post(f"/mediateca/{medio['id']}", data=datos)
    assert respuesta.status_code == 422
    assert "El título tiene 201 caracteres" in respuesta.text
    assert 'value="Feria del libro"' in respuesta.text


def test_los_subtitulos_se_validan_y_se_sirven_como_vtt(panel, video):
    cliente = panel.como("redaccion")
    (medio,) = subir(cliente, ("acto.mp4", video)).json
    ruta = f"/mediateca/{medio['id']}/subtitulos"
    malo = cliente.post(
        ruta, data={"subtitulos": (io.BytesIO(b"hola"), "a.srt")}, follow_redirects=True
    )
    assert "no traen tiempos" in malo.text
    srt = b"1\n00:00:00,000 --> 00:00:01,000\n<script>alert(1)</script>\n"
    cliente.post(ruta, data={"subtitulos": (io.BytesIO(srt), "a.srt")})
    respuesta = cliente.get(ruta + ".vtt")
    assert respuesta.mimetype == "text/vtt"
    assert respuesta.text.startswith("WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.000")
    assert respuesta.headers["Content-Security-Policy"] == POLITICA_DE_ARCHIVOS


def test_lo_escrito_en_una_ficha_nunca_se_vuelve_etiqueta(panel):
    hostil = '"><img src=x onerror=alert(1)>'
    cliente = panel.como("redaccion")
    (medio,) = subir(cliente, ("'<img src=x onerror=alert(1)>.png", una_imagen())).json
    campos = ("titulo", "evento", "responsable", "credito", "texto_alternativo", "campania")
    cliente.post(f"/mediateca/{medio['id']}", data=dict.fromkeys(campos, hostil))
    for camino in ("", "?vista=lista", "/elegir", f"/{medio['id']}", f"/{medio['id']}/recortar"):
        pagina = cliente.get("/mediateca" + camino).text
        assert "<img src=x" not in pagina, camino


def test_los_cuatro_recortes_de_una_vez(panel):
    cliente = panel.como("diseno")
    (medio,) = subir(cliente, ("a.png", una_imagen())).json
    datos = {"todas": "1", "foco_x": "90", "foco_y": "10"}
    hechos = cliente.post(f"/mediateca/{medio['id']}/recortar", data=datos, headers=JSON).json
    assert [(uno["ancho"], uno["alto"]) for uno in hechos] == [
        (1200, 675), (1200, 628), (750, 750), (600, 750),
    ]  # fmt: skip
    with panel.leer() as sesion:
        assert sesion.get(Medio, medio["id"]).foco_x == pytest.approx(0.9)


@pytest.mark.parametrize(
    "datos",
    [{}, {"proporcion": "1x1", "x": "a"}, {"todas": "1", "foco_x": "inf", "foco_y": "0"},
     {"proporcion": "1x1", "x": "0", "y": "0", "ancho": "-5", "alto": "9" * 30}],
)  # fmt: skip
def test_un_recorte_sin_sentido_se_explica(panel, datos):
    cliente = panel.como("diseno")
    (medio,) = subir(cliente, ("a.png", una_imagen())).json
    respuesta = cliente.post(f"/mediateca/{medio['id']}/recortar", data=datos, headers=JSON)
    assert respuesta.status_code == 422
    assert respuesta.json["falla"].endswith(".")


def test_una_revocada_no_pasa_la_ultima_puerta(panel):
    """Ni siquiera si su fila seguía programada: vence mientras espera."""
    with panel.oficina() as oficina:
        p = oficina.entrega("Espera", "x", Estado.PROGRAMADA, imagen=una_imagen())
        medio_id = oficina.sesion.scalars(select(Medio.id)).one()
        autor = oficina.persona("redaccion@alcaldia.example").id
        permiso = Permiso(
            quien="Rosa", referencia="Folio 1", fecha=panel.ahora.date(), vence=panel.ahora.date()
        )
        registrar_autorizacion(oficina.sesion, medio_id, permiso, por=autor, ahora=panel.ahora)
        version_id = p.version_id
    from piezas.derechos import versiones_sin_derechos

    with panel.leer() as sesion:
        assert not versiones_sin_derechos(sesion, [version_id], ahora=panel.ahora)
        luego = panel.ahora + timedelta(days=1)
        assert "venció" in versiones_sin_derechos(sesion, [version_id], ahora=luego)[version_id]
