"""Todas las tablas de la casa: importarlas es lo que completa `METADATOS`."""

from cola import (
    avisos,
    avisos_web,
    conexiones,
    cuentas,
    enmiendas,
    franjas,
    latidos,
    pausas,
    publicaciones,
)
from cola.parrilla import mesa
from panel import freno, sesiones
from panel.redaccion import pendientes
from piezas import (
    autorizaciones,
    bitacora,
    campanias,
    comentarios,
    enlaces_personales,
    entidad,
    fichas_api,
    juridica,
    lista_control,
    medios,
    personas,
    repeticiones,
    revisores,
    segundo_factor,
    subidas,
    suscripciones,
    versiones,
)
from piezas.base import Base
from piezas.consejos import vigiladas

MODULOS = (
    *(avisos, avisos_web, conexiones, cuentas, enmiendas, latidos, pausas, publicaciones),
    *(franjas, mesa, suscripciones),
    *(comentarios, vigiladas),
    *(freno, pendientes, sesiones),
    *(juridica, lista_control, revisores),
    *(enlaces_personales, segundo_factor),
    *(fichas_api, repeticiones),
    *(autorizaciones, bitacora, campanias, entidad, medios, personas, subidas, versiones),
)
"""Los módulos que definen tablas. Uno nuevo se agrega aquí; una prueba avisa si se olvida."""

METADATOS = Base.metadata

SOLO_SE_AGREGA = (
    "anotacion",
    "aprobacion",
    "intento",
    "punto_marcado",
    "sobre",
    "version",
    "version_destino",
    "version_medio",
)
"""Las tablas que son memoria: la base rechaza cambiar o borrar sus filas."""
