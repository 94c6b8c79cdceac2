"""Borradores: lo que alguien escribió, antes de ser versión; aquí se limpia y se revisa. Puro."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from conectores.contrato import Red, Web
from piezas.enlaces import UTM_MAXIMO, Utm
from piezas.errores import DatosInvalidos

ACTIVIDADES = tuple(f"A{numero}" for numero in range(1, 17))
TITULO_MAXIMO, TEXTO_MAXIMO, ENLACE_MAXIMO = 300, 100_000, 2_000
MEDIOS_MAXIMOS = 30

# De los controles solo sirven el salto de línea y la tabulación; las mitades sueltas de un
# carácter no se dejan guardar ni enviar.
_PROHIBIDOS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ETIQUETA = re.compile(r"[#＃]?\w*[^\W\d_]\w*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Destino:
    """Una cuenta a la que va la pieza, y cuándo. `red` y `alias` son los de la cuenta."""

    cuenta_id: int
    red: Red
    alias: str
    programada_para: datetime
    al_aprobarse: bool = False
    """Sale en cuanto se apruebe; `programada_para` es entonces solo dónde se ve mientras tanto."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MedioElegido:
    """Un medio de la mediateca dentro de la pieza."""

    medio_id: int
    texto_alternativo: str
    subtitulos_huella: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Borrador:
    """Todo lo que se escribe de una pieza. Puede estar incompleto hasta que se envía a revisión."""

    titulo: str
    texto: str = ""
    texto_facebook: str | None = None
    texto_x: str | None = None
    texto_wordpress: str | None = None
    enlace: str | None = None
    utm: Utm = field(default_factory=Utm)
    etiquetas: tuple[str, ...] = ()
    primer_comentario: str | None = None
    en_hilo: bool = False
    web: Web = field(default_factory=Web)
    medios: tuple[MedioElegido, ...] = ()
    destinos: tuple[Destino, ...] = ()
    campania: str | None = None
    """Nombre; se crea si es nueva."""
    dependencia: str | None = None
    """Nombre; se crea si es nueva."""
    actividad: str = "A4"
    responsable_id: int | None = None
    """La persona a cargo; no es parte de lo que sale."""


def limpiar_borrador(borrador: Borrador) -> Borrador:
    """El borrador sin blancos de sobra; lanza `DatosInvalidos` con todas las fallas."""
    limpio = replace(
        borrador,
        titulo=" ".join(borrador.titulo.split("\n")).strip(),
        texto=_texto(borrador.texto) or "",
        texto_facebook=_texto(borrador.texto_facebook),
        texto_x=_texto(borrador.texto_x),
        texto_wordpress=_texto(borrador.texto_wordpress),
        primer_comentario=_texto(borrador.primer_comentario),
        enlace=_renglon(borrador.enlace),
        utm=_utm(borrador.utm),
        etiquetas=tuple(e for e in (etiqueta.strip() for etiqueta in borrador.etiquetas) if e),
        medios=tuple(
            replace(m, texto_alternativo=_texto(m.texto_alternativo) or "") for m in borrador.medios
        ),
        campania=_renglon(borrador.campania),
        dependencia=_renglon(borrador.dependencia),
        actividad=borrador.actividad.strip().upper() or "A4",
    )
    fallas = tuple(_fallas(limpio))
    if fallas:
        raise DatosInvalidos(fallas)
    return limpio


def falla_de_enlace(enlace: str) -> str | None:
    """Qué tiene de malo una dirección, o `None` si sirve."""
    mala = f"El enlace «{enlace[:80]}» no sirve: escriba la dirección completa, con https://."
    if len(enlace) > ENLACE_MAXIMO:
        return f"El enlace pasa de {ENLACE_MAXIMO} caracteres."
    try:
        partes = urlsplit(enlace)
        _ = partes.port
    except ValueError:
        return mala
    anfitrion = partes.hostname or ""
    con_blancos = any(c.isspace() for c in enlace)
    if partes.scheme not in ("http", "https") or "." not in anfitrion or con_blancos:
        return mala
    if partes.username or partes.password:
        return "El enlace lleva un usuario o una contraseña. Quítelos."
    return None


