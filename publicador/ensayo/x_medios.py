"""Los medios de la red X de ensayo: subida de una vez o por partes, proceso y texto alternativo."""

import base64
import binascii
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from publicador.ensayo import x_errores
from publicador.ensayo.fallas import con_fallas
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.x_archivo import abrir
from publicador.ensayo.x_errores import invalido
from publicador.ensayo.x_esquema import faltas_de_consulta, faltas_de_cuerpo
from publicador.ensayo.x_permiso import quien
from publicador.ensayo.x_subidas import Subidas

TROZO_MAX_BYTES: Final = 4 * 1024 * 1024
"""El borde de X responde 413 a los trozos de 5 MiB; los de 4 pasan."""
PESO_MAX: Final = {
    "tweet_image": 5_000_000,
    "dm_image": 5_000_000,
    "tweet_gif": 15_000_000,
    "dm_gif": 15_000_000,
    "subtitles": 1_000_000,
}
_PESO_VIDEO: Final = 512 * 1024 * 1024


def _peso_max(categoria: str) -> int:
    return PESO_MAX.get(categoria, _PESO_VIDEO)


class Medios:
    """Las rutas de `/2/media` sobre un mundo."""

    def __init__(self, mundo: Mundo) -> None:
        """Guarda el mundo y lo subido a él."""
        self._mundo = mundo
        self._subidas = Subidas(mundo)

    def subir(self) -> ResponseReturnValue:
        """`POST /2/media/upload`: una imagen de una sola vez."""
        cuenta = quien(self._mundo)
        campos, datos = _formulario()
        _exigir("MediaUploadRequest", campos)
        categoria = str(campos["media_category"])
        if categoria not in {"tweet_image", "dm_image"}:
            raise invalido([("media_category", f"{categoria} must be uploaded in chunks")])
        if len(datos) > _peso_max(categoria):
            raise invalido([("media", "Image file size exceeds the 5 MB limit")])
        archivo = abrir(datos, categoria)
        if isinstance(archivo, str):
            raise invalido([("media", archivo)], archivo)
        return jsonify({"data": self._subidas.recibir(cuenta, archivo)})

    def empezar(self) -> ResponseReturnValue:
        """`POST /2/media/upload/initialize`: reserva un id para subir por partes."""
        cuenta = quien(self._mundo)
        cuerpo = _json("InitializeMediaUploadRequest")
        faltan = [c for c in ("media_type", "total_bytes", "media_category") if c not in cuerpo]
        if faltan:
            raise invalido([(c, f"$.{c}: is missing but it is required") for c in faltan])
        if cuerpo["total_bytes"] > _peso_max(cuerpo["media_category"]):
            raise invalido([("total_bytes", "File size exceeds the limit of its category")])
        return jsonify({"data": self._subidas.empezar(cuenta, cuerpo)})

    def agregar(self, id_: str) -> ResponseReturnValue:
        """`POST /2/media/upload/{id}/append`: un trozo."""
        cuenta = quien(self._mundo)
        campos, datos = _formulario()
        if len(datos) > TROZO_MAX_BYTES:
            return Response("", 413)
        crudo = str(campos.get("segment_index", ""))
        indice = int(crudo) if crudo.isdecimal() else -1
        _exigir("AppendMediaUploadRequest", {**campos, "segment_index": indice})
        vence = self._subidas.agregar(cuenta, id_, indice, datos)
        return jsonify({"data": {"expires_at": vence}})

    def cerrar(self, id_: str) -> ResponseReturnValue:
        """`POST /2/media/upload/{id}/finalize`: junta los trozos y empieza el proceso."""
        cuenta = quien(self._mundo)
        categoria, datos = self._subidas.juntar(cuenta, id_)
        archivo = abrir(datos, categoria)
        if isinstance(archivo, str) and categoria in PESO_MAX:
            raise invalido([("media", archivo)], archivo)
        return jsonify({"data": self._subidas.cerrar(cuenta, id_, archivo)})

    def estado(self) -> ResponseReturnValue:
        """`GET /2/media/upload`: cómo va el proceso."""
        cuenta = quien(self._mundo)
        if faltas := faltas_de_consulta("GET", "/2/media/upload", request.args):
            raise invalido(faltas)
        return jsonify({"data": self._subidas.estado(cuenta, request.args["media_id"])})

    def describir(self) -> ResponseReturnValue:
        """`POST /2/media/metadata`: el texto alternativo."""
        cuenta = quien(self._mundo)
        cuerpo = _json("CreateMediaMetadataRequest")
        texto = cuerpo.get("metadata", {}).get("alt_text", {}).get("text")
        self._subidas.describir(cuenta, cuerpo["id"], texto)
        dicho = {} if texto is None else {"alt_text": {"text": texto}}
        return jsonify({"data": {"id": cuerpo["id"], "associated_metadata": dicho}})

    def ver(self, sha: str) -> ResponseReturnValue:
        """`GET /medios/{sha}`: los bytes, como el almacén público de imágenes de X."""
        guardado = self._mundo.medio(sha)
        if guardado is None:
            return "", 404
        return Response(guardado[0], content_type=guardado[1])


def montar(bp: Blueprint, mundo: Mundo) -> None:
    """Agrega las rutas de `/2/media`; todas son la llamada `subir`, salvo el estado (`leer`)."""
    medios = Medios(mundo)
    respuestas = x_errores.respuestas(mundo)
    subir = con_fallas(mundo, "x", "subir", respuestas)
    bp.post("/2/media/upload")(subir(medios.subir))
    bp.post("/2/media/upload/initialize")(subir(medios.empezar))
    bp.post("/2/media/upload/<id_>/append")(subir(medios.agregar))
    bp.post("/2/media/upload/<id_>/finalize")(subir(medios.cerrar))
    bp.post("/2/media/metadata")(subir(medios.describir))
    bp.get("/2/media/upload")(con_fallas(mundo, "x", "leer", respuestas)(medios.estado))
    bp.get("/medios/<sha>")(medios.ver)


def _formulario() -> tuple[dict[str, Any], bytes]:
    """Los campos (con `media` presente si vino) y los bytes, de multipart o de JSON en base64."""
    if request.is_json:
        campos = request.get_json(silent=True)
        if not isinstance(campos, dict):
            raise invalido([("body", "Requests with bodies must have valid JSON")])
        return campos, _de_base64(campos.get("media"))
    if request.mimetype != "multipart/form-data":
        raise invalido([("body", "Expected multipart/form-data or application/json")])
    campos = {**request.form.to_dict(), **dict.fromkeys(request.files, "archivo")}
    if "media" in request.files:
        return campos, request.files["media"].read()
    return campos, _de_base64(campos.get("media"))


def _de_base64(texto: Any) -> bytes:
    try:
        return base64.b64decode(texto or "", validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise invalido([("media", "$.media: is not valid base64")]) from None


def _exigir(esquema: str, cuerpo: Any) -> None:
    if faltas := faltas_de_cuerpo(esquema, cuerpo):
        raise invalido(faltas)


def _json(esquema: str) -> dict[str, Any]:
    cuerpo = request.get_json(silent=True)
    _exigir(esquema, cuerpo)
    return dict(cuerpo or {})
