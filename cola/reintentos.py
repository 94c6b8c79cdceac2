"""Qué hacer después de cada llamada, cada mirada y cada caída: reglas puras, sin reloj ni base."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from cola.desenlaces import Avanza, Desenlace, Detenida, Duda, Espera, Publicada, Rendida
from cola.estados import Causa, Estado, MotivoPausa
from conectores.contrato import Recibo, Red
from conectores.errores import (
    AunNo,
    CuentaBloqueada,
    ErrorDeConector,
    LimiteAlcanzado,
    MalConfigurada,
    MedioPerdido,
    NoSalio,
    NoSePudoAnotar,
    Pasajero,
    PosibleDuplicado,
    SinPermiso,
    SinRespuesta,
    SinSaldo,
)

MAX_FALLOS = 8
MAX_REENVIOS = 1
PLAZO_DE_ENVIO = timedelta(seconds=2)
"""Lo más que puede pasar entre anotar la salida y llamar a la red."""
ESPERA_SIN_FECHA = timedelta(minutes=15)
COMENTAR = "comentar"

REENVIAN_SOLAS = frozenset({Red.X, Red.WORDPRESS})
"""X rechaza por sí misma un texto repetido; WordPress publica por id un borrador ya creado."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Momento:
    """Lo que las reglas miran de una entrega en mano."""

    red: Red
    paso: str
    salida_en: datetime | None
    fallos: int
    reenvios: int
    miradas: int
    avance: Mapping[str, str]
    reenvia_en_duda: bool = False
    era_duplicado: bool = False

    @property
    def hay_algo_publico(self) -> bool:
        """Ya salió por lo menos un paso (un segmento, o la publicación sin su comentario)."""
        return any(clave.endswith(".url") for clave in self.avance)


def espera_tras(fallos: int, azar: Random) -> timedelta:
    """5 s, 10 s, 20 s… hasta 10 minutos, con ±25 % al azar para no volver todos a la vez."""
    base = 5.0 * float(2 ** min(max(fallos - 1, 0), 7))
    return timedelta(seconds=min(base, 600.0) * azar.uniform(0.75, 1.25))


def primera_mirada(salida_en: datetime, esperas: Sequence[float], ahora: datetime) -> datetime:
    """Nunca antes de que la red haya tenido tiempo de aceptar y de mostrar lo aceptado."""
    return max(ahora, salida_en + timedelta(seconds=esperas[0]))


def decidir(
    error: ErrorDeConector,
    m: Momento,
    *,
    salio: bool,
    ahora: datetime,
    esperas: Sequence[float],
    azar: Random,
) -> Desenlace:
    """Clasifica un fallo. `salio`: la salida ya estaba anotada y se llamó a la red."""
    if salio and isinstance(error, SinRespuesta | PosibleDuplicado):
        # Repetir a ciegas es publicar dos veces: primero se mira la propia cuenta.
        return Duda(
            error.mensaje,
            primera_mirada(m.salida_en or ahora, esperas, ahora),
            duplicado=isinstance(error, PosibleDuplicado),
        )
    pausa = _pausa_por(error)
    if pausa is not None:
        return _detener(error, pausa)
    espera = _espera_por(error, m, ahora=ahora, azar=azar)
    if espera is not None:
        return espera
    return _sin_remedio(error.mensaje, m)


def _pausa_por(error: ErrorDeConector) -> MotivoPausa | None:
    match error:
        case SinPermiso():
            return MotivoPausa.CREDENCIAL
        case SinSaldo():
            return MotivoPausa.SALDO
        case CuentaBloqueada():
            return MotivoPausa.BLOQUEO
        case MalConfigurada():
            return MotivoPausa.CONFIGURACION
    return None


def _detener(error: ErrorDeConector, pausa: MotivoPausa) -> Detenida:
    return Detenida(error.mensaje, Causa.CUENTA, pausa, toda_la_red=isinstance(error, SinSaldo))


def _espera_por(
    error: ErrorDeConector, m: Momento, *, ahora: datetime, azar: Random
) -> Espera | None:
    if isinstance(error, AunNo):
        return Espera(ahora + error.espera, error.mensaje, es_fallo=False)
    if m.fallos + 1 >= MAX_FALLOS:
        return None
    tras = espera_tras(m.fallos + 1, azar)
    match error:
        case LimiteAlcanzado():
            hasta = error.hasta or ahora + max(tras, ESPERA_SIN_FECHA)
            return Espera(max(hasta, ahora), error.mensaje, frena_cuenta=True)
        case MedioPerdido():
            return Espera(ahora + timedelta(seconds=3), error.mensaje, olvida_medios=True)
        case Pasajero():
            return Espera(ahora + (error.espera or tras), error.mensaje)
        case NoSalio() | SinRespuesta() | PosibleDuplicado() | NoSePudoAnotar():
            return Espera(ahora + tras, error.mensaje)
    return None


