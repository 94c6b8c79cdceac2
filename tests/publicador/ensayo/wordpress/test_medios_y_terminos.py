import io

import pytest
import requests
from PIL import Image


def test_un_medio_subido_se_halla_por_slug_y_sus_bytes_son_los_mismos(wp, imagen):
    medio = wp.subir(imagen, "pub-1-1.jpg", title="Río", alt_text="Un río", caption="").json()
    assert (medio["slug"], medio["alt_text"], medio["mime_type"]) == ("rio", "Un río", "image/jpeg")
    assert medio["caption"]["raw"] == ""
    assert medio["media_details"]["sizes"]["full"]["width"] == 600
    assert requests.get(medio["source_url"], timeout=5).content == imagen
    mediano = medio["media_details"]["sizes"]["medium"]["source_url"]
    assert requests.get(mediano, timeout=5).status_code == 200

    otro = wp.subir(imagen, "pub-2-1.jpg", slug="pub-2-1", title="Río").json()
    hallados = wp("GET", "/wp/v2/media", params={"slug": "pub-2-1", "context": "edit"}).json()
    assert [m["id"] for m in hallados] == [otro["id"]]
    assert wp("GET", "/wp/v2/media", params={"status": "any"}).status_code == 400


def test_subir_dos_veces_deja_dos_medios_con_nombres_distintos(wp, imagen):
    uno, dos = (wp.subir(imagen, "foto.jpg").json() for _ in range(2))
    assert [uno["slug"], dos["slug"]] == ["foto", "foto-1"]
    assert dos["source_url"].endswith("/foto-1.jpg")


@pytest.mark.parametrize(
    ("datos", "nombre"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg"),
        (b"<?php echo 1; ?>", "foto.jpg"),
        (b"<html></html>", "pagina.html"),
        (b"\xff\xd8\xff\xe0falsa", "falsa.jpg"),
        (b"no es un video", "video.mp4"),
    ],
)
def test_los_archivos_que_no_son_se_rechazan_con_500_para_siempre(wp, datos, nombre):
    respuesta = wp.subir(datos, nombre)
    assert respuesta.status_code == 500
    assert respuesta.json()["code"] == "rest_upload_sideload_error"


def test_la_extension_equivocada_se_corrige_y_la_peligrosa_se_desarma(wp):
    salida = io.BytesIO()
    Image.new("RGB", (20, 20)).save(salida, "PNG")
    assert wp.subir(salida.getvalue(), "b.jpg").json()["source_url"].endswith("/b.png")
    raro = wp.subir(salida.getvalue(), "../a.php.png").json()
    assert raro["source_url"].endswith("/a.php_.png")


def test_sin_titulo_wordpress_toma_el_de_la_camara(wp):
    exif = Image.Exif()
    exif[270] = "Foto de la camara"
    salida = io.BytesIO()
    Image.new("RGB", (20, 20)).save(salida, "JPEG", exif=exif)
    medio = wp.subir(salida.getvalue(), "x.jpg").json()
    assert medio["title"]["raw"] == medio["caption"]["raw"] == "Foto de la camara"
    assert medio["slug"] == "foto-de-la-camara"


def test_las_cabeceras_de_la_subida_se_revisan(wp, imagen):
    def pedir(**cabeceras):
        return wp("POST", "/wp/v2/media", data=imagen, headers=cabeceras).json()["code"]

    assert pedir(**{"Content-Type": "image/jpeg"}) == "rest_upload_no_content_disposition"
    mala = {"Content-Type": "image/jpeg", "Content-Disposition": "attachment"}
    assert pedir(**mala) == "rest_upload_invalid_disposition"
    cabeceras = {
        "Content-Type": "image/jpeg",
        "Content-Disposition": 'attachment; filename="a.jpg"',
        "Content-MD5": "0" * 32,
    }
    assert pedir(**cabeceras) == "rest_upload_hash_mismatch"


def test_un_medio_se_borra_solo_del_todo(wp, imagen):
    id_ = wp.subir(imagen, "foto.jpg").json()["id"]
    assert wp("DELETE", f"/wp/v2/media/{id_}").json()["code"] == "rest_trash_not_supported"
    assert wp("DELETE", f"/wp/v2/media/{id_}", params={"force": "true"}).json()["deleted"]
    assert wp("GET", f"/wp/v2/media/{id_}").status_code == 404


