"""Entregas que hace una persona (grupos de WhatsApp y similares): se confirman con evidencia."""

from datetime import datetime

from sqlalchemy.orm import Session

from cola.cuentas import Cuenta
from cola.errores import NoSePuede
from cola.estados import Estado
from cola.filas import escribir_filas, leer_fila
from cola.publicaciones import Intento, Publicacion, Suceso
from cola.transiciones import adoptar
from conectores.contrato import Recibo, Red
from piezas.bitacora import anotar


def confirmar(
    sesion: Session,
    publicacion_id: int,
    *,
    evidencia: str,
    entregada_en: datetime,
    quien: str,
    persona_id: int | None,
    ahora: datetime,
) -> None:
    """Registra que la persona la envió, cuándo y con qué evidencia (dirección o descripción)."""
    fila = leer_fila(sesion, publicacion_id)
    publicacion = sesion.get_one(Publicacion, publicacion_id)
    if sesion.get_one(Cuenta, publicacion.cuenta_id).red is not Red.MANUAL:
        raise NoSePuede("Solo se confirman así las entregas manuales.")
    if fila.estado is not Estado.EN_DUDA or not fila.requiere_persona:
        raise NoSePuede(f"La entrega {publicacion_id} no espera confirmación.")
    if len(evidencia.strip()) < 3:
        raise NoSePuede("Escriba la evidencia: un enlace, o en qué grupo y quién la vio.")
    if entregada_en > ahora:
        raise NoSePuede("La fecha de entrega está en el futuro. Corríjala.")
    recibo = Recibo(id_remoto=f"manual-{publicacion_id}", url=_direccion(evidencia.strip()))
    despues = adoptar(fila, recibo, ahora=entregada_en, momento=entregada_en)
    escribir_filas(sesion, [(fila, despues)])
    sesion.add(
        Intento(
            publicacion_id=fila.id,
            ficha=despues.ficha,
            paso=fila.paso or "publicar",
            suceso=Suceso.PERSONA,
            en=ahora,
            id_remoto=recibo.id_remoto,
            detalle=f"{quien} confirmó la entrega: {evidencia.strip()}",
        )
    )
    anotar(
        sesion,
        "confirmar_manual",
        quien=quien,
        persona_id=persona_id,
        ahora=ahora,
        objeto="publicacion",
        objeto_id=fila.id,
        de=fila.estado,
        a=despues.estado,
        motivo=evidencia.strip(),
    )


def _direccion(evidencia: str) -> str:
    return evidencia if evidencia.startswith(("https://", "http://")) else f"evidencia: {evidencia}"
