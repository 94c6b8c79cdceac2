"""Las clases de pieza que se entregan en las pruebas de caídas y de fallas."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conectores.contrato import Red, Web

TEXTO = "¡Niñez, música y alegría! 🎺 Entrada libre — «Plazuela Luis Carlos Galán», sábado 5."
ALTERNATIVOS = (
    "Niñas leyendo en la biblioteca 📚",
    "Cartel: feria del libro, entrada libre",
    "Vista aérea del parque",
    'Una funcionaria dice: "sí, señora" & sonríe',
)
LARGO = " ".join(
    f"Punto {n}: la jornada de vacunación atiende en este barrio de ocho a cuatro, sin cita previa."
    for n in range(1, 9)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clase:
    """Una clase de pieza: su red, su contenido y cuántas llamadas sin vuelta atrás lleva."""

    nombre: str
    red: Red
    imagenes: int = 0
    medio: str = ""
    """`gif` o `video`, si lleva uno."""
    texto: str = TEXTO
    campos: Mapping[str, Any] = field(default_factory=dict)
    parecida: bool = False
    """Tras una duda sigue el mismo camino que otra clase de su red."""
    igual_hasta_salir: bool = False
    """Además se prepara con las mismas llamadas que otra: basta mirar la salida."""


CLASES = (
    Clase(nombre="texto", red=Red.FACEBOOK),
    Clase(
        nombre="enlace",
        red=Red.FACEBOOK,
        parecida=True,
        igual_hasta_salir=True,
        campos={"enlace": "https://www.municipio.example/feria?a=1&b=2"},
    ),
    Clase(
        nombre="una foto",
        red=Red.FACEBOOK,
        imagenes=1,
        parecida=True,
        igual_hasta_salir=True,
    ),
    Clase(nombre="tres fotos", red=Red.FACEBOOK, imagenes=3),
    Clase(nombre="video", red=Red.FACEBOOK, medio="video"),
    Clase(
        nombre="primer comentario",
        red=Red.FACEBOOK,
        campos={"primer_comentario": "Más datos en la alcaldía 👇"},
    ),
    Clase(nombre="texto", red=Red.X),
    Clase(nombre="cuatro imágenes", red=Red.X, imagenes=4, parecida=True),
    Clase(nombre="gif", red=Red.X, medio="gif", parecida=True),
    Clase(nombre="video", red=Red.X, medio="video", parecida=True),
    Clase(nombre="hilo de tres", red=Red.X, texto=LARGO, campos={"en_hilo": True}),
    Clase(nombre="entrada con imágenes", red=Red.WORDPRESS, imagenes=2),
    Clase(
        nombre="página",
        red=Red.WORDPRESS,
        parecida=True,
        campos={"web": Web(es_pagina=True)},
    ),
)
