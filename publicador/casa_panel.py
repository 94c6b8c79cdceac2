"""El panel de una casa: va aparte porque pesa, y una orden de la cola no lo necesita."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Flask

from conectores.registro import CLASES
from conectores.visitante import Visitante
from panel import crear_app
from panel.servicios import Servicios
from publicador import __version__
from publicador.enlaces import enlazadores
from publicador.tarjetero import Tarjetero

if TYPE_CHECKING:
    from publicador.armado import Casa


def armar_panel(casa: "Casa", despertar: Callable[[], None]) -> Flask:
    """La aplicación web con los servicios de esa casa."""
    ajustes = casa.ajustes
    return crear_app(
        Servicios(
            sesiones=casa.sesiones,
            ahora=casa.ahora,
            sello=casa.sello,
            almacen=casa.almacen,
            despertar=despertar,
            tolerancia=casa.reglas.tolerancia,
            url_publica=ajustes.url_publica,
            clave_sesion=casa.claves.de_sesion[0],
            claves_anteriores=casa.claves.de_sesion[1:],
            lecturas=casa.lecturas,
            recientes=casa.mirador.recientes,
            video_maximo_bytes=ajustes.video_maximo_mb << 20,
            tarifas_x=ajustes.tarifas_x,
            tarjetas=Tarjetero(Visitante(ensayo=ajustes.ensayo_url), ahora=casa.ahora),
            version=__version__,
            caja=casa.caja,
            enviar_carta=casa.carta(),
            revisar_aviso=casa.mensajero.falla_de,
            segundo_factor_obligatorio=ajustes.exige_segundo_factor,
            enlazadores=enlazadores(ajustes, plazos=casa.plazos, ahora=casa.ahora),
            redes=frozenset(CLASES),
            verificar=lambda credencial: casa.conector_de(credencial).verificar(),
        )
    )
