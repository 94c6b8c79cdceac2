"""Una fila buena de parrilla, y qué pasó al traerla: cuántas piezas hay y dónde falló."""

import pytest
from sqlalchemy import func, select

from cola.parrilla.importar import ParrillaConFallas
from piezas.versiones import Pieza

COLUMNAS = (
    "pieza", "texto", "texto_x", "enlace", "imagenes", "textos_alternativos", "campania",
    "etiquetas", "cuentas", "fecha", "hora", "actividad", "dependencia",
)  # fmt: skip
BUENA = {
    "pieza": "Vacunación",
    "texto": "Este sábado hay vacunación gratuita 💉 en la ciudad.",
    "cuentas": "pagina|trino",
    "fecha": "2026-12-01",
    "hora": "07:30",
}


def fallas_de(traer, *filas, **opciones):
    with pytest.raises(ParrillaConFallas) as error:
        traer(*filas, **opciones)
    return [(f.fila, f.columna, f.mensaje) for f in error.value.fallas]


def donde(traer, *filas, **opciones):
    return [(fila, columna) for fila, columna, _ in fallas_de(traer, *filas, **opciones)]


def contar_piezas(sesion):
    return sesion.scalar(select(func.count()).select_from(Pieza))