def falla_de_etiqueta(etiqueta: str) -> str | None:
    """Qué tiene de malo un hashtag, o `None` si sirve."""
    if _ETIQUETA.fullmatch(etiqueta):
        return None
    return (
        f"La etiqueta «{etiqueta[:60]}» no sirve: use letras, números y guion bajo, sin espacios."
    )


def falla_de_utm(utm: Utm) -> str | None:
    """Qué tienen de malo los parámetros de medición, o `None` si sirven."""
    for valor in (utm.fuente, utm.medio, utm.campania, utm.contenido):
        if len(valor) > UTM_MAXIMO:
            return f"Una marca de medición pasa de {UTM_MAXIMO} caracteres."
        if _PROHIBIDOS.search(valor):
            return "Una marca de medición lleva caracteres rotos. Bórrela y escríbala de nuevo."
    return None


def falla_de_texto(que: str, texto: str | None) -> str | None:
    """Si un texto lleva caracteres que no se pueden guardar o es desmedido."""
    if texto is None:
        return None
    if _PROHIBIDOS.search(texto):
        return f"{que} lleva caracteres invisibles o rotos. Bórrelos y escríbalos de nuevo."
    if len(texto) > TEXTO_MAXIMO:
        return f"{que} pasa de {TEXTO_MAXIMO} caracteres."
    return None


def _fallas(limpio: Borrador) -> Iterator[str]:
    if not limpio.titulo:
        yield "Falta el título de la pieza."
    if len(limpio.titulo) > TITULO_MAXIMO:
        yield f"El título pasa de {TITULO_MAXIMO} caracteres."
    if limpio.actividad not in ACTIVIDADES:
        yield f"La actividad «{limpio.actividad}» no existe: van de A1 a A16."
    yield from _fallas_de_textos(limpio)
    yield from _fallas_de_destinos(limpio)
    if len(limpio.medios) > MEDIOS_MAXIMOS:
        yield f"Una pieza lleva hasta {MEDIOS_MAXIMOS} archivos."


def _fallas_de_textos(limpio: Borrador) -> Iterator[str]:
    textos = (
        ("El título", limpio.titulo),
        ("El texto", limpio.texto),
        ("El texto de Facebook", limpio.texto_facebook),
        ("El texto de X", limpio.texto_x),
        ("El texto del sitio web", limpio.texto_wordpress),
        ("El primer comentario", limpio.primer_comentario),
        ("El extracto", limpio.web.extracto),
        ("La campaña", limpio.campania),
        ("La dependencia", limpio.dependencia),
        *(("Un texto alternativo", medio.texto_alternativo) for medio in limpio.medios),
    )
    yield from filter(None, (falla_de_texto(que, texto) for que, texto in textos))
    yield from filter(None, (falla_de_etiqueta(etiqueta) for etiqueta in limpio.etiquetas))
    if limpio.enlace is not None and (mala := falla_de_enlace(limpio.enlace)):
        yield mala
    if mala := falla_de_utm(limpio.utm):
        yield mala


def _fallas_de_destinos(limpio: Borrador) -> Iterator[str]:
    cuentas = [destino.cuenta_id for destino in limpio.destinos]
    if len(set(cuentas)) != len(cuentas):
        yield "Una cuenta está repetida."
    if any(destino.programada_para.tzinfo is None for destino in limpio.destinos):
        yield "Al momento le falta la zona horaria."


def _texto(texto: str | None) -> str | None:
    """Saltos de línea de uno y sin blancos a los lados; vacío = no hay."""
    if texto is None:
        return None
    return texto.replace("\r\n", "\n").replace("\r", "\n").strip() or None


def _utm(utm: Utm) -> Utm:
    return Utm(
        fuente=_renglon(utm.fuente) or "",
        medio=_renglon(utm.medio) or "",
        campania=_renglon(utm.campania) or "",
        contenido=_renglon(utm.contenido) or "",
    )


def _renglon(texto: str | None) -> str | None:
    return " ".join(texto.split()) or None if texto is not None else None