def _sin_remedio(motivo: str, m: Momento) -> Desenlace:
    """El contenido no pasa, o se agotaron los intentos."""
    if m.paso == COMENTAR or (COMENTAR not in m.avance and _publicacion_sin_comentario(m)):
        return Publicada(_recibo_publicar(m, f"El primer comentario no salió: {motivo}"))
    if m.hay_algo_publico:
        return Duda(
            f"Salió solo una parte. {motivo} Corrija en la red y diga si quedó publicada, "
            "o ordene reenviar para seguir desde donde quedó.",
            None,
        )
    return Rendida(motivo)


def _publicacion_sin_comentario(m: Momento) -> bool:
    # El conector vacía `publicar` si la red desechó lo aceptado (un video que no pudo procesar).
    return m.red is Red.FACEBOOK and "publicar.url" in m.avance and bool(m.avance.get("publicar"))


def _recibo_publicar(m: Momento, aviso: str) -> Recibo:
    return Recibo(id_remoto=m.avance["publicar"], url=m.avance["publicar.url"], aviso=aviso)


def tras_recibo(paso: str, recibo: Recibo) -> Desenlace:
    """La red aceptó el paso."""
    return Publicada(recibo) if recibo.completo else Avanza(paso, recibo)


def tras_mirar(
    hallado: Recibo | None, m: Momento, *, ahora: datetime, esperas: Sequence[float]
) -> Desenlace:
    """Una mirada respondió: está (`hallado`) o no está. La última que dice «no está» decide."""
    if hallado is not None:
        return tras_recibo(m.paso, hallado)
    vistas = m.miradas + 1
    if vistas < len(esperas):
        proxima = (m.salida_en or ahora) + timedelta(seconds=esperas[vistas])
        motivo = "Todavía no aparece en la red; se mirará otra vez antes de decidir."
        return Duda(motivo, max(proxima, ahora), ausente=True)
    return _ausente(m, ahora=ahora)


def _ausente(m: Momento, *, ahora: datetime) -> Desenlace:
    if m.paso == COMENTAR:
        aviso = "No se pudo confirmar el primer comentario: revíselo en la red."
        return Publicada(_recibo_publicar(m, aviso))
    if m.era_duplicado:
        motivo = (
            "La red la rechaza por repetida y no aparece en la cuenta. Revise la cuenta: "
            "si ya está, pegue su dirección; si no, cambie el texto y apruébela de nuevo."
        )
        return Duda(motivo, None, ausente=True)
    repite_sola = m.red in REENVIAN_SOLAS or m.reenvia_en_duda
    if repite_sola and m.reenvios < MAX_REENVIOS:
        motivo = "Se comprobó en la red que no estaba; se envía una vez más."
        return Espera(ahora, motivo, es_fallo=False, reenvia=True)
    motivo = (
        "No se sabe si salió: la red no respondió y la publicación no aparece en la cuenta. "
        "Mírela en la red y diga si salió (con su dirección) o no."
    )
    return Duda(motivo, None, ausente=True)


def tras_mirada_fallida(
    error: ErrorDeConector, *, fallos: int, ahora: datetime, azar: Random
) -> Duda | Detenida:
    """No se pudo mirar: eso no dice nada de la publicación; se mira más tarde.

    Si lo que falla es la cuenta, `Detenida`: la duda sigue, y se mira cuando la reanuden.
    """
    pausa = _pausa_por(error)
    if pausa is not None:
        return _detener(error, pausa)
    espera = espera_tras(fallos + 1, azar)
    if isinstance(error, LimiteAlcanzado) and error.hasta is not None:
        espera = max(espera, error.hasta - ahora)
    return Duda(f"No se pudo mirar si salió. {error.mensaje}", ahora + espera)


def tras_rescate(estado: Estado) -> Estado:
    """A dónde va una entrega cuyo obrero murió: nunca se reenvía lo que pudo haber salido."""
    return Estado.EN_DUDA if estado is Estado.ENVIANDO else Estado.PROGRAMADA


def puede_llamar(transcurrido: timedelta, plazo: timedelta = PLAZO_DE_ENVIO) -> bool:
    """Si pasó demasiado desde la anotación, otro pudo haberla rescatado: no se llama."""
    return transcurrido <= plazo


def es_tardia(
    programada_para: datetime,
    *,
    carril_libre_desde: datetime | None,
    tolerancia: timedelta,
    ahora: datetime,
) -> bool:
    """Pasó la tolerancia desde que pudo salir.

    Se cuenta desde el momento deseado o desde que el carril quedó libre por su propio espaciado:
    veinte piezas a la misma hora salen de a una y ninguna es tardía por hacer fila.
    """
    desde = programada_para
    if carril_libre_desde is not None:
        desde = max(desde, carril_libre_desde)
    return ahora > desde + tolerancia
