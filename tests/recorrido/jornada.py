"""Lo que comparten los recorridos de un día de trabajo: la pieza, las personas y lo que quedó."""

import io
import json
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Page, expect

from tests.oficina import Oficina

CLAVE = "una clave larga y propia"
TEXTO = "Jornada de vacunación gratuita en el parque. Lleve su documento."
TEXTO_DE_X = "Este sábado, vacunación gratuita en el parque."
CORREGIDO = "Jornada de vacunación gratuita en el parque, el sábado a las 8. Lleve su documento."
ALTERNOS = ("Una enfermera vacuna a un niño", "La fila de personas en el parque")
MOTIVO = "Falta decir qué día y a qué hora es."
REDES = ("facebook", "x", "wordpress")


def entrar(pagina: Page, url: str, correo: str, camino: str = "/") -> None:
    """Por la puerta, con su correo y su contraseña, sin usar más que el teclado."""
    pagina.goto(f"{url}/entrar?next={camino}")
    pagina.get_by_label("Correo").press_sequentially(correo)
    pagina.get_by_label("Contraseña").press_sequentially(CLAVE)
    pagina.keyboard.press("Enter")
    pagina.wait_for_url(f"{url}{camino}")


def dos_imagenes() -> list[dict[str, object]]:
    """Dos fotos apaisadas y distintas, como salen de un teléfono."""
    return [
        {"name": nombre, "mimeType": "image/png", "buffer": _imagen(color)}
        for nombre, color in (("enfermera.png", "seagreen"), ("fila.png", "steelblue"))
    ]


def _imagen(color: str) -> bytes:
    salida = io.BytesIO()
    lienzo = Image.new("RGB", (1200, 800), color)
    lienzo.paste((240, 240, 240), (700, 0, 1200, 800))
    lienzo.save(salida, "PNG")
    return salida.getvalue()


def dia_15() -> date:
    """El 15 del mes que viene: siempre está por delante y en medio de su mes."""
    hoy = datetime.now(ZoneInfo("America/Bogota")).date()
    return date(hoy.year + hoy.month // 12, hoy.month % 12 + 1, 15)


def dia_de_dos_caras() -> date:
    """Uno del mes que viene que se teclea igual en orden de día y mes que de mes y día.

    El orden de un campo de fecha lo pone el idioma en que se instaló el navegador.
    """
    dia = dia_15()
    return dia.replace(day=dia.month)


def sobres(oficina: Oficina) -> dict[str, dict[str, object]]:
    """Lo que se selló al aprobar, por red."""
    filas = oficina.preguntar(
        "SELECT c.red, p.sobre FROM publicacion p JOIN cuenta c ON c.id = p.cuenta_id"
        " WHERE p.estado = 'publicada'"
    )
    return {fila["red"]: json.loads(fila["sobre"]) for fila in filas}


def cotejar_el_muro(pagina: Page, muro: str, oficina: Oficina) -> None:
    """En cada red de ensayo, una sola publicación: el texto, las imágenes y los alt sellados."""
    sellados = sobres(oficina)
    assert set(sellados) == set(REDES)
    for red, rotulo in zip(REDES, ("Facebook", "X", "Sitio web"), strict=True):
        pagina.goto(f"{muro}?red={red}")
        (tarjeta,) = pagina.get_by_role("article").all()
        expect(tarjeta).to_contain_text(rotulo)
        expect(tarjeta).to_contain_text(TEXTO_DE_X if red == "x" else CORREGIDO)
        fotos = tarjeta.get_by_role("img")
        expect(fotos).to_have_count(2)
        for numero, alterno in enumerate(ALTERNOS):
            foto = fotos.nth(numero)
            expect(foto).to_have_attribute("alt", alterno)
            huella = sellados[red]["adjuntos"][numero]["huella"]
            expect(foto).to_have_attribute("src", re.compile(f"{huella}$"))
        expect(fotos.first).to_have_attribute("width", fotos.first.get_attribute("height") or "")
