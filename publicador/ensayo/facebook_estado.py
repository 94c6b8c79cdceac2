"""Lo que la Graph API de ensayo recuerda: fotos, videos, comentarios y de qué clase es un id."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from publicador.ensayo.ajustes_red import ajuste
from publicador.ensayo.facebook_errores import no_existe
from publicador.ensayo.facebook_permisos import Llamante, paginas_conocidas
from publicador.ensayo.mundo import Entrada, Imagen, Mundo

# Una foto sin publicar vive cerca de un día.
VIDA_DE_FOTO: Final = timedelta(hours=24)
DE_VIDEO: Final = "AdVideo"


@dataclass(frozen=True, slots=True)
class Pedido:
    """Una llamada ya reconocida: quién, sobre qué, con qué parámetros y archivos."""

    llamante: Llamante
    id: str
    dados: dict[str, str]
    archivos: dict[str, bytes]
    raiz: str
    """Dirección del servidor, para armar enlaces que lleven al muro."""
    direccion: str
    """Dirección completa de la llamada, sin parámetros."""


def texto_de_hora(instante: datetime) -> str:
    """Un instante como lo escribe Graph: `2026-09-01T15:04:05+0000`."""
    return instante.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


class EstadoFacebook:
    """Acceso a los cajones de Facebook dentro del mundo."""

    def __init__(self, mundo: Mundo) -> None:
        """Guarda el mundo."""
        self.mundo = mundo

    def _parte(self, nombre: str) -> dict[str, dict[str, Any]]:
        with self.mundo.cerrojo:
            parte: dict[str, dict[str, Any]] = self.mundo.cajon("facebook").setdefault(nombre, {})
            return parte

    @property
    def fotos(self) -> dict[str, dict[str, Any]]:
        """Fotos por id, publicadas o no."""
        return self._parte("fotos")

    @property
    def videos(self) -> dict[str, dict[str, Any]]:
        """Videos por id, en cualquier fase."""
        return self._parte("videos")

    @property
    def comentarios(self) -> dict[str, dict[str, Any]]:
        """De cada comentario, en qué publicación está."""
        return self._parte("comentarios")

    def ajuste(self, nombre: str, por_omision: float) -> float:
        """Un ajuste de la red (`POST /ajustes`)."""
        return float(ajuste(self.mundo, "facebook", nombre, por_omision))

    def nuevo_id(self) -> str:
        """Un id nuevo, largo como los de Facebook."""
        return f"1220{self.mundo.siguiente():011d}"

    def pagina(self, id_: str, llamante: Llamante) -> bool:
        """Si ese id es de una página que existe en el ensayo."""
        return id_.isdigit() and (id_ == llamante.pagina or id_ in paginas_conocidas(self.mundo))

    def clase_de(self, id_: str, llamante: Llamante) -> str:
        """El tipo de nodo de un id; lanza 100/33 si no existe o ya se borró."""
        if id_ in self.fotos and not self.fotos[id_].get("borrada"):
            return "Photo"
        if id_ in self.videos and not self.videos[id_].get("borrado"):
            return DE_VIDEO
        if id_ in self.comentarios:
            return "Comment"
        if self.mundo.entrada("facebook", id_) is not None:
            return "PagePost"
        if self.pagina(id_, llamante):
            return "Page"
        raise no_existe(id_)

    def entrada_viva(self, id_: str, *, visible: bool = True) -> Entrada:
        """La entrada con ese id; lanza 100/33 si se borró o todavía no se deja leer."""
        entrada = self.mundo.entrada("facebook", id_)
        if entrada is None or entrada.borrada:
            raise no_existe(id_)
        if visible and entrada.visible_en > self.mundo.ahora() and not entrada.extra.get("oculta"):
            raise no_existe(id_)
        return entrada

    def foto_libre(self, id_: str, pagina: str) -> dict[str, Any] | None:
        """Una foto de esa página subida hace menos de un día, sin publicar y sin borrar."""
        foto = self.fotos.get(id_)
        if foto is None or foto["pagina"] != pagina or foto.get("borrada") or foto.get("entrada"):
            return None
        edad = self.mundo.ahora() - datetime.fromisoformat(foto["creada_en"])
        return foto if edad < VIDA_DE_FOTO else None

    def imagen_de(self, id_: str) -> Imagen:
        """La foto como imagen de una entrada."""
        foto = self.fotos[id_]
        return Imagen(
            sha256=foto["sha256"],
            tipo=foto["tipo"],
            alt=foto["alt"],
            id=id_,
            ancho_px=foto["ancho_px"],
            alto_px=foto["alto_px"],
        )

    def crear_entrada(
        self, pedido: Pedido, pagina: str, texto: str, clase: str, **campos: Any
    ) -> Entrada:
        """Acepta una publicación de esa página; desde aquí existe."""
        id_ = f"{pagina}_{self.nuevo_id()}"
        ahora = self.mundo.ahora()
        extra = {"clase": clase, "propia": True, **campos.pop("extra", {})}
        visible_en = campos.pop("visible_en", ahora)
        entrada = Entrada(
            red="facebook",
            cuenta=pagina,
            id=id_,
            texto=texto,
            url=f"{pedido.raiz}/muro/facebook/{id_}",
            creada_en=ahora,
            visible_en=visible_en,
            extra=extra,
            **campos,
        )
        return self.mundo.agregar(entrada)
