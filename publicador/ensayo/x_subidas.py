"""Lo que X recuerda de cada medio subido: dueño, vencimiento, proceso y texto alternativo."""

import math
from typing import Any, Final

from publicador.ensayo.ajustes_red import ajuste
from publicador.ensayo.mundo import Imagen, Mundo, demora_medio_s
from publicador.ensayo.x_archivo import Archivo
from publicador.ensayo.x_cuentas import id_nuevo
from publicador.ensayo.x_errores import invalido, medio_invalido

VENCE_S: Final = 86_400
_CLAVE: Final = {"imagen": 3, "gif": 16, "video": 7, "subtitulos": 7}


class Subidas:
    """Los medios de todas las cuentas; los trozos sueltos no sobreviven a un reinicio."""

    def __init__(self, mundo: Mundo) -> None:
        """Trabaja sobre el cajón `x` del mundo."""
        self._mundo = mundo
        self._trozos: dict[str, dict[int, bytes]] = {}

    def _medios(self) -> dict[str, dict[str, Any]]:
        medios: dict[str, dict[str, Any]] = self._mundo.cajon("x").setdefault("medios", {})
        return medios

    def _propio(self, cuenta: str, id_: str) -> dict[str, Any]:
        medio = self._medios().get(id_)
        vencido = medio is None or self._mundo.ahora().timestamp() >= medio["vence"]
        if medio is None or vencido or medio["cuenta"] != cuenta:
            raise invalido([("media_id", f"Invalid media id: {id_}")], "Invalid media id")
        return medio

    def _nuevo(self, cuenta: str, categoria: str) -> tuple[str, dict[str, Any]]:
        ahora = self._mundo.ahora()
        id_ = id_nuevo(self._mundo, ahora)
        medio = {
            "cuenta": cuenta,
            "categoria": categoria,
            "vence": ahora.timestamp() + VENCE_S,
            "clase": None,
            "estado": "abierto",
            "alt": None,
        }
        self._medios()[id_] = medio
        return id_, medio

    def empezar(self, cuenta: str, pedido: dict[str, Any]) -> dict[str, Any]:
        """Reserva un id para una subida por partes."""
        with self._mundo.cerrojo:
            id_, medio = self._nuevo(cuenta, pedido["media_category"])
            medio["total"] = pedido["total_bytes"]
            medio["tipo"] = pedido["media_type"]
            self._trozos[id_] = {}
            clase = "gif" if "gif" in medio["categoria"] else "video"
            clase = "imagen" if "image" in medio["categoria"] else clase
            medio["media_key"] = f"{_CLAVE[clase]}_{id_}"
        return {"id": id_, "media_key": medio["media_key"], "expires_after_secs": VENCE_S}

    def agregar(self, cuenta: str, id_: str, indice: int, datos: bytes) -> int:
        """Guarda un trozo (repetirlo lo reemplaza) y dice cuándo vence la subida."""
        with self._mundo.cerrojo:
            medio = self._propio(cuenta, id_)
            if medio["estado"] != "abierto" or id_ not in self._trozos:
                raise invalido([("id", "Media upload is not open")])
            self._trozos[id_][indice] = datos
            return int(medio["vence"])

    def juntar(self, cuenta: str, id_: str) -> tuple[str, bytes]:
        """La categoría y los bytes completos, o el rechazo si faltan o sobran."""
        with self._mundo.cerrojo:
            medio = self._propio(cuenta, id_)
            trozos = self._trozos.get(id_)
            if medio["estado"] != "abierto" or not trozos:
                raise invalido([("id", "Media upload is not open or has no segments")])
            if sorted(trozos) != list(range(len(trozos))):
                raise invalido([("segment_index", "Segments do not add up to provided total")])
            datos = b"".join(trozos[n] for n in sorted(trozos))
            if len(datos) != medio["total"]:
                raise invalido([("total_bytes", "Segments do not add up to provided total")])
            return str(medio["categoria"]), datos

    def recibir(self, cuenta: str, archivo: Archivo) -> dict[str, Any]:
        """Acepta una imagen de una sola vez."""
        with self._mundo.cerrojo:
            id_, medio = self._nuevo(cuenta, "tweet_image")
            medio["media_key"] = f"{_CLAVE[archivo.clase]}_{id_}"
            self._abierto(medio, archivo)
        return self._respuesta(id_, medio)

    def cerrar(self, cuenta: str, id_: str, archivo: Archivo | str) -> dict[str, Any]:
        """Termina la subida; un video que no se puede abrir pasa a `failed` al procesarlo."""
        with self._mundo.cerrojo:
            medio = self._propio(cuenta, id_)
            if isinstance(archivo, str):
                medio.update(estado="fallo", error=archivo, clase="video", listo_en=0.0)
            else:
                self._abierto(medio, archivo)
            if medio["clase"] in {"video", "gif"}:
                self._procesar(medio)
            self._trozos.pop(id_, None)
        return self._respuesta(id_, medio)

    def _abierto(self, medio: dict[str, Any], archivo: Archivo) -> None:
        medio.update(
            estado="listo",
            sha256=self._mundo.guardar_medio(archivo.datos, archivo.tipo),
            tipo=archivo.tipo,
            clase=archivo.clase,
            peso=len(archivo.datos),
            ancho=archivo.ancho_px,
            alto=archivo.alto_px,
            duracion_ms=int(archivo.duracion_s * 1000),
            cumple=archivo.cumple,
        )

    def _procesar(self, medio: dict[str, Any]) -> None:
        falla = medio["estado"] == "fallo" or ajuste(self._mundo, "x", "falla_video", False)
        espera = demora_medio_s() or float(ajuste(self._mundo, "x", "procesa_video_s", 0.0))
        medio["estado"] = "proceso"
        medio["fin"] = "fallo" if falla else "listo"
        medio["listo_en"] = self._mundo.ahora().timestamp() + espera
        # Sin espera pedida, se procesa por consultas: la segunda lo encuentra terminado.
        medio["consultas"] = 0 if espera else int(ajuste(self._mundo, "x", "consultas_video", 2))

    def estado(self, cuenta: str, id_: str) -> dict[str, Any]:
        """Lo que responde la consulta de estado; cada una hace avanzar el proceso."""
        with self._mundo.cerrojo:
            medio = self._propio(cuenta, id_)
            if medio["estado"] == "proceso":
                medio["consultas"] = max(0, medio["consultas"] - 1)
                medio["visto"] = True
                if self._mundo.ahora().timestamp() >= medio["listo_en"] and not medio["consultas"]:
                    medio["estado"] = medio["fin"]
        return self._respuesta(id_, medio)

    def describir(self, cuenta: str, id_: str, texto: str | None) -> None:
        """Guarda el texto alternativo; X solo lo toma de imágenes y GIF."""
        with self._mundo.cerrojo:
            medio = self._propio(cuenta, id_)
            if medio["clase"] not in {"imagen", "gif"}:
                raise invalido([("id", "Alt text is only supported for images and GIFs")])
            if texto is not None:
                medio["alt"] = texto

    def imagenes(self, cuenta: str, ids: list[str]) -> list[Imagen]:
        """Lo adjunto a una publicación, o `Rechazo` si algún medio no sirve o no combina."""
        with self._mundo.cerrojo:
            medios = [self._medios().get(id_) for id_ in ids]
            ahora = self._mundo.ahora().timestamp()
            buenos = [m for m in medios if m is not None and _sirve(m, cuenta, ahora)]
        clases = {str(m["clase"]) for m in buenos}
        mezcla = len(clases) > 1 or (clases != {"imagen"} and len(ids) > 1)
        if len(buenos) < len(ids) or mezcla or len(set(ids)) < len(ids):
            raise medio_invalido()
        return [
            Imagen(
                sha256=m["sha256"],
                tipo=m["tipo"],
                alt=m["alt"],
                id=m["media_key"],
                ancho_px=m["ancho"],
                alto_px=m["alto"],
                clase=m["clase"],
            )
            for m in buenos
        ]

    def _respuesta(self, id_: str, medio: dict[str, Any]) -> dict[str, Any]:
        queda = max(0, math.floor(medio["vence"] - self._mundo.ahora().timestamp()))
        datos: dict[str, Any] = {
            "id": id_,
            "media_key": medio["media_key"],
            "expires_after_secs": queda,
        }
        if "peso" in medio:
            datos["size"] = medio["peso"]
        if medio["clase"] == "imagen" and "ancho" in medio:
            foto = {"w": medio["ancho"], "h": medio["alto"], "image_type": medio["tipo"]}
            datos["image"] = foto
        if "fin" in medio:
            datos["processing_info"] = _proceso(medio)
        return datos


def _sirve(medio: dict[str, Any], cuenta: str, ahora: float) -> bool:
    return (
        medio["cuenta"] == cuenta
        and medio["estado"] == "listo"
        and ahora < medio["vence"]
        and bool(medio.get("cumple"))
        and medio["clase"] != "subtitulos"
    )


def _proceso(medio: dict[str, Any]) -> dict[str, Any]:
    if medio["estado"] == "listo":
        return {"state": "succeeded", "progress_percent": 100}
    if medio["estado"] == "fallo":
        frase = medio.get("error", "file is currently unsupported")
        error = {"code": 3, "name": "UnsupportedMedia", "message": frase}
        return {"state": "failed", "progress_percent": 100, "error": error}
    if not medio.get("visto"):
        return {"state": "pending", "check_after_secs": 1}
    return {"state": "in_progress", "check_after_secs": 1, "progress_percent": 50}
