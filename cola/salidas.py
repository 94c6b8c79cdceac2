"""La última puerta: la salida se escribe en el libro antes de llamar a la red."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from cola.avisos import ClaseAviso, avisar
from cola.cuentas import Cuenta
from cola.errores import ArriendoPerdido
from cola.estados import Causa, Estado
from cola.filas import escribir_filas, leer_filas
from cola.libro import Linea, anotar_lineas
from cola.publicaciones import Suceso
from cola.tomas import Reglas, Toma
from cola.transiciones import Fila, anotar_avance, detener, marcar_salida, soltar

Vigentes = Callable[[Session, Collection[int]], Mapping[int, Mapping[int, str]]]
"""De cada versión con aprobación en pie y bien firmada, la huella del sobre de cada cuenta."""


_CUENTAS = Cuenta.__table__
_CAIDAS = select(_CUENTAS.c.id).where(
    _CUENTAS.c.id.in_(bindparam("ids", expanding=True)),
    or_(_CUENTAS.c.pausada_por.is_not(None), _CUENTAS.c.activa.is_(False)),
)


class Puerta(StrEnum):
    """Lo que la última puerta le responde al obrero."""

    ABIERTA = "abierta"
    CERRADA = "cerrada"
    """Pausa, cuenta caída o aprobación perdida: la entrega ya quedó donde corresponde."""
    PERDIDA = "perdida"
    """El arriendo venció: otro la tiene o la tendrá."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Salida:
    """Un obrero pide permiso para hacer una llamada sin vuelta atrás."""

    toma: Toma
    paso: str
    huella: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nota:
    """Un conector pide anotar en su libreta."""

    toma: Toma
    clave: str
    valor: str


def marcar_salidas(
    sesion: Session,
    salidas: Sequence[Salida],
    *,
    reglas: Reglas,
    vigentes: Vigentes,
    ahora: datetime,
    en_pausa: bool = False,
    hay_caidas: bool = True,
) -> list[Puerta]:
    """Una respuesta por petición, en el mismo orden; vale cuando la transacción se confirma.

    `en_pausa`: la cola está en pausa o el motor se apaga: se suelta lo que aún no ha llamado.
    """
    if not salidas:
        return []
    filas = leer_filas(sesion, [salida.toma.id for salida in salidas])
    aprobadas = vigentes(sesion, {salida.toma.version_id for salida in salidas})
    caidas = _cuentas_caidas(sesion, salidas) if hay_caidas else set()
    pares: list[tuple[Fila, Fila]] = []
    lineas: list[Linea] = []
    respuestas = []
    for salida in salidas:
        fila = filas[salida.toma.id]
        cerrada = en_pausa or salida.toma.credencial.cuenta_id in caidas
        try:
            despues, puerta = _cruzar(
                fila, salida, cerrada, _es_lo_aprobado(salida, aprobadas), reglas, ahora
            )
        except ArriendoPerdido:
            respuestas.append(Puerta.PERDIDA)
            continue
        pares.append((fila, despues))
        if despues.estado is Estado.DETENIDA:
            _avisar_detenida(sesion, salida, despues.motivo or "", ahora)
        respuestas.append(puerta)
        if puerta is Puerta.ABIERTA:
            lineas.append(_linea(salida, ahora))
    escribir_filas(sesion, pares)
    anotar_lineas(sesion, lineas)
    return respuestas


def _avisar_detenida(sesion: Session, salida: Salida, motivo: str, ahora: datetime) -> None:
    credencial = salida.toma.credencial
    avisar(
        sesion,
        ClaseAviso.DETENIDA,
        f"{credencial.alias}: {motivo}",
        ahora=ahora,
        publicacion_id=salida.toma.id,
        cuenta_id=credencial.cuenta_id,
    )


def _es_lo_aprobado(salida: Salida, aprobadas: Mapping[int, Mapping[int, str]]) -> bool:
    """El sobre que va a salir es, byte por byte, el que firmó la aprobación en pie."""
    sobres = aprobadas.get(salida.toma.version_id, {})
    return sobres.get(salida.toma.credencial.cuenta_id) == salida.toma.huella_sobre


def _cruzar(
    fila: Fila, salida: Salida, cerrada: bool, aprobada: bool, reglas: Reglas, ahora: datetime
) -> tuple[Fila, Puerta]:
    ficha = salida.toma.ficha
    marcada = marcar_salida(
        fila, ficha=ficha, paso=salida.paso, ahora=ahora, hasta=ahora + reglas.arriendo
    )
    if cerrada:
        return soltar(fila, ficha=ficha, ahora=ahora), Puerta.CERRADA
    if not aprobada:
        motivo = "La pieza cambió o perdió su aprobación. Apruébela de nuevo para que salga."
        return detener(fila, causa=Causa.APROBACION, motivo=motivo), Puerta.CERRADA
    return marcada, Puerta.ABIERTA


def _cuentas_caidas(sesion: Session, salidas: Iterable[Salida]) -> set[int]:
    ids = {salida.toma.credencial.cuenta_id for salida in salidas}
    return set(sesion.connection().execute(_CAIDAS, {"ids": list(ids)}).scalars())


def _linea(salida: Salida, ahora: datetime) -> Linea:
    return Linea(
        publicacion_id=salida.toma.id,
        ficha=salida.toma.ficha,
        paso=salida.paso,
        suceso=Suceso.SALIDA,
        en=ahora,
        huella=salida.huella,
    )


def anotar_notas(sesion: Session, notas: Sequence[Nota]) -> list[bool]:
    """Escribe en las libretas; `False` = el arriendo se perdió y no se anotó."""
    filas = leer_filas(sesion, [nota.toma.id for nota in notas])
    originales = dict(filas)
    respuestas = []
    for nota in notas:
        try:
            filas[nota.toma.id] = anotar_avance(
                filas[nota.toma.id], ficha=nota.toma.ficha, clave=nota.clave, valor=nota.valor
            )
            respuestas.append(True)
        except ArriendoPerdido:
            respuestas.append(False)
    escribir_filas(sesion, [(originales[i], filas[i]) for i in filas])
    return respuestas