def test_las_imagenes_publicadas_llegan_al_muro_con_su_texto_alternativo(wp, mundo, imagen):
    uno = wp.subir(imagen, "uno.jpg", alt_text="Portada").json()
    dos = wp.subir(imagen, "dos.jpg", alt_text="De biblioteca").json()
    contenido = (
        "<!-- wp:paragraph -->\n<p>Hola</p>\n<!-- /wp:paragraph -->\n\n"
        f'<figure><img src="{dos["source_url"]}" alt="Del texto" class="wp-image-{dos["id"]}"/>'
        "</figure>"
    )
    wp.crear(status="publish", content=contenido, featured_media=uno["id"])
    (entrada,) = mundo.visibles("wordpress")
    assert [(i.id, i.alt) for i in entrada.imagenes] == [
        (str(uno["id"]), "Portada"),
        (str(dos["id"]), "Del texto"),
    ]


def test_un_termino_repetido_responde_con_el_id_del_que_esta(wp):
    uno = wp("POST", "/wp/v2/categories", json={"name": "Obras & Vías"})
    assert uno.status_code == 201
    assert (uno.json()["name"], uno.json()["slug"]) == ("Obras &amp; Vías", "obras-vias")
    dos = wp("POST", "/wp/v2/categories", json={"name": "Obras & Vías"})
    assert dos.json()["code"] == "term_exists"
    assert dos.json()["data"]["term_id"] == uno.json()["id"]
    otra_caja = wp("POST", "/wp/v2/categories", json={"name": "OBRAS & Vías"})
    assert otra_caja.json()["data"]["term_id"] == uno.json()["id"]
    otra_tilde = wp("POST", "/wp/v2/categories", json={"name": "Obras & Vias"}).json()
    assert otra_tilde["slug"] == "obras-vias-2"
    hallados = wp("GET", "/wp/v2/categories", params={"slug": "obras-vias"}).json()
    assert [t["id"] for t in hallados] == [uno.json()["id"]]


def test_quien_no_edita_crea_etiquetas_pero_no_categorias(como):
    autor = como("autor.uno")
    assert autor("POST", "/wp/v2/tags", json={"name": "salud"}).status_code == 201
    negada = autor("POST", "/wp/v2/categories", json={"name": "Salud"})
    assert (negada.status_code, negada.json()["code"]) == (403, "rest_cannot_create")


def test_lo_publicado_se_lee_en_su_direccion_y_lo_demas_no(wp, base, imagen):
    medio = wp.subir(imagen, "foto.jpg", alt_text="Un &lt;río&gt; <b>ancho</b>").json()
    nota = wp.crear(
        title="Río & vida",
        content="<p>Hola<script>alert(1)</script></p>",
        status="publish",
        featured_media=medio["id"],
    )
    pagina = requests.get(nota["link"], timeout=5)
    assert pagina.status_code == 200
    assert "Río &amp; vida" in pagina.text
    assert 'alt="Un &lt;río&gt; ancho"' in pagina.text
    # El sitio muestra lo guardado tal cual, pero nada puede ejecutarse ahí.
    politica = pagina.headers["Content-Security-Policy"]
    assert "sandbox" in politica
    assert "allow-scripts" not in politica
    assert 'rel="https://api.w.org/"' in pagina.headers["Link"]
    borrador = wp.crear(title="Secreta", slug="secreta", status="draft")
    assert requests.get(borrador["link"], timeout=5).status_code == 404
    portada = requests.get(f"{base}/", timeout=5).text
    assert nota["link"] in portada
    assert "Secreta" not in portada


def test_cambiar_el_slug_deja_una_redireccion_desde_la_direccion_vieja(wp):
    nota = wp.crear(title="Uno", status="publish")
    nueva = wp("POST", f"/wp/v2/posts/{nota['id']}", json={"slug": "dos"}).json()
    vieja = requests.get(nota["link"], timeout=5, allow_redirects=False)
    assert (vieja.status_code, vieja.headers["Location"]) == (301, nueva["link"])
