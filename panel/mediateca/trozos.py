"""Subir un video por trozos, para seguir donde iba después de un corte.

1. `POST /mediateca/subidas` con `{"nombre", "peso_bytes"}` → 201 `{"llave", "van", "trozo"}`.
2. `PATCH /mediateca/subidas/<llave>` con los bytes, `Upload-Offset` (desde dónde) y
   `Upload-Checksum: sha256 <hexadecimal>` → `{"van"}`. Un 409 trae `van`: se sigue desde ahí.
3. `POST /mediateca/subidas/<llave>/terminar` → el medio, como `/mediateca/subir`.
`GET /mediateca/subidas/<llave>` dice `van` al volver; `POST …/cancelar` la olvida.
"""

from flask import jsonify, request
from werkzeug.wrappers import Response

from panel.acceso import REDACTORES, persona, requiere
from panel.mediateca.base import carpeta_de_subidas, pantalla
from panel.mediateca.subir import anotar
from panel.servicios import servicios
from piezas import subidas
from piezas.errores import ErrorDePiezas, NoEncontrada
from piezas.ingreso import preparar_video
from piezas.subidas import TROZO_BYTES, TrozoNoSigue

Respuesta = Response | tuple[Response, int]


@pantalla.post("/subidas")
@requiere(REDACTORES)
def empezar_subida() -> Respuesta:
    """Abre una subida."""
    pedido = request.get_json(silent=True) or {}
    nombre, peso = pedido.get("nombre"), pedido.get("peso_bytes")
    if not isinstance(nombre, str) or not isinstance(peso, int):
        return _falla("Falta el nombre o el peso del archivo.", 422)
    try:
        with servicios().sesiones.begin() as sesion:
            fila = subidas.empezar(
                sesion,
                carpeta_de_subidas(),
                nombre=nombre,
                peso_bytes=peso,
                peso_maximo=servicios().video_maximo_bytes,
                por=persona().id,
                ahora=servicios().ahora(),
            )
            return jsonify({"llave": fila.llave, "van": 0, "trozo": TROZO_BYTES}), 201
    except ErrorDePiezas as error:
        return _falla(error.mensaje, 422)


@pantalla.get("/subidas/<llave>")
@requiere(REDACTORES)
def ver_subida(llave: str) -> Respuesta:
    """Hasta dónde llegó."""
    try:
        with servicios().leer() as sesion:
            fila = subidas.abierta(sesion, llave, por=persona().id)
            return jsonify({"llave": fila.llave, "van": fila.van_bytes, "trozo": TROZO_BYTES})
    except NoEncontrada as error:
        return _falla(error.mensaje, 404)


@pantalla.patch("/subidas/<llave>")
@requiere(REDACTORES)
def agregar_trozo(llave: str) -> Respuesta:
    """Recibe un trozo."""
    desde = request.headers.get("Upload-Offset", type=int)
    metodo, _, suma = request.headers.get("Upload-Checksum", "").partition(" ")
    if desde is None or metodo != "sha256":
        return _falla("Falta decir desde dónde va el pedazo, o su suma.", 422)
    datos = request.stream.read(TROZO_BYTES + 1)
    if len(datos) > TROZO_BYTES:
        return _falla("El pedazo es demasiado grande.", 413)
    try:
        with servicios().sesiones.begin() as sesion:
            van = subidas.agregar_trozo(
                sesion,
                carpeta_de_subidas(),
                llave,
                desde=desde,
                datos=datos,
                suma=suma,
                por=persona().id,
                ahora=servicios().ahora(),
            )
        return jsonify({"van": van})
    except TrozoNoSigue as error:
        return jsonify({"falla": error.mensaje, "van": error.van}), 409
    except NoEncontrada as error:
        return _falla(error.mensaje, 404)
    except ErrorDePiezas as error:
        return _falla(error.mensaje, 422)


@pantalla.post("/subidas/<llave>/terminar")
@requiere(REDACTORES)
def terminar_subida(llave: str) -> Respuesta:
    """Revisa el video entero y lo deja en la mediateca."""
    carpeta = carpeta_de_subidas()
    try:
        with servicios().leer() as sesion:
            ruta, nombre = subidas.completa(sesion, carpeta, llave, por=persona().id)
        # Si esto se corta, la subida sigue entera y se termina otra vez: da el mismo medio.
        medio = anotar(preparar_video(servicios().almacen, ruta, nombre=nombre))
    except TrozoNoSigue as error:
        return jsonify({"falla": error.mensaje, "van": error.van}), 409
    except NoEncontrada as error:
        return _falla(error.mensaje, 404)
    except ErrorDePiezas as error:
        _olvidar(llave)
        return _falla(error.mensaje, 422)
    _olvidar(llave)
    return jsonify([medio])


@pantalla.post("/subidas/<llave>/cancelar")
@requiere(REDACTORES)
def cancelar_subida(llave: str) -> Respuesta:
    """La olvida y borra lo que había llegado."""
    try:
        _olvidar(llave)
    except NoEncontrada as error:
        return _falla(error.mensaje, 404)
    return jsonify({"llave": llave})


def _olvidar(llave: str) -> None:
    with servicios().sesiones.begin() as sesion:
        subidas.olvidar(sesion, carpeta_de_subidas(), llave, por=persona().id)


def _falla(frase: str, codigo: int) -> tuple[Response, int]:
    return jsonify({"falla": frase}), codigo
