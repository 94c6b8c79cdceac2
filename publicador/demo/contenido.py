"""El contenido de la demostración: se lee de `contenido.json` y aquí toma forma y hora."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from conectores.contrato import Red, Web
from piezas.personas import Papel
from piezas.zona import BOGOTA, en_bogota
from publicador import __version__
from publicador.demo.dibujos import Dibujo
from publicador.demo.video import Filme

ARCHIVO: Final = Path(__file__).with_name("contenido.json")
_DIAS: Final = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_REDONDEO: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonaDemo:
    """Un papel de la oficina; nunca el nombre de alguien."""

    correo: str
    nombre: str
    papeles: tuple[Papel, ...]
    hace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CuentaDemo:
    """Una cuenta de ensayo o un canal manual."""

    alias: str
    red: Red
    identificador: str
    nombre: str
    usuario: str | None = None
    seguidores: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuando:
    """A qué hora sale una pieza, respecto del día en que se mira la demostración."""

    hace_semanas: int | None = None
    dia: str = ""
    hora: str = "08:00"
    a_los_s: float | None = None
    en_horas: float | None = None
    en_dias: int | None = None

    @property
    def es_pasado(self) -> bool:
        """Si ya salió cuando empieza la demostración."""
        return self.hace_semanas is not None

    @property
    def es_en_vivo(self) -> bool:
        """Si sale mientras se mira."""
        return self.a_los_s is not None

    def momento(self, partida: datetime) -> datetime:
        """El instante, si la demostración empieza en `partida`."""
        if self.a_los_s is not None:
            return partida + timedelta(seconds=self.a_los_s)
        if self.en_horas is not None:
            exacto = partida + timedelta(hours=self.en_horas)
            return exacto - (exacto - datetime.min.replace(tzinfo=exacto.tzinfo)) % _REDONDEO
        hoy = en_bogota(partida).date()
        if self.hace_semanas is not None:
            lunes = hoy - timedelta(days=hoy.weekday(), weeks=self.hace_semanas)
            dia = lunes + timedelta(days=_DIAS.index(self.dia))
        else:
            dia = hoy + timedelta(days=self.en_dias or 0)
        return datetime.combine(dia, time.fromisoformat(self.hora), BOGOTA)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagenDemo:
    """Un dibujo y su texto alternativo, que puede faltar a propósito."""

    dibujo: Dibujo
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PiezaDemo:
    """Una pieza y hasta dónde llegó."""

    clave: str
    titulo: str
    destino: str
    """`aprobada`, `en_revision`, `devuelta`, `borrador`, o `rechazada` (no pasó a revisión)."""
    cuando: Cuando
    cuentas: tuple[str, ...]
    campania: str | None
    dependencia: str | None
    actividad: str
    texto: str
    texto_facebook: str | None
    texto_x: str | None
    texto_wordpress: str | None
    enlace: str | None
    etiquetas: tuple[str, ...]
    primer_comentario: str | None
    en_hilo: bool
    web: Web
    imagenes: tuple[ImagenDemo, ...]
    video: Filme | None
    motivo: str
    queda_en_duda: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contenido:
    """Todo lo que se siembra."""

    personas: tuple[PersonaDemo, ...]
    cuentas: tuple[CuentaDemo, ...]
    piezas: tuple[PiezaDemo, ...]
    huella: str
    """Cambia con el contenido o con la versión: una siembra vieja no se mezcla con otra."""

    def cuenta(self, alias: str) -> CuentaDemo:
        """La cuenta con ese alias."""
        return next(c for c in self.cuentas if c.alias == alias)

    def correo_de(self, papel: Papel) -> str:
        """El correo de la primera persona con ese papel."""
        return next(p.correo for p in self.personas if papel in p.papeles)


def leer_contenido() -> Contenido:
    """El contenido que trae el programa."""
    crudo = ARCHIVO.read_text(encoding="utf-8")
    datos = json.loads(crudo)
    return Contenido(
        personas=tuple(
            PersonaDemo(**{**p, "papeles": tuple(map(Papel, p["papeles"]))})
            for p in datos["personas"]
        ),
        cuentas=tuple(CuentaDemo(**{**c, "red": Red(c["red"])}) for c in datos["cuentas"]),
        piezas=tuple(_pieza(p) for p in datos["piezas"]),
        huella=hashlib.sha256(f"{__version__}\n{crudo}".encode()).hexdigest()[:16],
    )


def _pieza(p: dict[str, Any]) -> PiezaDemo:
    return PiezaDemo(
        clave=p["clave"],
        titulo=p["titulo"],
        destino=p["destino"],
        cuando=Cuando(**p["cuando"]),
        cuentas=tuple(p["cuentas"]),
        campania=p.get("campania"),
        dependencia=p.get("dependencia"),
        actividad=p["actividad"],
        texto=p.get("texto", ""),
        texto_facebook=p.get("texto_facebook"),
        texto_x=p.get("texto_x"),
        texto_wordpress=p.get("texto_wordpress"),
        enlace=p.get("enlace"),
        etiquetas=tuple(p.get("etiquetas", ())),
        primer_comentario=p.get("primer_comentario"),
        en_hilo=p.get("en_hilo", False),
        web=_web(p.get("web", {})),
        imagenes=tuple(_imagen(i) for i in p.get("imagenes", ())),
        video=_video(p["video"]) if "video" in p else None,
        motivo=p.get("motivo", ""),
        queda_en_duda=p.get("queda_en_duda", False),
    )


def _web(w: dict[str, Any]) -> Web:
    return Web(
        extracto=w.get("extracto", ""),
        categorias=tuple(w.get("categorias", ())),
        etiquetas=tuple(w.get("etiquetas", ())),
    )


def _imagen(datos: dict[str, Any]) -> ImagenDemo:
    campos = {nombre: valor for nombre, valor in datos.items() if nombre != "alt"}
    filas = tuple((rotulo, valor) for rotulo, valor in campos.pop("filas", ()))
    return ImagenDemo(dibujo=Dibujo(**campos, filas=filas), alt=datos["alt"])


def _video(datos: dict[str, Any]) -> Filme:
    return Filme(**{**datos, "cuadros": tuple(datos["cuadros"])})
