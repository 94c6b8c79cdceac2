"""Panel: las pantallas; Flask vive solo aquí."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from panel import (
    acceso,
    apariencia,
    api,
    aprobacion,
    avisos_web,
    bitacora,
    calendario,
    campanias,
    codigo,
    comentarios,
    confirmar,
    cuentas,
    decisiones,
    dudas,
    enmiendas,
    entidad,
    entrada,
    errores,
    estaticos,
    fichas,
    filtros,
    franjas,
    iconos,
    juridica,
    lista_control,
    marco,
    mediateca,
    medios,
    olvido,
    palabras,
    pausas,
    perfil,
    piezas,
    prever,
    publicaciones,
    recados,
    redaccion,
    revisores,
    salud,
    tablero,
    tarjetas,
    usuarios,
    versiones,
    vigiladas,
    vivo,
)
from panel.cabeceras import ConCabeceras
from panel.servicios import EXTENSION, Servicios

MEGA = 1 << 20
PANTALLAS = (
    entrada,
    codigo,
    olvido,
    confirmar,
    perfil,
    fichas,
    usuarios,
    avisos_web,
    bitacora,
    cuentas,
    apariencia,
    entidad,
    vivo,
    tablero,
    calendario,
    franjas,
    campanias,
    piezas,
    redaccion,
    prever,
    tarjetas,
    versiones,
    comentarios,
    vigiladas,
    lista_control,
    aprobacion,
    juridica,
    revisores,
    decisiones,
    publicaciones,
    dudas,
    enmiendas,
    pausas,
    mediateca,
    medios,
    estaticos,
    salud,
    api,
)


def crear_app(servicios: Servicios) -> Flask:
    """La aplicación del panel, lista para servirse; no lee el entorno ni abre nada sola."""
    app = Flask(__name__, static_folder=None, template_folder=str(_carpeta() / "plantillas"))
    publica = urlsplit(servicios.url_publica)
    por_tls = publica.scheme == "https"
    app.config.update(
        SECRET_KEY=servicios.clave_sesion,
        SECRET_KEY_FALLBACKS=list(servicios.claves_anteriores),
        SESSION_COOKIE_NAME="__Host-formularios" if por_tls else "formularios",
        SESSION_COOKIE_SECURE=por_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        TRUSTED_HOSTS=[publica.hostname or "localhost", "127.0.0.1", "localhost", "[::1]"],
        MAX_CONTENT_LENGTH=2 * MEGA,
        MAX_FORM_MEMORY_SIZE=MEGA,
        MAX_FORM_PARTS=500,
        # La ficha vive lo que vive la sesión: nadie pierde un texto por tardar en escribirlo.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=por_tls,
    )
    app.extensions[EXTENSION] = servicios
    _preparar_plantillas(app, servicios)
    # A la API se entra con una ficha, que ningún navegador manda solo: no necesita la otra.
    CSRFProtect(app).exempt(api.pantalla)
    acceso.instalar(app)
    vivo.instalar(app, servicios)
    errores.instalar(app)
    for tema in PANTALLAS:
        app.register_blueprint(tema.pantalla)
    app.wsgi_app = ConCabeceras(app.wsgi_app, por_tls=por_tls)  # type: ignore[method-assign, assignment]
    return app


def _carpeta() -> Path:
    return Path(__file__).parent


def _preparar_plantillas(app: Flask, servicios: Servicios) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    filtros.instalar(app)
    palabras.instalar(app)
    iconos.instalar(app)
    app.jinja_env.globals.update(
        direccion_de=estaticos.direccion_de,
        en_trozos=comentarios.en_trozos,
        identidad=entidad.identidad,
        recados=recados.recados,
        TEMAS=apariencia.TEMAS,
        EQUIPO=acceso.EQUIPO,
        GESTION=acceso.GESTION,
        REVISORES=acceso.REVISORES,
        CONSULTAN=revisores.INVITAN,
    )

    @app.context_processor
    def comunes() -> dict[str, Any]:
        """Lo que todo marco necesita: quién está, qué puede abrir y los avisos de arriba."""
        quien = getattr(g, "persona", None)
        return {
            "yo": quien,
            "marco": None if quien is None else marco.reunir(quien),
            "apariencia": apariencia.preferida(),
        }
