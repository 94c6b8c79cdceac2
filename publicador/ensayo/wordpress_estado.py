"""Lo que el WordPress de ensayo recuerda: entradas, páginas y medios, con sus slugs y enlaces."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from html import unescape
from typing import Any, Final

from flask import has_request_context, url_for

from publicador.ensayo.ajustes_red import ajuste
from publicador.ensayo.mundo import Entrada, Imagen, Mundo, demora_lectura_s
from publicador.ensayo.wordpress_slug import sanear, sin_repetir
from publicador.ensayo.wordpress_texto import leer
from publicador.ensayo.wordpress_usuarios import Usuarios

ZONA: Final = timezone(timedelta(hours=-5))
"""La del sitio: Bogotá no tiene horario de verano."""
CATEGORIA_INICIAL: Final = 1

Pieza = dict[str, Any]
"""Una entrada (`post`), página (`page`) o medio (`attachment`); solo valores de JSON."""


def raiz() -> str:
    """La dirección del sitio, sin barra al final; fuera de una petición, relativa."""
    if not has_request_context():
        return "/wordpress"
    return url_for("wordpress.sitio", camino="", _external=True).rstrip("/")


class Estado:
    """El sitio sobre un mundo."""

    def __init__(self, mundo: Mundo) -> None:
        """Trabaja sobre el cajón `wordpress`."""
        self.mundo = mundo
        self.usuarios = Usuarios(mundo)

    def ajuste(self, nombre: str, inicial: Any) -> Any:
        """Un ajuste del sitio."""
        return ajuste(self.mundo, "wordpress", nombre, inicial)

    def nombre(self) -> str:
        """El del sitio: el que le dio `Mundo.nombrar("wordpress", "sitio", …)`."""
        dado = self.mundo.cajon("_cuentas").get("wordpress", {}).get("sitio", {})
        return str(dado.get("nombre", "Sitio web de ensayo"))

    def cajon(self, nombre: str) -> dict[str, Any]:
        """Una de las tablas del sitio."""
        tabla: dict[str, Any] = self.mundo.cajon("wordpress").setdefault(nombre, {})
        return tabla

    def piezas(self, *tipos: str) -> list[Pieza]:
        """Las de esos tipos que ya se ven, de la más vieja a la más nueva."""
        ahora = self.mundo.ahora().timestamp()
        with self.mundo.cerrojo:
            todas = list(self.cajon("piezas").values())
        return [p for p in todas if p["tipo"] in tipos and p["visible_en"] <= ahora]

    def pieza(self, id_: int, *tipos: str) -> Pieza | None:
        """La de ese id, si es de uno de esos tipos y ya se ve."""
        pieza: Pieza | None = self.cajon("piezas").get(str(id_))
        if pieza is None or pieza["tipo"] not in tipos:
            return None
        return pieza if pieza["visible_en"] <= self.mundo.ahora().timestamp() else None

    def nueva(self, tipo: str, autor: int) -> Pieza:
        """Una pieza vacía, con id propio; falta `guardar`."""
        ahora = self.mundo.ahora()
        return {
            "id": self.mundo.siguiente() + 100,
            "tipo": tipo,
            "estado": "draft",
            "slug": "",
            "titulo": "",
            "contenido": "",
            "extracto": "",
            "autor": autor,
            "fecha": None,
            "creada": ahora.isoformat(),
            "modificada": ahora.isoformat(),
            "visible_en": (ahora + timedelta(seconds=demora_lectura_s())).timestamp(),
            "destacada": 0,
            "categorias": [CATEGORIA_INICIAL] if tipo == "post" else [],
            "etiquetas": [],
            "padre": 0,
            "orden": 0,
            "plantilla": "",
            "pegada": False,
            "formato": "standard",
            "comentarios": "open",
        }

    def guardar(self, pieza: Pieza) -> None:
        """Deja la pieza en el sitio y pone al día lo que el público ve de ella."""
        pieza["modificada"] = self.mundo.ahora().isoformat()
        with self.mundo.cerrojo:
            self.cajon("piezas")[str(pieza["id"])] = pieza
            if pieza["tipo"] != "attachment":
                self._publicar(pieza)

    def quitar(self, pieza: Pieza) -> None:
        """Borra la pieza del todo."""
        with self.mundo.cerrojo:
            self.cajon("piezas").pop(str(pieza["id"]), None)
            self._retirar(pieza)

    def fecha(self, pieza: Pieza) -> datetime:
        """Su fecha; la de un borrador sin fecha es la del último cambio."""
        return datetime.fromisoformat(pieza["fecha"] or pieza["modificada"])

    # --- slugs y enlaces ----------------------------------------------------------------------

    def slug_libre(self, pieza: Pieza, deseado: str) -> str:
        """El slug deseado, con `-2` si otra pieza del mismo espacio de nombres lo tiene."""

        def ocupado(slug: str) -> bool:
            return any(p["slug"] == slug and _chocan(p, pieza) for p in self._otras(pieza))

        return sin_repetir(deseado, ocupado) if deseado else ""

    def _otras(self, pieza: Pieza) -> Iterator[Pieza]:
        for otra in self.cajon("piezas").values():
            if otra["id"] != pieza["id"]:
                yield otra

    def enlace(self, pieza: Pieza) -> str:
        """La dirección pública; `?p=ID` mientras no esté publicada."""
        base = raiz()
        parametro = "page_id" if pieza["tipo"] == "page" else "p"
        if pieza["estado"] not in {"publish", "inherit"} or self.ajuste("enlaces_simples", False):
            return f"{base}/?{parametro}={pieza['id']}"
        return f"{base}/{self.camino(pieza)}/"

    def camino(self, pieza: Pieza) -> str:
        """La parte de la dirección que sigue al sitio, sin barras en los bordes."""
        if pieza["tipo"] == "post":
            return f"{self.fecha(pieza).astimezone(ZONA):%Y/%m}/{pieza['slug']}"
        tramos = [pieza["slug"]]
        vistos = {pieza["id"]}
        padre = self.cajon("piezas").get(str(pieza["padre"]))
        while padre is not None and padre["id"] not in vistos:
            vistos.add(padre["id"])
            tramos.insert(0, padre["slug"])
            padre = self.cajon("piezas").get(str(padre["padre"]))
        return "/".join(tramos)

    # --- lo público ---------------------------------------------------------------------------

    def _publicar(self, pieza: Pieza) -> None:
        if pieza["estado"] != "publish":
            self._retirar(pieza)
            return
        entrada = self.mundo.entrada("wordpress", str(pieza["id"]))
        nueva = self._entrada(pieza)
        if entrada is None:
            self.mundo.agregar(nueva)
            return
        nueva.creada_en, nueva.visible_en = entrada.creada_en, entrada.visible_en
        nueva.comentarios = entrada.comentarios
        self.mundo.guardar(nueva)

    def _retirar(self, pieza: Pieza) -> None:
        entrada = self.mundo.entrada("wordpress", str(pieza["id"]))
        if entrada is not None and not entrada.borrada:
            entrada.borrada = True
            self.mundo.guardar(entrada)

    def _entrada(self, pieza: Pieza) -> Entrada:
        texto, en_cuerpo = leer(pieza["contenido"])
        autor = self.usuarios.por_id(pieza["autor"])
        imagenes = [self.imagen(pieza["destacada"], None)] if pieza["destacada"] else []
        imagenes += [self.imagen(id_, alt) for id_, alt in en_cuerpo]
        fecha, enlace = self.fecha(pieza), self.enlace(pieza)
        return Entrada(
            red="wordpress",
            cuenta="" if autor is None else autor["login"],
            id=str(pieza["id"]),
            texto=texto,
            url=enlace,
            tarjeta={"url": enlace, "titulo": "Leer en el sitio"},
            creada_en=fecha,
            visible_en=fecha,
            imagenes=[i for i in imagenes if i is not None],
            extra={
                "titulo": _plano(pieza["titulo"]),
                "contenido": pieza["contenido"],
                "extracto": pieza["extracto"],
                "slug": pieza["slug"],
                "tipo": "pagina" if pieza["tipo"] == "page" else "entrada",
            },
        )

    def imagen(self, id_: int, alt: str | None) -> Imagen | None:
        """Un medio del sitio como imagen del muro; sin `alt`, el de la biblioteca."""
        medio = self.cajon("piezas").get(str(id_))
        if medio is None or medio["tipo"] != "attachment":
            return None
        return Imagen(
            sha256=medio["sha256"],
            tipo=medio["mime"],
            alt=unescape(medio["alt"]) if alt is None else alt,
            id=str(id_),
            ancho_px=medio["ancho"],
            alto_px=medio["alto"],
            clase="video" if medio["mime"].startswith("video/") else "imagen",
        )


def _plano(titulo: str) -> str:
    texto, _ = leer(f"<p>{titulo}</p>")
    return texto


def _chocan(una: Pieza, otra: Pieza) -> bool:
    """Si dos piezas comparten espacio de nombres: los medios lo comparten con las páginas."""
    if otra["tipo"] == "post":
        return bool(una["tipo"] == "post")
    if otra["tipo"] == "attachment":
        return True
    return una["tipo"] in {"page", "attachment"} and una["padre"] == otra["padre"]


def instante(texto: str, zona: tzinfo) -> datetime:
    """Una fecha ISO 8601; sin zona, en `zona`. Lanza `ValueError` si no lo es."""
    momento = datetime.fromisoformat(texto)
    return (momento if momento.tzinfo else momento.replace(tzinfo=zona)).astimezone(UTC)


def slug_de(texto: str) -> str:
    """El slug de un título o de un slug escrito a mano."""
    return sanear(texto)
