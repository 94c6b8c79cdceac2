"""La última puerta: la salida se escribe en el libro antes de llamar a la red."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from cola.transiciones import (
    Fila,
    anotar_avance,
    detener,
    dudar_a_medias,
    marcar_salida,
    soltar,
)
from piezas.derechos import versiones_sin_derechos

Vigentes = Callable[[Session, Collection[int]], Mapping[int, Mapping[int, str]]]
"""De cada versión con aprobación en pie y bien firmada, la huella del sobre de cada cuenta."""


_CUENTAS = Cuenta.__table__
_CAIDAS = select(_CUENTAS.c.id).where(
    _CUENTAS.c.id.in_(bindparam("ids", expanding=True)),
    or_(_CUENTAS.c.pausada_por.is_not(None), _CUENTAS.c.activa.is_(False)),
)


_SE_AVISAN = {Estado.DETENIDA: ClaseAviso.DETENIDA, Estado.EN_DUDA: ClaseAviso.DUDA}


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


@dataclass(frozen=True, slots=True)
class Reparo:
    """Por qué una entrega no cruza la puerta."""

    causa: Causa
    motivo: str


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
    versiones = {salida.toma.version_id for salida in salidas}
    aprobadas = vigentes(sesion, versiones)
    sin_derechos = versiones_sin_derechos(sesion, versiones, ahora=ahora)
    caidas = _cuentas_caidas(sesion, salidas) if hay_caidas else set()
    pares: list[tuple[Fila, Fila]] = []
    lineas: list[Linea] = []
    respuestas = []
    for salida in salidas:
        fila = filas[salida.toma.id]
        cerrada = en_pausa or salida.toma.credencial.cuenta_id in caidas
        try:
            despues, puerta = _cruzar(
                fila, salida, cerrada, _reparo(salida, aprobadas, sin_derechos), reglas, ahora
            )
        except ArriendoPerdido:
            respuestas.append(Puerta.PERDIDA)
            continue
        pares.append((fila, despues))
        if despues.estado in _SE_AVISAN:
            _avisar_apartada(sesion, salida, despues, ahora)
        respuestas.append(puerta)
        if puerta is Puerta.ABIERTA:
            lineas.append(_linea(salida, ahora))
    escribir_filas(sesion, pares)
    anotar_lineas(sesion, lineas)
    return respuestas


def _avisar_apartada(sesion: Session, salida: Salida, despues: Fila, ahora: datetime) -> None:
    credencial = salida.toma.credencial
    avisar(
        sesion,
        _SE_AVISAN[despues.estado],
        f"{credencial.alias}: {despues.motivo}",
        ahora=ahora,
        publicacion_id=salida.toma.id,
        cuenta_id=credencial.cuenta_id,
    )


def _es_lo_aprobado(salida: Salida, aprobadas: Mapping[int, Mapping[int, str]]) -> bool:
    """El sobre que va a salir es, byte por byte, el que firmó la aprobación en pie."""
    sobres = aprobadas.get(salida.toma.version_id, {})
    return sobres.get(salida.toma.credencial.cuenta_id) == salida.toma.huella_sobre


def _reparo(
    salida: Salida, aprobadas: Mapping[int, Mapping[int, str]], sin_derechos: Mapping[int, str]
) -> Reparo | None:
    if not _es_lo_aprobado(salida, aprobadas):
        motivo = "La pieza cambió o perdió su aprobación. Apruébela de nuevo para que salga."
        return Reparo(Causa.APROBACION, motivo)
    if falta := sin_derechos.get(salida.toma.version_id):
        return Reparo(Causa.DERECHOS, falta)
    return None


def _cruzar(
    fila: Fila,
    salida: Salida,
    cerrada: bool,
    reparo: Reparo | None,
    reglas: Reglas,
    ahora: datetime,
) -> tuple[Fila, Puerta]:
    ficha = salida.toma.ficha
    marcada = marcar_salida(
        fila, ficha=ficha, paso=salida.paso, ahora=ahora, hasta=ahora + reglas.arriendo
    )
    if cerrada:
        return soltar(fila, ficha=ficha, ahora=ahora), Puerta.CERRADA
    if reparo is not None and fila.hay_algo_publico:
        return _a_medias(fila, reparo), Puerta.CERRADA
    if reparo is not None:
        return detener(fila, causa=reparo.causa, motivo=reparo.motivo), Puerta.CERRADA
    return marcada, Puerta.ABIERTA


def _a_medias(fila: Fila, reparo: Reparo) -> Fila:
    duda = dudar_a_medias(fila)
    if reparo.causa is Causa.APROBACION:
        return duda
    return replace(
        duda,
        motivo=f"Una parte ya salió y el resto no sale. {reparo.motivo} "
        "Mírela en la red: retírela, o pegue su dirección para cerrarla así.",
    )


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
