"""La máquina de estados de una publicación: de una fila a la siguiente, sin base ni reloj.

Toda escritura de la cola pasa por aquí, y también la recorre el modelo exhaustivo de las pruebas.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cola.desenlaces import Avanza, Desenlace, Detenida, Duda, Espera, Publicada, Rendida
from cola.errores import ArriendoPerdido, NoSePuede
from cola.estados import EN_MANOS, Causa, Estado, pasar
from cola.reintentos import primera_mirada, tras_rescate
from conectores.contrato import Recibo

E = Estado


@dataclass(frozen=True, slots=True, kw_only=True)
class Fila:
    """Las columnas de `publicacion` que cambian con el tiempo, con sus mismos nombres."""

    id: int
    estado: Estado
    programada_para: datetime
    vence: datetime | None
    ficha: int = 0
    arriendo_de: str | None = None
    arriendo_hasta: datetime | None = None
    intentos: int = 0
    fallos: int = 0
    reenvios: int = 0
    paso: str | None = None
    salida_en: datetime | None = None
    avance: str = "{}"
    mirar_en: datetime | None = None
    miradas: int = 0
    requiere_persona: bool = False
    publicada_en: datetime | None = None
    id_remoto: str | None = None
    url: str | None = None
    motivo: str | None = None
    causa: Causa | None = None

    @property
    def hay_algo_publico(self) -> bool:
        """Algún paso ya es visible en la red."""
        return '.url"' in self.avance


def _a(fila: Fila, estado: Estado, **cambios: object) -> Fila:
    """Pasa a `estado` soltando lo que solo vale en el estado anterior."""
    limpio: dict[str, object] = {
        "estado": pasar(fila.estado, estado),
        "arriendo_de": None,
        "arriendo_hasta": None,
        "mirar_en": None,
        "requiere_persona": False,
        "causa": None,
    }
    return replace(fila, **{**limpio, **cambios})  # type: ignore[arg-type]


def _exigir_ficha(fila: Fila, ficha: int) -> None:
    if fila.ficha != ficha:
        raise ArriendoPerdido


def tomar(fila: Fila, *, dueno: str, hasta: datetime) -> Fila:
    """Un obrero la arrienda; la ficha sube y con ella caduca todo obrero anterior."""
    return _a(fila, E.TOMADA, ficha=fila.ficha + 1, arriendo_de=dueno, arriendo_hasta=hasta)


def tomar_mirada(fila: Fila, *, dueno: str, hasta: datetime) -> Fila:
    """Un obrero la arrienda solo para mirar la red; sigue en duda."""
    if fila.estado is not E.EN_DUDA or fila.mirar_en is None:
        raise NoSePuede("Esa publicación no espera una mirada.")
    return replace(fila, ficha=fila.ficha + 1, arriendo_de=dueno, arriendo_hasta=hasta)


def marcar_salida(fila: Fila, *, ficha: int, paso: str, ahora: datetime, hasta: datetime) -> Fila:
    """La salida queda escrita ANTES de la llamada. Un arriendo vencido ya no autoriza a llamar."""
    _exigir_ficha(fila, ficha)
    if fila.estado not in EN_MANOS or fila.arriendo_hasta is None or fila.arriendo_hasta <= ahora:
        raise ArriendoPerdido
    siguiente = fila if fila.estado is E.ENVIANDO else _a(fila, E.ENVIANDO)
    return replace(
        siguiente,
        arriendo_de=fila.arriendo_de,
        arriendo_hasta=hasta,
        paso=paso,
        salida_en=ahora,
        intentos=fila.intentos + 1,
    )


def anotar_avance(fila: Fila, *, ficha: int, clave: str, valor: str) -> Fila:
    """La libreta del conector gana una línea."""
    _exigir_ficha(fila, ficha)
    if fila.arriendo_hasta is None:
        raise ArriendoPerdido
    if not valor:
        # Olvidar un paso olvida también su dirección: lo que la red desechó ya no es público.
        return replace(fila, avance=_olvidar(fila.avance, clave))
    return replace(fila, avance=_con(fila.avance, {clave: valor}))


def soltar(fila: Fila, *, ficha: int, ahora: datetime) -> Fila:
    """El obrero la devuelve sin haber llamado a la red."""
    _exigir_ficha(fila, ficha)
    return _a(fila, E.PROGRAMADA, vence=ahora)


def cerrar(fila: Fila, desenlace: Desenlace, *, ficha: int, ahora: datetime) -> Fila:
    """Aplica lo que devolvió el obrero, tras una llamada o una mirada."""
    _exigir_ficha(fila, ficha)
    if fila.arriendo_hasta is None:
        raise ArriendoPerdido
    match desenlace:
        case Publicada():
            return _publicada(fila, desenlace.recibo, ahora)
        case Avanza():
            return _avanza(fila, desenlace, ahora)
        case Espera():
            return _espera(fila, desenlace)
        case Duda():
            return _duda(fila, desenlace)
        case Rendida():
            return _a(fila, E.FALLIDA, motivo=desenlace.motivo)
        case Detenida():
            return _detenida(fila, desenlace, ahora)


def _publicada(
    fila: Fila, recibo: Recibo, ahora: datetime, momento: datetime | None = None
) -> Fila:
    if not recibo.id_remoto or not recibo.url:
        raise ValueError("un recibo sin id o sin dirección no es un éxito")
    # Salió cuando se llamó, no cuando por fin se supo.
    momento = momento or fila.salida_en or ahora
    return _a(
        fila,
        E.PUBLICADA,
        id_remoto=recibo.id_remoto,
        url=recibo.url,
        publicada_en=momento,
        motivo=recibo.aviso or None,
        vence=None,
    )


def _avanza(fila: Fila, hecho: Avanza, ahora: datetime) -> Fila:
    notas = {hecho.paso: hecho.recibo.id_remoto, f"{hecho.paso}.url": hecho.recibo.url}
    avance = _sin(_con(fila.avance, notas), "duplicado")
    # El paso siguiente es otra publicación: no paga los reenvíos del anterior.
    fila = replace(fila, avance=avance, fallos=0, reenvios=0)
    if fila.estado is E.EN_DUDA:
        return _a(fila, E.PROGRAMADA, vence=ahora, miradas=0, motivo=None)
    return fila


def _espera(fila: Fila, espera: Espera) -> Fila:
    avance = fila.avance
    if espera.olvida_medios:
        avance = _sin(avance, "medio")
    return _a(
        fila,
        E.PROGRAMADA,
        vence=espera.hasta,
        motivo=espera.motivo,
        avance=avance,
        fallos=_fallos_tras(fila, espera),
        reenvios=fila.reenvios + 1 if espera.reenvia else fila.reenvios,
        miradas=0,
    )


def _fallos_tras(fila: Fila, espera: Espera) -> int:
    if espera.reenvia:
        return 0  # la red respondió: no haber podido mirarla antes no cuenta contra el envío
    return fila.fallos + 1 if espera.es_fallo else fila.fallos


def _duda(fila: Fila, duda: Duda) -> Fila:
    de_mirada = fila.estado is E.EN_DUDA
    base = (
        replace(fila, arriendo_de=None, arriendo_hasta=None) if de_mirada else _a(fila, E.EN_DUDA)
    )
    avance = _con(fila.avance, {"duplicado": "1"}) if duda.duplicado else fila.avance
    return replace(
        base,
        mirar_en=duda.mirar_en,
        requiere_persona=duda.mirar_en is None,
        miradas=fila.miradas + 1 if duda.ausente else (fila.miradas if de_mirada else 0),
        motivo=duda.motivo,
        avance=avance,
        # Cada mirada que no pudo ser aleja la siguiente; una que responde empieza de nuevo.
        fallos=fila.fallos + 1 if de_mirada and not duda.ausente else 0,
    )


def _detenida(fila: Fila, orden: Detenida, ahora: datetime) -> Fila:
    if fila.estado is E.EN_DUDA:
        # La cuenta cayó mientras se miraba: la duda sigue siendo duda, se mirará al reanudar.
        return replace(
            fila,
            arriendo_de=None,
            arriendo_hasta=None,
            motivo=orden.motivo,
            mirar_en=ahora + timedelta(minutes=1),
        )
    return _a(fila, E.DETENIDA, causa=orden.causa, motivo=orden.motivo)


def detener(fila: Fila, *, causa: Causa, motivo: str) -> Fila:
    """La aparta para que una persona decida; no había salido."""
    return _a(fila, E.DETENIDA, causa=causa, motivo=motivo)


def dudar_a_medias(fila: Fila) -> Fila:
    """Una parte ya es pública y lo que falta perdió su aprobación: decide una persona."""
    motivo = (
        "Una parte ya salió y la pieza cambió o perdió su aprobación, así que el resto no sale. "
        "Mírela en la red y pegue su dirección para cerrarla así."
    )
    return _a(fila, E.EN_DUDA, mirar_en=None, requiere_persona=True, motivo=motivo)


def rescatar(fila: Fila, *, ahora: datetime, esperas: Sequence[float]) -> Fila:
    """Su obrero murió. Lo que pudo haber salido se mira; nunca se reenvía."""
    if fila.estado is E.EN_DUDA:
        return replace(fila, ficha=fila.ficha + 1, arriendo_de=None, arriendo_hasta=None)
    if tras_rescate(fila.estado) is E.PROGRAMADA:
        return _a(fila, E.PROGRAMADA, ficha=fila.ficha + 1, vence=fila.vence or ahora)
    return _a(
        fila,
        E.EN_DUDA,
        ficha=fila.ficha + 1,
        mirar_en=primera_mirada(fila.salida_en or ahora, esperas, ahora),
        miradas=0,
        motivo="El motor se detuvo mientras enviaba; se mirará en la red si salió.",
    )


def reprogramar(fila: Fila, *, para: datetime) -> Fila:
    """Una persona la pone en la fila con un momento nuevo, o le cambia la hora si ya estaba."""
    base = fila if fila.estado is E.PROGRAMADA else _a(fila, E.PROGRAMADA)
    return replace(
        base,
        programada_para=para,
        vence=para,
        motivo=None,
        fallos=0,
        miradas=0,
        avance=_sin(fila.avance, "duplicado"),
    )


def cancelar(fila: Fila, *, motivo: str, ahora: datetime) -> Fila:
    """Una persona la cancela. Gana solo antes de `enviando`; lo que ya es público no se cancela."""
    if fila.hay_algo_publico:
        raise NoSePuede(
            "Una parte ya salió a la red: no se cancela. Reenvíela para completarla "
            "o resuélvala con su dirección."
        )
    if fila.estado is E.TOMADA:
        fila = replace(soltar(fila, ficha=fila.ficha, ahora=ahora), ficha=fila.ficha + 1)
    return _a(fila, E.CANCELADA, motivo=motivo)


def retirar(fila: Fila, *, motivo: str) -> Fila:
    """Se borró de la red; el registro y su recibo quedan."""
    return _a(fila, E.RETIRADA, motivo=motivo)


def _con(avance: str, notas: dict[str, str]) -> str:
    return json.dumps({**json.loads(avance), **notas}, ensure_ascii=False, sort_keys=True)


def _olvidar(avance: str, clave: str) -> str:
    notas = json.loads(avance)
    for nombre in (clave, f"{clave}.url"):
        notas.pop(nombre, None)
    return json.dumps(notas, ensure_ascii=False, sort_keys=True)


def _sin(avance: str, prefijo: str) -> str:
    if prefijo not in avance:
        return avance
    notas = {k: v for k, v in json.loads(avance).items() if not k.startswith(prefijo)}
    return json.dumps(notas, ensure_ascii=False, sort_keys=True)


def adoptar(
    fila: Fila, recibo: Recibo, *, ahora: datetime, momento: datetime | None = None
) -> Fila:
    """Una persona confirma que salió; la ficha sube para que ningún obrero la pise."""
    return replace(_publicada(fila, recibo, ahora, momento), ficha=fila.ficha + 1)


def dar_por_no_salida(fila: Fila, *, reenviar: bool, quien: str, ahora: datetime) -> Fila:
    """Una persona dice que no salió: se cierra, o vuelve a la fila si ordena reenviar."""
    if not reenviar:
        motivo = f"No salió, según {quien}. Reinténtela si todavía sirve."
        return _a(fila, E.FALLIDA, ficha=fila.ficha + 1, motivo=motivo)
    return replace(reprogramar(fila, para=ahora), ficha=fila.ficha + 1)
