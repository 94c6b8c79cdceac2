"""Las tarjetas de enlace que pide el panel: se visita la página, se recuerda un rato y nada más."""

import io
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PIL import Image, UnidentifiedImageError

from conectores.tarjetas import Tarjeta, tarjeta_de
from conectores.visitante import NoSeVisita, Visitante

VIGENCIA = timedelta(minutes=10)
RECORDADAS = 200
A_LA_VEZ = 3
TOPE_PAGINA = 512 * 1024
TOPE_IMAGEN = 3 * 1024 * 1024
LADO = 640
PIXELES = 40_000_000
_PAGINAS = frozenset({"text/html", "application/xhtml+xml"})
_IMAGENES = frozenset({"image/jpeg", "image/png", "image/webp"})
OCUPADO = "Hay varias páginas cargando a la vez. Espere unos segundos y mire de nuevo."


@dataclass
class _Recuerdo:
    hasta: datetime
    tarjeta: Tarjeta
    imagen: bytes | None = None
    se_pidio_imagen: bool = False


class Tarjetero:
    """Visita páginas por el panel: pocas a la vez, y cada una de vez en cuando."""

    def __init__(self, visitante: Visitante, *, ahora: Callable[[], datetime]) -> None:
        self._visitante = visitante
        self._ahora = ahora
        self._recuerdos: OrderedDict[str, _Recuerdo] = OrderedDict()
        self._cerrojo = threading.Lock()
        self._turnos = threading.BoundedSemaphore(A_LA_VEZ)

    def leer(self, url: str) -> Tarjeta:
        """La tarjeta de una página; lo que falle va en `falla`."""
        return self._recordado(url).tarjeta

    def imagen(self, url: str) -> bytes | None:
        """La imagen de la tarjeta de esa página, pequeña y vuelta a codificar."""
        recuerdo = self._recordado(url)
        if not recuerdo.se_pidio_imagen and recuerdo.tarjeta.imagen:
            recuerdo.imagen = self._traer_imagen(recuerdo.tarjeta.imagen)
            recuerdo.se_pidio_imagen = True
        return recuerdo.imagen

    def _recordado(self, url: str) -> _Recuerdo:
        ahora = self._ahora()
        with self._cerrojo:
            recuerdo = self._recuerdos.get(url)
            if recuerdo is not None and recuerdo.hasta > ahora:
                return recuerdo
        nuevo = _Recuerdo(hasta=ahora + VIGENCIA, tarjeta=self._visitar(url))
        if nuevo.tarjeta.falla == OCUPADO:
            return nuevo
        with self._cerrojo:
            self._recuerdos[url] = nuevo
            while len(self._recuerdos) > RECORDADAS:
                self._recuerdos.popitem(last=False)
        return nuevo

    def _visitar(self, url: str) -> Tarjeta:
        if not self._turnos.acquire(timeout=1):
            return Tarjeta(url=url, falla=OCUPADO)
        try:
            pagina = self._visitante.traer(url, tipos=_PAGINAS, tope=TOPE_PAGINA)
        except NoSeVisita as error:
            return Tarjeta(url=url, falla=error.mensaje)
        finally:
            self._turnos.release()
        tarjeta = tarjeta_de(_texto(pagina.cuerpo, pagina.codificacion), pagina.url)
        if not tarjeta.titulo:
            return Tarjeta(
                url=url, falla="La página no dice su título: la red mostrará solo el enlace."
            )
        return tarjeta

    def _traer_imagen(self, url: str) -> bytes | None:
        if not self._turnos.acquire(timeout=1):
            return None
        try:
            pagina = self._visitante.traer(url, tipos=_IMAGENES, tope=TOPE_IMAGEN)
        except NoSeVisita:
            return None
        finally:
            self._turnos.release()
        return _reducir(pagina.cuerpo)


def _texto(cuerpo: bytes, codificacion: str) -> str:
    try:
        return cuerpo.decode(codificacion or "utf-8", "replace")
    except LookupError:
        return cuerpo.decode("utf-8", "replace")


def _reducir(crudo: bytes) -> bytes | None:
    """Lo ajeno nunca se sirve tal cual: se decodifica, se reduce y se escribe de nuevo."""
    try:
        with Image.open(io.BytesIO(crudo), formats=("JPEG", "PNG", "WEBP")) as imagen:
            if imagen.width * imagen.height > PIXELES:
                return None
            imagen.draft("RGB", (LADO * 2, LADO * 2))
            chica = imagen.convert("RGB")
            chica.thumbnail((LADO, LADO))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return None
    salida = io.BytesIO()
    chica.save(salida, "JPEG", quality=82)
    return salida.getvalue()
