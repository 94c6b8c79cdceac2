"""El WordPress de ensayo responde lo mismo que uno de verdad a las mismas llamadas."""

import io
import secrets
from typing import Any

import pytest
import requests
from PIL import Image

from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo
from tests.sistema.wordpress import WordPressReal

pytestmark = pytest.mark.wordpress
CLAVE_DE_ENSAYO = "abcd EFGH ijkl MNOP qrst 1234"
BLOQUES = (
    '<!-- wp:paragraph {"metadata":{"name":"MARCA"}} -->\n'
    "<p>Año &amp; ñandú 😀 \\ fin</p>\n<!-- /wp:paragraph -->"
)


class Guion:
    """Las mismas llamadas contra un sitio, y lo que de cada respuesta debe coincidir."""

    def __init__(self, url: str, usuario: str, clave: str, sal: str) -> None:
        self.base = f"{url.rstrip('/')}/wp-json/wp/v2"
        self.auth = (usuario, clave)
        self.sal = sal
        self.visto: list[Any] = []

    def llamar(self, nombre: str, verbo: str, ruta: str, **kw: Any) -> Any:
        auth = kw.pop("auth", self.auth)
        respuesta = requests.request(
            verbo, self.base + ruta, auth=auth, timeout=30, allow_redirects=False, **kw
        )
        cuerpo = respuesta.json() if respuesta.content and verbo != "HEAD" else None
        self.visto.append((nombre, respuesta.status_code, self.resumen(cuerpo)))
        return cuerpo

    def resumen(self, cuerpo: Any) -> Any:
        """Lo comparable: códigos de error, y de lo guardado lo que no depende del sitio."""
        if isinstance(cuerpo, list):
            return [self.resumen(x) for x in cuerpo]
        if not isinstance(cuerpo, dict):
            return cuerpo
        if "code" in cuerpo:
            datos = cuerpo.get("data") or {}
            detalles = datos.get("details") or {}
            return (
                cuerpo["code"],
                sorted(datos.get("params") or ()),
                {n: d.get("code") for n, d in detalles.items()},
            )
        if "deleted" in cuerpo:
            return cuerpo["deleted"], self.resumen(cuerpo["previous"])
        comparables = ("slug", "status", "type", "alt_text", "mime_type", "media_type", "name")
        datos = {c: cuerpo[c] for c in comparables if c in cuerpo}
        for campo in ("title", "content", "excerpt", "caption"):
            if isinstance(cuerpo.get(campo), dict):
                datos[campo] = cuerpo[campo].get("raw")
        datos["campos"] = {c: cuerpo[c] for c in ("featured_media", "sticky") if c in cuerpo}
        if "link" in cuerpo and cuerpo.get("status") == "publish":
            datos["link"] = cuerpo["link"].partition(self.base.partition("/wp-json")[0])[2]
        return datos

    def correr(self) -> None:
        self.entradas()
        self.rechazos()
        self.medios_y_paginas()
        self.terminos()
        self.sin_credencial()

    def entradas(self) -> None:
        s, ll = self.sal, self.llamar
        texto = BLOQUES.replace("MARCA", f"pub-{s}")
        cuerpo = {"title": f"Río & vida {s}", "content": texto, "slug": f"pub-{s}"}
        nota = ll("crear", "POST", "/posts", json={**cuerpo, "status": "draft"})
        ll("gemela", "POST", "/posts", json={**cuerpo, "status": "draft"})
        todo = {"status": "any", "context": "edit"}
        ll("por slug", "GET", "/posts", params={**todo, "slug": f"PUB-{s}"})
        ll("por marca", "GET", "/posts", params={**todo, "search": f"pub-{s}", "orderby": "id"})
        ruta = f"/posts/{nota['id']}"
        ll("publicar", "POST", ruta, json={"status": "publish", "slug": ""})
        ll("repetir", "POST", ruta, json={"status": "publish", "slug": ""})
        ll("titulo", "POST", ruta, json={"title": f"Otro {s}"})
        ll("slug", "POST", ruta, json={"slug": f"otro-{s}"})
        ll("despublicar", "POST", ruta, json={"status": "draft"})
        ll("papelera", "DELETE", ruta)
        ll("otra vez", "DELETE", ruta)
        ll("en any", "GET", "/posts", params={**todo, "slug": f"otro-{s}__trashed"})
        botadas = {"status": "trash", "context": "edit", "slug": f"otro-{s}__trashed"}
        ll("en papelera", "GET", "/posts", params=botadas)
        ll("restaurar", "POST", ruta, json={"status": "publish"})
        ll("del todo", "DELETE", ruta, params={"force": "true"})
        ll("ya no", "GET", ruta, params={"context": "edit"})
        sin_guiones = {"title": f"Con guion {s}", "content": "<p>a<script>1</script></p>"}
        ll("guiones", "POST", "/posts", json=sin_guiones)
        for titulo in ("Río — «limpio»", "50 % más", "A/B: c.d_e", "L'été… fin", "C&A", "20.000"):
            ll(titulo, "POST", "/posts", json={"title": f"{titulo} {s}", "status": "publish"})
        ll("sin slug", "POST", "/posts", json={"title": f"¿Boletín N.º 12: Ñandú «{s}»?"})
        ll("emoji", "POST", "/posts", json={"title": f"Hola 😀 {s}", "status": "publish"})
        ll("reservado", "POST", "/posts", json={"title": "x", "slug": "feed", "status": "draft"})
        futura = {"title": "x", "status": "publish", "date_gmt": "2099-01-01T00:00:00"}
        ll("futura", "POST", "/posts", json=futura)

    def rechazos(self) -> None:
        ll = self.llamar
        for nombre, cuerpo in (
            ("vacia", {"title": ""}),
            ("con id", {"id": 5, "title": "a"}),
            ("estado", {"title": "a", "status": "publicado"}),
            ("categorias", {"title": "a", "categories": ["x"]}),
            ("autor", {"title": "a", "author": 999_999}),
            ("plantilla", {"title": "a", "template": "rara.php"}),
            ("fecha", {"title": "a", "date_gmt": "mañana"}),
        ):
            ll(nombre, "POST", "/posts", json=cuerpo)
        mudos = {"title": "x", "featured_media": 999_999, "tags": [999_999], "inventado": 1}
        ll("mudos", "POST", "/posts", json=mudos)
        ll("no existe", "POST", "/posts/999999999", json={"title": "a"})
        ll("sin ruta", "GET", "/inventada")
        ll("json roto", "POST", "/posts", data="{", headers={"Content-Type": "application/json"})
        ll("pagina lejos", "GET", "/posts", params={"page": 9999})
        ll("por pagina", "GET", "/posts", params={"per_page": 101})
        ll("padre", "POST", "/pages", json={"title": "x", "parent": 999_999_999})

    def medios_y_paginas(self) -> None:
        s, ll = self.sal, self.llamar
        salida = io.BytesIO()
        Image.new("RGB", (600, 400), "teal").save(salida, "JPEG")

        def subir(nombre: str, archivo: str, datos: bytes, **campos: str) -> Any:
            cabeceras = {
                "Content-Type": "image/jpeg",
                "Content-Disposition": f'attachment; filename="{archivo}"',
            }
            return ll(nombre, "POST", "/media", params=campos, data=datos, headers=cabeceras)

        buena = salida.getvalue()
        foto = subir("foto", f"foto-{s}.jpg", buena, title="Río", alt_text="Un río", slug=f"f-{s}")
        subir("sin titulo", f"suelta-{s}.jpg", buena)
        subir("repetida", f"suelta-{s}.jpg", buena)
        subir("svg", "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
        subir("falsa", "a.jpg", b"<?php echo 1; ?>")
        ll("buscar medio", "GET", "/media", params={"slug": f"f-{s}", "context": "edit"})
        ll("medio any", "GET", "/media", params={"status": "any"})
        ll("sin papelera", "DELETE", f"/media/{foto['id']}")
        mala = {"Content-Type": "image/jpeg", "Content-Disposition": "attachment"}
        png = io.BytesIO()
        Image.new("RGB", (20, 20)).save(png, "PNG")
        otra = subir("extension", f"b-{s}.jpg", png.getvalue())
        self.visto.append(otra["source_url"].rsplit("/", 1)[-1])
        raro = subir("peligrosa", f"../a-{s}.php.jpg", buena)
        self.visto.append(raro["source_url"].rsplit("/", 1)[-1])
        exif = Image.Exif()
        exif[270] = f"Foto de camara {s}"
        con = io.BytesIO()
        Image.new("RGB", (20, 20)).save(con, "JPEG", exif=exif)
        subir("exif", f"exif-{s}.jpg", con.getvalue())
        ll("alt", "POST", f"/media/{foto['id']}", json={"alt_text": "Otro", "caption": "C"})
        for raro in ("<b>5</b> p. m.", "menos de <10 °C", "a\n b", "50%de", "&lt;b&gt; &#37;de"):
            ll("alt raro", "POST", f"/media/{foto['id']}", json={"alt_text": raro})
        ll("destacada", "POST", "/posts", json={"title": "x", "featured_media": foto["id"]})
        self.visto.pop()  # el id de la destacada es distinto en cada sitio
        ll("medio del todo", "DELETE", f"/media/{foto['id']}", params={"force": "true"})
        ll("sin nombre", "POST", "/media", data=buena, headers=mala)
        ll("sin cabecera", "POST", "/media", data=buena, headers={"Content-Type": "image/jpeg"})
        ll("pagina", "POST", "/pages", json={"title": "x", "slug": f"f-{s}", "status": "publish"})
        ll("entrada", "POST", "/posts", json={"title": "x", "slug": f"f-{s}", "status": "draft"})

    def terminos(self) -> None:
        s, ll = self.sal, self.llamar
        ll("categoria", "POST", "/categories", json={"name": f"Obras & Vías {s}"})
        ll("existe", "POST", "/categories", json={"name": f"Obras & Vías {s}"})
        ll("otra caja", "POST", "/categories", json={"name": f"OBRAS & Vías {s}"})
        ll("otra tilde", "POST", "/categories", json={"name": f"Obras & Vias {s}"})
        ll("etiqueta", "POST", "/tags", json={"name": f"Salud {s}"})
        ll("etiqueta otra caja", "POST", "/tags", json={"name": f"SALUD {s}"})
        ll("por slug", "GET", "/categories", params={"slug": f"obras-vias-{s}"})
        ll("sin nombre", "POST", "/tags", json={})

    def sin_credencial(self) -> None:
        ll, mala = self.llamar, (self.auth[0], "mala")
        ll("yo", "GET", "/users/me", params={"context": "edit"}, auth=mala)
        ll("crear sin", "POST", "/posts", json={"title": "x"}, auth=mala)
        ll("any sin", "GET", "/posts", params={"status": "any"}, auth=mala)
        ll("editar sin", "GET", "/posts", params={"context": "edit"}, auth=mala)
        ll("slug sin", "GET", "/posts", params={"slug": f"pub-{self.sal}"}, auth=mala)
        ll("subir sin", "POST", "/media", data=b"x", auth=mala)
        ll("comentar sin", "POST", "/comments", json={"post": 1, "content": "x"}, auth=mala)
        ll("indice de slug", "GET", "/posts", params={"slug": "a,b", "context": "view"}, auth=mala)
        ll("usuarios edit", "GET", "/users", params={"context": "edit"})


def test_el_ensayo_responde_como_un_wordpress_de_verdad(wordpress_real: WordPressReal):
    sal = secrets.token_hex(4)
    dato = wordpress_real.credencial()
    real = Guion(dato["url"], dato["usuario"], dato["contrasena_aplicacion"], sal)
    real.correr()
    # Con el reloj de la máquina, como el sitio de verdad: la fecha va en las direcciones.
    with Ensayo(Mundo()) as ensayo:
        propio = Guion(ensayo.url_de("wordpress"), "prensa", CLAVE_DE_ENSAYO, sal)
        propio.correr()
    distintas = [(r, p) for r, p in zip(real.visto, propio.visto, strict=True) if r != p]
    assert not distintas, "\n".join(f"{r}\n{p}\n" for r, p in distintas)
