"""El formulario del editor: de los campos al `Borrador`, con las fallas al lado de cada campo."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from cola.cuentas import Cuenta
from conectores.contrato import Red, Web
from panel.servicios import servicios
from piezas.borradores import (
    Borrador,
    Destino,
    MedioElegido,
    falla_de_enlace,
    falla_de_etiqueta,
    falla_de_texto,
    limpiar_borrador,
)
from piezas.enlaces import Utm
from piezas.errores import DatosInvalidos
from piezas.zona import desde_bogota

REDES_CON_TEXTO = (Red.FACEBOOK, Red.X, Red.WORDPRESS)
"""Las que pueden llevar un texto distinto del común."""
GENERAL = ""
"""La clave de las fallas que no son de un solo campo."""
TITULO_SUGERIDO = 90
"""Caracteres: hasta aquí llega el título que se saca del texto."""

Formulario = MultiDict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elegible:
    """Una cuenta a la que puede ir una pieza."""

    id: int
    red: Red
    alias: str
    nombre: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leido:
    """Lo que se entendió del formulario; con fallas, `borrador` trae lo que sí sirvió."""

    borrador: Borrador
    errores: Mapping[str, str] = field(default_factory=dict)
    """Una frase por nombre de campo; `GENERAL` si no es de uno solo."""


def leer_formulario(form: Formulario) -> Leido:
    """El borrador que describen los campos, y qué tiene de malo cada uno. No lanza ni escribe."""
    return leer(form, cuentas_elegibles(), ahora=servicios().ahora())


def cuentas_elegibles() -> dict[int, Elegible]:
    """Las cuentas activas, por su número."""
    with servicios().leer() as sesion:
        filas = sesion.scalars(select(Cuenta).where(Cuenta.activa).order_by(Cuenta.id))
        return {c.id: Elegible(id=c.id, red=c.red, alias=c.alias, nombre=c.nombre) for c in filas}


def leer(form: Formulario, cuentas: Mapping[int, Elegible], *, ahora: datetime) -> Leido:
    """Como `leer_formulario`, con las cuentas y la hora dadas."""
    errores: dict[str, str] = {}
    crudo = Borrador(
        titulo=titulo_de(form),
        texto=_texto(form, "texto"),
        texto_facebook=_distinto(form, Red.FACEBOOK),
        texto_x=_distinto(form, Red.X),
        texto_wordpress=_distinto(form, Red.WORDPRESS),
        enlace=_renglon(form, "enlace") or None,
        utm=Utm(
            fuente=_renglon(form, "utm_source"),
            medio=_renglon(form, "utm_medium"),
            campania=_renglon(form, "utm_campaign"),
            contenido=_renglon(form, "utm_content"),
        ),
        etiquetas=tuple(re.split(r"[\s,]+", _texto(form, "etiquetas"))),
        primer_comentario=_texto(form, "comentario") or None,
        en_hilo=form.get("hilo") == "1",
        web=Web(
            extracto=_texto(form, "extracto"),
            categorias=tuple(_lista(form, "categorias")),
            etiquetas=tuple(_lista(form, "etiquetas_web")),
        ),
        medios=_medios(form, errores),
        destinos=tuple(_destinos(form, cuentas, errores, ahora)),
        campania=_renglon(form, "campania") or None,
        dependencia=_renglon(form, "dependencia") or None,
        actividad=form.get("actividad", "A4"),
        responsable_id=form.get("responsable", type=int),
    )
    for campo, falla in _fallas_por_campo(crudo):
        errores.setdefault(campo, falla)
    try:
        return Leido(borrador=limpiar_borrador(crudo), errores=errores)
    except DatosInvalidos as error:
        _agregar_sueltas(errores, error.fallas)
        return Leido(borrador=crudo, errores=errores)


def titulo_de(form: Formulario) -> str:
    """El título escrito o, si no hay, la primera frase de lo que se va a decir."""
    escrito = _renglon(form, "titulo")
    if escrito:
        return escrito
    candidatos = [form.get("texto", ""), *(_distinto(form, red) or "" for red in REDES_CON_TEXTO)]
    return next(filter(None, map(_primera_frase, candidatos)), "")


def _primera_frase(texto: str) -> str:
    visible = "".join(c for c in texto if c.isprintable() or c == "\n")
    renglon = next((r.strip() for r in visible.splitlines() if r.strip()), "")
    frase = re.split(r"(?<=[.!?…])\s", renglon, maxsplit=1)[0].rstrip(" .")
    if len(frase) <= TITULO_SUGERIDO:
        return frase
    return frase[: TITULO_SUGERIDO - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def _texto(form: Formulario, campo: str) -> str:
    return form.get(campo, "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _renglon(form: Formulario, campo: str) -> str:
    return " ".join(form.get(campo, "").split())


def _lista(form: Formulario, campo: str) -> Iterator[str]:
    partes = re.split(r"[,\n]", form.get(campo, ""))
    return filter(None, (" ".join(parte.split()) for parte in partes))


def _distinto(form: Formulario, red: Red) -> str | None:
    if form.get(f"distinto_{red}") != "1":
        return None
    return _texto(form, f"texto_{red}") or None


def _medios(form: Formulario, errores: dict[str, str]) -> tuple[MedioElegido, ...]:
    elegidos = form.getlist("medio", type=int)
    if len(set(elegidos)) != len(elegidos):
        errores["medio"] = "Un archivo está dos veces en la pieza. Quite uno."
    return tuple(
        MedioElegido(
            medio_id=medio_id,
            texto_alternativo=_texto(form, f"alterno_{medio_id}"),
            subtitulos_huella=_huella(form.get(f"subtitulos_{medio_id}", "")),
        )
        for medio_id in dict.fromkeys(elegidos)
    )


def _huella(valor: str) -> str | None:
    return valor if re.fullmatch(r"[0-9a-f]{64}", valor) else None


def _destinos(
    form: Formulario, cuentas: Mapping[int, Elegible], errores: dict[str, str], ahora: datetime
) -> Iterator[Destino]:
    for cuenta_id in dict.fromkeys(form.getlist("cuenta", type=int)):
        cuenta = cuentas.get(cuenta_id)
        if cuenta is None:
            errores["cuenta"] = "Una de las cuentas elegidas ya no está activa. Quítela."
            continue
        momento = _momento(form, cuenta, errores)
        yield Destino(
            cuenta_id=cuenta.id,
            red=cuenta.red,
            alias=cuenta.alias,
            programada_para=momento or ahora,
            al_aprobarse=momento is None,
        )


def _momento(form: Formulario, cuenta: Elegible, errores: dict[str, str]) -> datetime | None:
    """El momento escrito; `None` = en cuanto se apruebe."""
    campo_fecha, campo_hora = f"fecha_{cuenta.id}", f"hora_{cuenta.id}"
    fecha, hora = form.get(campo_fecha, "").strip(), form.get(campo_hora, "").strip()
    if not fecha and not hora:
        return None
    if not fecha or not hora:
        falta, cual = (campo_hora, "la hora") if fecha else (campo_fecha, "la fecha")
        errores[falta] = f"A «{cuenta.nombre}» le falta {cual}."
        return None
    try:
        return leer_momento(fecha, hora)
    except ValueError:
        errores[campo_fecha] = (
            f"La fecha de «{cuenta.nombre}» no se entiende: escríbala como 2026-12-01 y 07:30."
        )
        return None


def leer_momento(fecha: str, hora: str) -> datetime:
    """`2026-12-01` y `07:30` de Bogotá, en UTC; lanza `ValueError` si no se entienden."""
    try:
        return desde_bogota(datetime.combine(date.fromisoformat(fecha), _hora(hora)))
    except OverflowError as error:
        raise ValueError(fecha) from error


def _hora(hora: str) -> time:
    # Una hora con zona dentro (`07:30Z`) diría otra cosa que la que se ve.
    return time.fromisoformat(hora).replace(tzinfo=None, microsecond=0)


def _fallas_por_campo(borrador: Borrador) -> Iterator[tuple[str, str]]:
    textos = (
        ("titulo", "El título", borrador.titulo),
        ("texto", "El texto", borrador.texto),
        ("texto_facebook", "El texto de Facebook", borrador.texto_facebook),
        ("texto_x", "El texto de X", borrador.texto_x),
        ("texto_wordpress", "El texto del sitio web", borrador.texto_wordpress),
        ("comentario", "El primer comentario", borrador.primer_comentario),
        ("extracto", "El extracto", borrador.web.extracto),
        ("campania", "La campaña", borrador.campania),
        ("dependencia", "La dependencia", borrador.dependencia),
    )
    for campo, que, texto in textos:
        if falla := falla_de_texto(que, texto):
            yield campo, falla
    if not borrador.titulo:
        yield "texto", "Escriba el texto, o al menos el título de la pieza."
    if borrador.enlace and (falla := falla_de_enlace(borrador.enlace)):
        yield "enlace", falla
    for etiqueta in filter(None, borrador.etiquetas):
        if falla := falla_de_etiqueta(etiqueta):
            yield "etiquetas", falla


def _agregar_sueltas(errores: dict[str, str], fallas: Iterable[str]) -> None:
    """Las fallas que nadie puso junto a su campo se dicen arriba: ninguna se calla."""
    dichas = set(errores.values())
    del_titulo = "texto" in errores
    sueltas = [f for f in fallas if f not in dichas and not (del_titulo and "Falta el título" in f)]
    if sueltas:
        errores[GENERAL] = " ".join(filter(None, [errores.get(GENERAL), *sueltas]))
