"""Los dibujos de línea del panel, por nombre: trazos de 24 × 24 que toman el color del texto."""

from flask import Flask
from markupsafe import Markup

TRAZOS = {
    "hoy": (
        '<circle cx="12" cy="12" r="4"/>'
        '<path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 '
        '17M17 7l1.4-1.4"/>'
    ),
    "calendario": (
        '<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M8.5 3v4M15.5 3v4"/>'
    ),
    "piezas": (
        '<path d="M7 3h7l4 4v13a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Z"/>'
        '<path d="M14 3v4h4M9 12h6M9 16h6"/>'
    ),
    "aprobacion": '<circle cx="12" cy="12" r="9"/><path d="m8 12.3 2.7 2.7L16 9.5"/>',
    "cola": '<path d="M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01"/>',
    "mediateca": (
        '<rect x="3" y="5" width="18" height="14" rx="2"/><circle cx="8.5" cy="10" r="1.5"/>'
        '<path d="m4 18 5.5-5 3.5 3 3-2.5 4.5 4"/>'
    ),
    "campanias": (
        '<path d="M4 10v4a1 1 0 0 0 1 1h2l8 4V5L7 9H5a1 1 0 0 0-1 1Z"/>'
        '<path d="M18.5 9.5a4 4 0 0 1 0 5M8 15v4"/>'
    ),
    "cuentas": '<path d="M9 7V3M15 7V3M7 7h10v4a5 5 0 0 1-10 0V7ZM12 16v5"/>',
    "usuarios": (
        '<circle cx="9" cy="8" r="3.5"/>'
        '<path d="M3 20a6 6 0 0 1 12 0M16 5a3.5 3.5 0 0 1 0 6.5M18 14.5a6 6 0 0 1 3 5.5"/>'
    ),
    "bitacora": (
        '<path d="M6 3h11a2 2 0 0 1 2 2v16l-3-2-3 2-3-2-3 2V5a2 2 0 0 0-2-2Zm0 0a2 2 0 0 '
        '0-2 2v3h3"/><path d="M11 8h4M11 12h4"/>'
    ),
    "entidad": '<path d="M12 3 5 5.5v5.5c0 4.5 3 8 7 10 4-2 7-5.5 7-10V5.5L12 3Z"/>',
    "diagnostico": '<path d="M4 20h16M7 16v-5M12 16V6M17 16v-8"/>',
    "perfil": '<circle cx="12" cy="8" r="4"/><path d="M4 21a8 8 0 0 1 16 0"/>',
    "mas": (
        '<circle cx="5" cy="12" r="1"/><circle cx="12" cy="12" r="1"/>'
        '<circle cx="19" cy="12" r="1"/>'
    ),
    "nueva": '<path d="M12 5v14M5 12h14"/>',
    "buscar": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "cerrar": '<path d="m6 6 12 12M18 6 6 18"/>',
    "palabras": '<path d="M4 6h16M4 11h9M4 16h5M14.5 20l6-6M20.5 20l-6-6"/>',
    "listo": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "editar": '<path d="m4 20 1-4L16.5 4.5a1.5 1.5 0 0 1 2 0l1 1a1.5 1.5 0 0 1 0 2L8 19l-4 1Z"/>',
    "borrar": '<path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5"/>',
    "copiar": (
        '<rect x="8" y="8" width="12" height="12" rx="2"/>'
        '<path d="M16 8V5a1 1 0 0 0-1-1H5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h3"/>'
    ),
    "subir": '<path d="M12 16V4M7 9l5-5 5 5M4 20h16"/>',
    "descargar": '<path d="M12 4v12M7 11l5 5 5-5M4 20h16"/>',
    "comentario": (
        '<path d="M5 4h14a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-7l-5 4v-4H5a1 1 0 0 1-1-1V5a1 '
        '1 0 0 1 1-1Z"/>'
    ),
    "enlace": (
        '<path d="M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 '
        '4 0 0 0 6 6l1-1"/>'
    ),
    "reloj": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "alerta": '<path d="M12 4 2.5 20h19L12 4ZM12 10v4.5M12 17.5h.01"/>',
    "filtro": '<path d="M4 6h16M7 12h10M10 18h4"/>',
    "ver": (
        '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z"/>'
        '<circle cx="12" cy="12" r="2.5"/>'
    ),
    "mover": '<path d="M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01"/>',
    "ajustes": (
        '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/>'
        '<circle cx="9" cy="17" r="2"/>'
    ),
    "tema": '<circle cx="12" cy="12" r="9"/><path d="M12 3a9 9 0 0 0 0 18Z" fill="currentColor"/>',
    "teclado": (
        '<rect x="3" y="6" width="18" height="12" rx="2"/>'
        '<path d="M7 10h.01M11 10h.01M15 10h.01M8 14h8"/>'
    ),
    "salir": '<path d="M10 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h4M14 8l4 4-4 4M18 12H9"/>',
    "pausa": '<path d="M8 5v14M16 5v14"/>',
    "volver": '<path d="M19 12H5M11 6l-6 6 6 6"/>',
    "adelante": '<path d="m9 6 6 6-6 6"/>',
    "abajo": '<path d="m6 9 6 6 6-6"/>',
    "candado": (
        '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>'
    ),
    "correo": '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m4 7 8 6 8-6"/>',
}


def instalar(app: Flask) -> None:
    """Da los trazos a las plantillas."""
    app.jinja_env.globals["TRAZOS"] = {k: Markup(trazo) for k, trazo in TRAZOS.items()}  # noqa: S704 — son constantes de esta casa
