"""La salud de una cuenta en palabras: qué vence, qué falta y qué tan grave es; puro."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cola.cuentas import Cuenta
from cola.fichas import SIN_RED, Revision, ultima_revision
from conectores.enlace import Comprobacion
from panel.filtros import dia_de, fecha_hora
from panel.palabras import Rotulo

AVISOS = (timedelta(days=1), timedelta(days=7), timedelta(days=15))
"""Con cuánta anticipación se avisa que un permiso vence."""
SIN_VERIFICAR = timedelta(days=2)
BIEN = Rotulo("Bien", "bien", "✓")
DUDA = Rotulo("Atender", "duda", "!")
MAL = Rotulo("No publica", "mal", "×")


@dataclass(frozen=True, slots=True, kw_only=True)
class Salud:
    """Cómo está una cuenta, lo grave primero."""

    rotulo: Rotulo
    graves: tuple[str, ...] = ()
    avisos: tuple[str, ...] = ()
    por_completar: str = ""
    revision: Revision | None = None
    vista_en: datetime | None = None
    vence_en: datetime | None = None


def salud_de(cuenta: Cuenta, *, ahora: datetime) -> Salud:
    """La salud de la cuenta en este momento."""
    guardada = ultima_revision(cuenta)
    revision, vista = guardada if guardada is not None else (None, cuenta.permiso_visto_en)
    graves = tuple(_graves(cuenta, revision, ahora)) if cuenta.activa else ()
    avisos = tuple(_avisos(cuenta, revision, vista, ahora)) if cuenta.activa else ()
    return Salud(
        rotulo=_rotulo(cuenta, graves, avisos),
        graves=graves,
        avisos=avisos,
        por_completar=por_completar(cuenta) if cuenta.activa else "",
        revision=revision,
        vista_en=vista,
        vence_en=cuenta.permiso_vence_en,
    )


def _rotulo(cuenta: Cuenta, graves: tuple[str, ...], avisos: tuple[str, ...]) -> Rotulo:
    if not cuenta.activa:
        return Rotulo("Desactivada", "apagado", "×")
    if cuenta.pausada_por is not None:
        return Rotulo("En pausa", "duda", "‖")
    if graves:
        return MAL
    return DUDA if avisos else BIEN


def _graves(cuenta: Cuenta, revision: Revision | None, ahora: datetime) -> Iterator[str]:
    if cuenta.red not in SIN_RED and not cuenta.credencial:
        yield "No tiene permiso guardado. Conéctela."
    if cuenta.permiso_vence_en is not None and cuenta.permiso_vence_en <= ahora:
        yield f"Su permiso venció el {fecha_hora(cuenta.permiso_vence_en)}. Vuelva a conectarla."
    for falla in fallas_de(revision, impiden=True):
        yield f"{falla.que}: no. {falla.remedio}"


def _avisos(
    cuenta: Cuenta, revision: Revision | None, vista: datetime | None, ahora: datetime
) -> Iterator[str]:
    if frase := por_vencer(cuenta.permiso_vence_en, ahora):
        yield frase
    for falla in fallas_de(revision, impiden=False):
        yield f"{falla.que}: no. {falla.remedio}"
    if cuenta.red not in SIN_RED and cuenta.credencial:
        if vista is None:
            yield "Todavía no se ha verificado. Verifíquela ahora."
        elif ahora - vista > SIN_VERIFICAR:
            yield f"No se verifica desde el {fecha_hora(vista)}. Verifíquela ahora."


def por_completar(cuenta: Cuenta) -> str:
    """Lo que le falta a la ficha; no impide publicar, pero un día hará falta."""
    faltan = []
    if not cuenta.custodio:
        faltan.append("quién responde por ella")
    if not cuenta.correo_institucional and cuenta.red not in SIN_RED:
        faltan.append("el correo institucional con el que se recupera")
    return f"En su ficha falta {' y '.join(faltan)}." if faltan else ""


def por_vencer(vence: datetime | None, ahora: datetime) -> str:
    """El aviso de un permiso que vence en 15, 7 o 1 días; vacío si falta más o ya venció."""
    if vence is None or vence <= ahora or vence - ahora > AVISOS[-1]:
        return ""
    dias = (dia_de(vence) - dia_de(ahora)).days
    cuando = {0: "hoy", 1: "mañana"}.get(dias, f"en {dias} días")
    prisa = " Hágalo hoy." if vence - ahora <= AVISOS[0] else ""
    urge = " Es esta semana." if AVISOS[0] < vence - ahora <= AVISOS[1] else ""
    return f"Su permiso vence {cuando}. Vuelva a conectarla antes.{prisa}{urge}"


def fallas_de(revision: Revision | None, *, impiden: bool) -> tuple[Comprobacion, ...]:
    """Las comprobaciones que no pasaron."""
    if revision is None:
        return ()
    return tuple(c for c in revision.comprobaciones if not c.bien and c.impide is impiden)
