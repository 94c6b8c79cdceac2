"""El grupo de rutas de «Mi cuenta»."""

from flask import Blueprint

pantalla = Blueprint("perfil", __name__)
