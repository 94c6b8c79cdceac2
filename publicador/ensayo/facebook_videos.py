"""Videos y reels de la Graph API de ensayo: por trozos, con proceso que toma su tiempo."""

from datetime import datetime, timedelta
from typing import Any, Final

from publicador.ensayo.facebook_errores import ErrorGraph, no_existe, parametro
from publicador.ensayo.facebook_estado import EstadoFacebook, Pedido
from publicador.ensayo.facebook_parametros import es_cierto
from publicador.ensayo.facebook_publicar import texto_que_cabe
from publicador.ensayo.mundo import Imagen, demora_medio_s

TROZO_BYTES: Final = 1024 * 1024
VIDEO_MAX_BYTES: Final = 1024 * 1024 * 1024
PROCESO_S: Final = 2.0
# Quien pregunta varias veces seguidas no espera el reloj: basta para relojes fijos de prueba.
LECTURAS_HASTA_LISTO: Final = 4


class Videos:
    """`/{page}/videos`, `/{page}/video_reels` y lo que les pasa hasta verse."""

    def __init__(self, estado: EstadoFacebook) -> None:
        """Guarda el estado; los trozos a medio subir viven en memoria, como una sesión."""
        self.estado = estado
        self.mundo = estado.mundo
        self._trozos: dict[str, bytearray] = {}

    def subir(self, pedido: Pedido) -> dict[str, Any]:
        """`POST /{page}/videos`: de una vez, o por fases `start`, `transfer`, `finish`."""
        pedido.llamante.exigir_pagina(pedido.id)
        fase = pedido.dados.get("upload_phase", "").lower()
        if not fase:
            return self._de_una_vez(pedido)
        if fase == "start":
            return self._empezar(pedido)
        sesion = pedido.dados.get("upload_session_id", "")
        id_ = self._de_sesion(sesion, pedido.id)
        if fase == "transfer":
            return self._recibir(pedido, id_)
        if fase == "cancel":
            self.estado.videos[id_]["borrado"] = True
            return {"success": True}
        return self._terminar(pedido, id_)

    def _nuevo(self, pagina: str, tamanio: int, clase: str) -> str:
        with self.mundo.cerrojo:
            id_ = self.estado.nuevo_id()
            self.estado.videos[id_] = {
                "pagina": pagina,
                "clase": clase,
                "sesion": self.estado.nuevo_id(),
                "tamanio": tamanio,
                "recibido": 0,
                "creado_en": self.mundo.ahora().isoformat(),
                "demora_s": demora_medio_s(),
                "lecturas": 0,
            }
            self._trozos[id_] = bytearray()
            return id_

    def _de_una_vez(self, pedido: Pedido) -> dict[str, Any]:
        if "file_url" in pedido.dados:
            raise ErrorGraph(389, "(#389) Unable to fetch video file from URL.")
        datos = pedido.archivos.get("source")
        if datos is None:
            raise ErrorGraph(6001, "(#6001) No video file was selected")
        id_ = self._nuevo(pedido.id, len(datos), "video")
        self._trozos[id_] = bytearray(datos)
        self.estado.videos[id_]["recibido"] = len(datos)
        self._terminar(pedido, id_)
        return {"id": id_}

    def _empezar(self, pedido: Pedido) -> dict[str, Any]:
        tamanio = int(pedido.dados.get("file_size", 0))
        if not 0 < tamanio <= VIDEO_MAX_BYTES:
            raise parametro("file_size is required for the start phase")
        id_ = self._nuevo(pedido.id, tamanio, "video")
        return {
            "upload_session_id": self.estado.videos[id_]["sesion"],
            "video_id": id_,
            **self._tramo(id_),
        }

    def _tramo(self, id_: str) -> dict[str, str]:
        video = self.estado.videos[id_]
        desde = int(video["recibido"])
        return {
            "start_offset": str(desde),
            "end_offset": str(min(desde + TROZO_BYTES, int(video["tamanio"]))),
        }

    def _de_sesion(self, sesion: str, pagina: str) -> str:
        for id_, video in self.estado.videos.items():
            if video["sesion"] == sesion and video["pagina"] == pagina:
                if video.get("borrado") or (id_ not in self._trozos and not video.get("sha256")):
                    break
                return id_
        raise ErrorGraph(6000, "(#6000) There was a problem uploading your video file.")

    def _recibir(self, pedido: Pedido, id_: str) -> dict[str, Any]:
        trozo = pedido.archivos.get("video_file_chunk")
        video = self.estado.videos[id_]
        desde = int(pedido.dados.get("start_offset", -1))
        if trozo is None:
            raise parametro("video_file_chunk is required for the transfer phase")
        with self.mundo.cerrojo:
            if desde != video["recibido"] or desde + len(trozo) > video["tamanio"]:
                raise ErrorGraph(
                    6001,
                    "(#6001) There was a problem uploading your video. Please try again.",
                    subcodigo=1363037,
                    pasajero=True,
                    datos=self._tramo(id_),
                )
            self._trozos[id_] += trozo
            video["recibido"] = desde + len(trozo)
            return dict(self._tramo(id_))

    def _terminar(self, pedido: Pedido, id_: str) -> dict[str, Any]:
        video = self.estado.videos[id_]
        texto = texto_que_cabe(pedido.dados.get("description", ""))
        if video["recibido"] != video["tamanio"]:
            raise ErrorGraph(6000, "(#6000) The upload is not complete.", subcodigo=1363011)
        if video.get("sha256"):
            return {"success": True}  # repetir el cierre de una sesión no publica otra vez
        datos = bytes(self._trozos.pop(id_))
        espera_s = video["demora_s"] or self.estado.ajuste("procesa_video_s", PROCESO_S)
        listo_en = self.mundo.ahora() + timedelta(seconds=espera_s)
        publicar = es_cierto(pedido.dados.get("published"), si_falta=True)
        with self.mundo.cerrojo:
            video.update(
                sha256=self.mundo.guardar_medio(datos, "video/mp4"),
                titulo=pedido.dados.get("title", ""),
                texto=texto,
                publicado=publicar,
                listo_en=listo_en.isoformat(),
            )
            # Los archivos MP4 y MOV llevan `ftyp` en su primer bloque; lo demás no se procesa.
            if datos[4:8] != b"ftyp":
                video["error"] = {"code": 352, "message": "The video file format is not supported."}
            elif publicar:
                self._publicar(pedido, id_, listo_en)
        return {"success": True}

    def _publicar(self, pedido: Pedido, id_: str, listo_en: datetime) -> None:
        video = self.estado.videos[id_]
        entrada = self.estado.crear_entrada(
            pedido,
            str(video["pagina"]),
            str(video["texto"]),
            str(video["clase"]),
            visible_en=listo_en,
            imagenes=[Imagen(sha256=video["sha256"], tipo="video/mp4", id=id_, clase="video")],
            extra={"titulo": video["titulo"], "video_id": id_},
        )
        video["entrada"] = entrada.id

    def reel(self, pedido: Pedido) -> dict[str, Any]:
        """`POST /{page}/video_reels`: `start` da la dirección de subida; `finish` publica."""
        pedido.llamante.exigir_pagina(pedido.id)
        if pedido.dados["upload_phase"].lower() == "start":
            id_ = self._nuevo(pedido.id, 0, "reel")
            return {
                "video_id": id_,
                "upload_url": f"{pedido.raiz}/facebook/video-upload/v25.0/{id_}",
            }
        id_ = pedido.dados.get("video_id", "")
        video = self.estado.videos.get(id_)
        if video is None or video["pagina"] != pedido.id or not video["tamanio"]:
            raise ErrorGraph(6000, "(#6000) There was a problem uploading your video file.")
        publicado = pedido.dados.get("video_state", "PUBLISHED").upper() == "PUBLISHED"
        pedido.dados["published"] = "true" if publicado else "false"
        return self._terminar(pedido, id_)

    def recibir_crudo(self, id_: str, cabeceras: dict[str, str], datos: bytes) -> dict[str, Any]:
        """Los bytes de un reel, con cabeceras `offset` y `file_size`."""
        video = self.estado.videos.get(id_)
        if video is None or id_ not in self._trozos:
            raise no_existe(id_)
        with self.mundo.cerrojo:
            if cabeceras.get("offset") != str(video["recibido"]):
                return {"debug_info": {"retriable": True, "type": "OffsetInvalidError"}}
            video["tamanio"] = int(cabeceras.get("file_size", len(datos)))
            self._trozos[id_] += datos
            video["recibido"] += len(datos)
            return {"success": True}

    def mirar(self, id_: str) -> dict[str, Any]:
        """Un video al leerlo: cada lectura cuenta para terminar de procesarlo."""
        video = self.estado.videos[id_]
        with self.mundo.cerrojo:
            video["lecturas"] += 1
            if video["lecturas"] <= self.estado.ajuste("video_ausente_lecturas", 0):
                raise no_existe(id_)
            pronto = video["lecturas"] >= LECTURAS_HASTA_LISTO and not video["demora_s"]
            if pronto and self._procesando(video):
                video["listo_en"] = self.mundo.ahora().isoformat()
                entrada = self.mundo.entrada("facebook", str(video.get("entrada")))
                if entrada is not None:
                    entrada.visible_en = self.mundo.ahora()
                    self.mundo.guardar(entrada)
        return video

    def _procesando(self, video: dict[str, Any]) -> bool:
        listo = video.get("listo_en")
        return listo is not None and datetime.fromisoformat(listo) > self.mundo.ahora()

    def estado_de(self, video: dict[str, Any]) -> dict[str, Any]:
        """El campo `status`: las tres fases y el resumen."""
        subido = {"status": "in_progress", "bytes_transferred": video["recibido"]}
        if not video.get("sha256"):
            nada = {"status": "not_started"}
            return _fases("uploading", subido, nada, nada)
        subido["status"] = "complete"
        if video.get("error"):
            proceso = {"status": "error", "errors": [video["error"]]}
            return _fases("error", subido, proceso, {"status": "not_started"})
        if self._procesando(video):
            return _fases(
                "processing", subido, {"status": "in_progress"}, {"status": "not_started"}
            )
        hecho = "published" if video.get("publicado") else "draft"
        publicacion = {"status": "complete", "publish_status": hecho}
        return _fases("ready", subido, {"status": "complete"}, publicacion)

    def borrar(self, pedido: Pedido) -> dict[str, Any]:
        """`DELETE /{video}`: se lleva su publicación."""
        video = self.estado.videos[pedido.id]
        pedido.llamante.exigir_pagina(str(video["pagina"]))
        with self.mundo.cerrojo:
            video["borrado"] = True
            entrada = self.mundo.entrada("facebook", str(video.get("entrada")))
            if entrada is not None:
                entrada.borrada = True
                self.mundo.guardar(entrada)
        return {"success": True}

    def editar(self, pedido: Pedido) -> dict[str, Any]:
        """`POST /{video}`: cambia título o descripción."""
        video = self.estado.videos[pedido.id]
        pedido.llamante.exigir_pagina(str(video["pagina"]))
        with self.mundo.cerrojo:
            video["titulo"] = pedido.dados.get("name", video.get("titulo", ""))
            video["texto"] = pedido.dados.get("description", video.get("texto", ""))
            entrada = self.mundo.entrada("facebook", str(video.get("entrada")))
            if entrada is not None:
                entrada.texto = str(video["texto"])
                self.mundo.guardar(entrada)
        return {"success": True}


def _fases(
    resumen: str, subida: dict[str, Any], proceso: dict[str, Any], publicacion: dict[str, Any]
) -> dict[str, Any]:
    return {
        "video_status": resumen,
        "uploading_phase": subida,
        "processing_phase": proceso,
        "publishing_phase": publicacion,
    }
