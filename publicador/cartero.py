"""Enviar por correo los avisos pendientes a quien debe actuar, sin inundar a nadie."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cola.avisos import Aviso, por_enviar, ultimo_correo
from piezas.personas import Papel, Persona, PersonaPapel

log = structlog.get_logger()

ENTRE_CORREOS = timedelta(minutes=10)
"""El primer aviso sale en segundos; los que sigan se juntan: a lo sumo un correo en este tiempo."""
JUNTOS = 3
"""Más avisos que estos, de una misma clase y cuenta, se dicen en un solo renglón."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correo:
    """Cómo se envía. Sin `servidor` no se envía nada y los avisos quedan en el panel."""

    servidor: str
    puerto: int
    usuario: str | None
    clave: str | None
    de: str
    usa_tls: bool
    para: tuple[str, ...] = ()
    """Si está vacío: quienes tengan papel de community o jefatura."""

    def __repr__(self) -> str:
        return f"Correo({self.servidor!r}:{self.puerto})"


def enviar_avisos(
    sesiones: sessionmaker[Session], correo: Correo, *, url_panel: str, ahora: datetime
) -> int:
    """Un correo con todos los pendientes. Si falla, quedan para la próxima. Devuelve cuántos."""
    with sesiones() as sesion:
        ultimo = ultimo_correo(sesion)
        if ultimo is not None and ahora - ultimo < ENTRE_CORREOS:
            return 0
        pendientes = por_enviar(sesion)
        destinatarios = correo.para or _quienes_actuan(sesion)
    if not pendientes or not destinatarios:
        return 0
    try:
        _enviar(_mensaje(pendientes, correo, destinatarios, url_panel), correo)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("correo_no_enviado", causa=type(error).__name__)
        _anotar(sesiones, pendientes, enviado_en=None)
        return 0
    _anotar(sesiones, pendientes, enviado_en=ahora)
    return len(pendientes)


def enviar_carta(correo: Correo, para: str, asunto: str, texto: str) -> bool:
    """Un correo a una persona; dice si el servidor lo aceptó. No se reintenta."""
    mensaje = EmailMessage()
    mensaje["From"] = correo.de
    mensaje["To"] = para
    mensaje["Subject"] = asunto
    mensaje.set_content(texto)
    try:
        _enviar(mensaje, correo)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("carta_no_enviada", causa=type(error).__name__)
        return False
    return True


def _quienes_actuan(sesion: Session) -> tuple[str, ...]:
    consulta = (
        select(Persona.correo)
        .join(PersonaPapel)
        .where(
            Persona.activa,
            Persona.avisos_por_correo,
            PersonaPapel.papel.in_((Papel.COMMUNITY, Papel.JEFATURA)),
        )
        .distinct()
        .order_by(Persona.correo)
    )
    return tuple(sesion.scalars(consulta))


def _mensaje(
    avisos: Sequence[Aviso], correo: Correo, para: Sequence[str], url_panel: str
) -> EmailMessage:
    mensaje = EmailMessage()
    mensaje["From"] = correo.de
    mensaje["To"] = ", ".join(para)
    cuantos = "un aviso" if len(avisos) == 1 else f"{len(avisos)} avisos"
    mensaje["Subject"] = f"Publicador: {cuantos} por atender"
    renglones = [f"- {renglon}" for renglon in _renglones(avisos, url_panel)]
    mensaje.set_content("\n".join(["Esto espera a una persona:", "", *renglones, "", url_panel]))
    return mensaje


def _renglones(avisos: Sequence[Aviso], url_panel: str) -> Iterator[str]:
    """Uno por aviso; los de una cuenta que se repiten mucho, en uno solo que lleva a la cola."""
    grupos: dict[tuple[str, int | None], list[Aviso]] = {}
    for aviso in avisos:
        grupos.setdefault((aviso.clase, aviso.cuenta_id), []).append(aviso)
    for grupo in grupos.values():
        if len(grupo) <= JUNTOS:
            yield from (f"{aviso.texto}{_enlace(aviso, url_panel)}" for aviso in grupo)
        else:
            cola = f"{url_panel.rstrip('/')}/cola?estado=por_resolver"
            yield f"{grupo[0].texto} Y {len(grupo) - 1} avisos más como este.\n  {cola}"


def _enlace(aviso: Aviso, url_panel: str) -> str:
    if aviso.publicacion_id is None:
        return ""
    return f"\n  {url_panel.rstrip('/')}/cola/{aviso.publicacion_id}"


def _enviar(mensaje: EmailMessage, correo: Correo) -> None:
    with smtplib.SMTP(correo.servidor, correo.puerto, timeout=20) as smtp:
        if correo.usa_tls:
            smtp.starttls(context=ssl.create_default_context())
        if correo.usuario:
            smtp.login(correo.usuario, correo.clave or "")
        smtp.send_message(mensaje)


def _anotar(
    sesiones: sessionmaker[Session], avisos: Sequence[Aviso], *, enviado_en: datetime | None
) -> None:
    with sesiones.begin() as sesion:
        for aviso in avisos:
            fila = sesion.get_one(Aviso, aviso.id)
            fila.enviado_en = enviado_en
            fila.fallos += enviado_en is None
