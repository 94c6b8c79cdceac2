"""Subir medios a X: repetible y reanudable, una llamada corta cada vez.

La libreta guarda en `medio-i` en qué va cada uno. Nada de esto es público: repetir una parte tras
una caída no hace daño. Fuente: guía de medios v2 de la API de X, consultado 2026-08.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from conectores.contrato import Adjunto, Clase, Envio, Libreta
from conectores.errores import (
    AunNo,
    ContenidoRechazado,
    MedioPerdido,
    Pasajero,
    SinRespuesta,
    YaNoEsta,
)
from conectores.x.cliente import Cliente, es_id

TROZO_BYTES = 1024 * 1024
"""Con trozos de 5 MiB la entrada de X responde 413."""
TROZOS_POR_TANDA = 24
TANDA_MAX = timedelta(seconds=40)
"""Un arriendo dura más que una llamada, no más que un video: se sube por tandas."""
PROCESO_MAX = timedelta(minutes=10)
MARGEN = timedelta(hours=1)
"""Con menos vida que esta, el medio se sube otra vez."""
VIDA = timedelta(hours=24)

REINICIOS_MAX = 2
# No empieza por `medio`: el motor borra esas claves al empezar de nuevo, y la cuenta debe quedar.
_REINICIOS = "reinicios"

_CATEGORIAS = {Clase.IMAGEN: "tweet_image", Clase.GIF: "tweet_gif", Clase.VIDEO: "tweet_video"}


class _ProcesoFallido(ContenidoRechazado):
    """X recibió el archivo y no pudo con él: subirlo otra vez daría lo mismo."""


class Fase(StrEnum):
    """En qué va un medio."""

    SUBIENDO = "subiendo"
    PROCESANDO = "procesando"
    SUBIDO = "subido"
    LISTO = "listo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Avance:
    """Lo anotado de un medio."""

    id: str
    fase: Fase
    vence_en: str
    huella: str
    trozo: int = 0
    """El siguiente por subir."""
    desde: str = ""
    """Cuándo empezó a procesarlo X."""


class Subidor:
    """Deja los medios de un envío en X, con su texto alternativo, y da sus identificadores."""

    def __init__(self, cliente: Cliente, ahora: Callable[[], datetime]) -> None:
        self._cliente = cliente
        self._ahora = ahora

    def subir(self, envio: Envio, libreta: Libreta) -> tuple[str, ...]:
        """Los identificadores, en orden. Lanza `AunNo` si falta seguir en otro momento."""
        return tuple(
            self._uno(f"medio-{indice}", adjunto, libreta)
            for indice, adjunto in enumerate(envio.adjuntos)
        )

    def _uno(self, clave: str, adjunto: Adjunto, libreta: Libreta) -> str:
        avance = self._vigente(libreta.leer(clave), adjunto)
        if avance is None:
            avance = self._empezar(adjunto)
            self._anotar(clave, avance, libreta)
            return self._continuar(clave, adjunto, avance, libreta)
        try:
            return self._continuar(clave, adjunto, avance, libreta)
        except _ProcesoFallido:
            raise
        except (ContenidoRechazado, YaNoEsta) as error:
            # X olvidó lo que estaba a medias, o no deja repetir un trozo: desde el principio.
            reinicios = int(libreta.leer(_REINICIOS) or 0)
            if reinicios >= REINICIOS_MAX:
                raise
            libreta.anotar(_REINICIOS, str(reinicios + 1))
            raise MedioPerdido(detalle=error.detalle) from None

    def _continuar(self, clave: str, adjunto: Adjunto, avance: Avance, libreta: Libreta) -> str:
        if avance.fase is Fase.SUBIENDO:
            avance = self._seguir_subiendo(clave, adjunto, avance, libreta)
        if avance.fase is Fase.PROCESANDO:
            avance = self._mirar_proceso(clave, avance, libreta)
        if avance.fase is Fase.SUBIDO:
            self._describir(adjunto, avance)
            self._anotar(clave, replace(avance, fase=Fase.LISTO), libreta)
        return avance.id

    def _vigente(self, anotado: str | None, adjunto: Adjunto) -> Avance | None:
        """Lo anotado, si sirve: el mismo archivo y con vida de sobra."""
        if not anotado:
            return None
        datos = json.loads(anotado)
        avance = Avance(**{**datos, "fase": Fase(datos["fase"])})
        vive = datetime.fromisoformat(avance.vence_en) - self._ahora() > MARGEN
        return avance if vive and avance.huella == adjunto.huella else None

    def _anotar(self, clave: str, avance: Avance, libreta: Libreta) -> None:
        libreta.anotar(clave, json.dumps(asdict(avance), sort_keys=True))

    def _empezar(self, adjunto: Adjunto) -> Avance:
        _revisar_archivo(adjunto)
        if adjunto.clase is Clase.IMAGEN:
            # La imagen sube entera en una llamada; X no quiere más campos que estos dos.
            respuesta = self._cliente.enviar(
                "POST",
                "/2/media/upload",
                data={"media_category": _CATEGORIAS[adjunto.clase]},
                files={"media": (adjunto.nombre, adjunto.archivo.read_bytes(), adjunto.tipo)},
            )
            return self._avance(self._cliente.datos(respuesta), adjunto, Fase.SUBIDO)
        respuesta = self._cliente.enviar(
            "POST",
            "/2/media/upload/initialize",
            json={
                "media_type": adjunto.tipo,
                "total_bytes": adjunto.archivo.stat().st_size,
                "media_category": _CATEGORIAS[adjunto.clase],
            },
        )
        return self._avance(self._cliente.datos(respuesta), adjunto, Fase.SUBIENDO)

    def _avance(self, datos: dict[str, Any], adjunto: Adjunto, fase: Fase) -> Avance:
        # Vale `id` (cifras), nunca `media_key`: con ella X rechaza la publicación.
        id_medio = str(datos.get("id") or "")
        if not es_id(id_medio):
            raise SinRespuesta(detalle="la subida respondió sin identificador")
        vida = datos.get("expires_after_secs")
        vence = self._ahora() + (timedelta(seconds=vida) if isinstance(vida, int) else VIDA)
        avance = Avance(id=id_medio, fase=fase, vence_en=vence.isoformat(), huella=adjunto.huella)
        if fase is Fase.SUBIDO and (proceso := _proceso(datos)):
            return self._segun_proceso(avance, proceso)
        return avance

    def _seguir_subiendo(
        self, clave: str, adjunto: Adjunto, avance: Avance, libreta: Libreta
    ) -> Avance:
        _revisar_archivo(adjunto)
        corte = self._ahora() + TANDA_MAX
        trozo = avance.trozo
        with adjunto.archivo.open("rb") as archivo:
            archivo.seek(trozo * TROZO_BYTES)
            while bytes_ := archivo.read(TROZO_BYTES):
                if trozo - avance.trozo >= TROZOS_POR_TANDA or self._ahora() > corte:
                    self._anotar(clave, replace(avance, trozo=trozo), libreta)
                    raise AunNo("El video sigue subiendo a X.", espera=timedelta(seconds=1))
                self._cliente.enviar(
                    "POST",
                    f"/2/media/upload/{avance.id}/append",
                    data={"segment_index": str(trozo)},
                    files={"media": (adjunto.nombre, bytes_, "application/octet-stream")},
                )
                trozo += 1
        respuesta = self._cliente.enviar("POST", f"/2/media/upload/{avance.id}/finalize")
        subido = replace(avance, fase=Fase.SUBIDO, trozo=trozo)
        siguiente = self._segun_proceso(subido, _proceso(self._cliente.datos(respuesta)))
        self._anotar(clave, siguiente, libreta)
        if siguiente.fase is Fase.PROCESANDO:
            raise self._aun_no(_proceso(self._cliente.datos(respuesta)))
        return siguiente

    def _mirar_proceso(self, clave: str, avance: Avance, libreta: Libreta) -> Avance:
        respuesta = self._cliente.enviar(
            "GET", "/2/media/upload", params={"command": "STATUS", "media_id": avance.id}
        )
        proceso = _proceso(self._cliente.datos(respuesta))
        siguiente = self._segun_proceso(avance, proceso)
        if siguiente.fase is Fase.PROCESANDO:
            if self._ahora() - datetime.fromisoformat(avance.desde) > PROCESO_MAX:
                # Se olvida lo subido: el próximo intento empieza de cero.
                libreta.anotar(clave, "")
                raise Pasajero("X no terminó de procesar el video. Se subirá de nuevo.")
            raise self._aun_no(proceso)
        self._anotar(clave, siguiente, libreta)
        return siguiente

    def _segun_proceso(self, avance: Avance, proceso: dict[str, Any]) -> Avance:
        estado = proceso.get("state", "succeeded")
        if estado == "failed":
            raise _ProcesoFallido(
                "X no pudo procesar el archivo. Revise su formato y duración.",
                detalle=str(proceso.get("error"))[:300],
            )
        if estado == "succeeded":
            return replace(avance, fase=Fase.SUBIDO)
        desde = avance.desde or self._ahora().isoformat()
        return replace(avance, fase=Fase.PROCESANDO, desde=desde)

    def _aun_no(self, proceso: dict[str, Any]) -> AunNo:
        pedida = proceso.get("check_after_secs")
        segundos = pedida if isinstance(pedida, int) else 5
        return AunNo(espera=timedelta(seconds=max(1, min(segundos, 30))))

    def _describir(self, adjunto: Adjunto, avance: Avance) -> None:
        """Pone el texto alternativo ANTES de publicar: después X no garantiza que valga."""
        if adjunto.clase is Clase.VIDEO or not adjunto.texto_alternativo:
            return
        self._cliente.enviar(
            "POST",
            "/2/media/metadata",
            json={
                "id": avance.id,
                "metadata": {"alt_text": {"text": adjunto.texto_alternativo}},
            },
        )


def _proceso(datos: dict[str, Any]) -> dict[str, Any]:
    """`processing_info`, o vacío: sin ella el medio ya está listo."""
    proceso = datos.get("processing_info")
    return proceso if isinstance(proceso, dict) else {}


def _revisar_archivo(adjunto: Adjunto) -> None:
    if not adjunto.archivo.is_file():
        raise ContenidoRechazado(
            "Falta un archivo de la publicación en este servidor. Súbalo de nuevo.",
            detalle=adjunto.nombre,
        )
