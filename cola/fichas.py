"""La ficha de una cuenta: quién responde, cada cuánto sale, qué dijo la última verificación."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cola.carriles import cuenta_por_alias
from cola.conexiones import Conexion, PasoConexion
from cola.cuentas import Cuenta
from cola.enlaces import CONECTAN
from cola.errores import NoSePuede
from cola.estados import MotivoPausa
from conectores.comprobaciones import de_permiso
from conectores.contrato import Permiso, Red
from conectores.enlace import Comprobacion
from piezas.bitacora import anotar
from piezas.usuarios import persona_de

UN_DIA_S = 86_400
_CORREO = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
SIN_RED = frozenset({Red.MANUAL, Red.CORREO})
"""Las que no tienen una red a la que preguntar."""
OLVIDADA = "Se olvidaron todos los permisos. Vuelva a conectar la cuenta y reanúdela."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ficha:
    """Lo que una persona puede cambiar de una cuenta."""

    nombre: str
    custodio: str
    correo_institucional: str
    espaciado_s: int | None
    reenvia_en_duda: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Lo que dijo la última verificación."""

    vale: bool
    motivo: str | None
    comprobaciones: tuple[Comprobacion, ...]
    avisos: tuple[str, ...]


def editar_ficha(sesion: Session, alias: str, ficha: Ficha, *, por: int, ahora: datetime) -> Cuenta:
    """Guarda la ficha; anota en la bitácora lo que cambió."""
    persona = persona_de(sesion, por, *CONECTAN)
    cuenta = cuenta_por_alias(sesion, alias)
    _revisar(ficha, cuenta.red)
    nuevos = {
        "nombre": ficha.nombre.strip(),
        "custodio": ficha.custodio.strip() or None,
        "correo_institucional": ficha.correo_institucional.strip() or None,
        "espaciado_s": ficha.espaciado_s,
        "reenvia_en_duda": ficha.reenvia_en_duda,
    }
    antes = {campo: getattr(cuenta, campo) for campo in nuevos}
    cambiados = [campo for campo, valor in nuevos.items() if antes[campo] != valor]
    for campo in cambiados:
        setattr(cuenta, campo, nuevos[campo])
    if cambiados:
        anotar(
            sesion,
            "editar_cuenta",
            quien=persona.correo,
            persona_id=por,
            ahora=ahora,
            objeto="cuenta",
            objeto_id=cuenta.id,
            de=json.dumps({c: antes[c] for c in cambiados}, ensure_ascii=False),
            a=json.dumps({c: nuevos[c] for c in cambiados}, ensure_ascii=False),
        )
    return cuenta


def _revisar(ficha: Ficha, red: Red) -> None:
    if not ficha.nombre.strip():
        raise NoSePuede("Falta el nombre de la cuenta.")
    correo = ficha.correo_institucional.strip()
    if correo and not _CORREO.fullmatch(correo):
        raise NoSePuede(f"«{correo}» no es una dirección de correo.")
    if ficha.espaciado_s is not None and not 0 <= ficha.espaciado_s <= UN_DIA_S:
        raise NoSePuede("El espaciado va de 0 a 1.440 minutos.")
    if ficha.reenvia_en_duda and red is not Red.FACEBOOK:
        raise NoSePuede("Reenviar sola en caso de duda solo se puede escoger en Facebook.")


def cambiar_actividad(
    sesion: Session, alias: str, *, activa: bool, por: int, ahora: datetime
) -> Cuenta:
    """Desactiva (nada sale, nada se borra) o vuelve a activar."""
    persona = persona_de(sesion, por, *CONECTAN)
    cuenta = cuenta_por_alias(sesion, alias)
    if cuenta.activa is activa:
        raise NoSePuede(f"La cuenta ya está {'activa' if activa else 'desactivada'}.")
    cuenta.activa = activa
    anotar(
        sesion,
        "activar_cuenta" if activa else "desactivar_cuenta",
        quien=persona.correo,
        persona_id=por,
        ahora=ahora,
        objeto="cuenta",
        objeto_id=cuenta.id,
        a=cuenta.alias,
    )
    return cuenta


def anotar_verificacion(
    sesion: Session,
    cuenta_id: int,
    permiso: Permiso | None,
    motivo: str | None,
    *,
    ahora: datetime,
) -> Revision:
    """Guarda lo que dijo la red; si no respondió, se conserva lo último que sí dijo."""
    cuenta = sesion.get_one(Cuenta, cuenta_id)
    if permiso is None:
        fallo = Comprobacion(que="La red responde", bien=False, remedio=motivo or "")
        revision = Revision(vale=False, motivo=motivo, comprobaciones=(fallo,), avisos=())
    else:
        cuenta.permiso_visto_en = ahora
        cuenta.permiso_vence_en = permiso.vence_en
        comprobaciones = de_permiso(cuenta.red, permiso)
        dichos = {c.remedio for c in comprobaciones}
        revision = Revision(
            vale=permiso.vale,
            motivo=None,
            comprobaciones=comprobaciones,
            avisos=tuple(a for a in permiso.advertencias if a not in dichos),
        )
    cuenta.revision = json.dumps({**asdict(revision), "en": ahora.isoformat()}, ensure_ascii=False)
    return revision


def ultima_revision(cuenta: Cuenta) -> tuple[Revision, datetime] | None:
    """La última verificación guardada y cuándo fue."""
    if not cuenta.revision:
        return None
    dato = json.loads(cuenta.revision)
    revision = Revision(
        vale=bool(dato["vale"]),
        motivo=dato["motivo"],
        comprobaciones=tuple(Comprobacion(**c) for c in dato["comprobaciones"]),
        avisos=tuple(dato["avisos"]),
    )
    return revision, datetime.fromisoformat(dato["en"])


def olvidar_permisos(sesion: Session, *, por: int, ahora: datetime) -> int:
    """Borra toda credencial guardada o a medio recibir; las cuentas quedan en pausa.

    Devuelve cuántas cuentas perdieron su permiso. La serie sube: un obrero que la tuviera en
    la mano vuelve a armar su conector, y no puede.
    """
    persona = persona_de(sesion, por, *CONECTAN)
    cuentas = list(
        sesion.scalars(select(Cuenta).where(Cuenta.red.not_in(SIN_RED), Cuenta.credencial != ""))
    )
    for cuenta in cuentas:
        cuenta.credencial = ""
        cuenta.credencial_serie += 1
        cuenta.credencial_en = None
        cuenta.renovando_de = cuenta.renovando_hasta = None
        cuenta.permiso_visto_en = cuenta.permiso_vence_en = None
        cuenta.revision = None
        cuenta.pausada_por, cuenta.pausada_motivo = MotivoPausa.CREDENCIAL, OLVIDADA
        anotar(
            sesion,
            "olvidar_permiso",
            quien=persona.correo,
            persona_id=por,
            ahora=ahora,
            objeto="cuenta",
            objeto_id=cuenta.id,
            a=cuenta.alias,
        )
    sesion.execute(
        update(Conexion)
        .where(Conexion.sellado.is_not(None))
        .values(paso=PasoConexion.DESCARTADA, sellado=None)
    )
    return len(cuentas)
