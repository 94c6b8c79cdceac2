"""Lo que la cola se niega a hacer.

ErrorDeCola
├── PasoProhibido       el estado no lleva allá
├── ArriendoPerdido     otro obrero relevó a este: su resultado ya no cuenta
├── SinAprobar          la versión no tiene una aprobación vigente
├── NoEncontrada        no existe esa publicación o cuenta
├── CuentaRepetida      ya hay una cuenta con ese alias o identificador
└── NoSePuede           la persona o el momento no lo permiten
"""


class ErrorDeCola(Exception):
    """Raíz; `mensaje` es la frase para las personas."""

    mensaje = "La cola no pudo hacerlo."

    def __init__(self, mensaje: str | None = None) -> None:
        if mensaje is not None:
            self.mensaje = mensaje
        super().__init__(self.mensaje)


class PasoProhibido(ErrorDeCola):
    """El estado no lleva allá."""

    def __init__(self, de: str, a: str) -> None:
        super().__init__(f"Una publicación «{de}» no puede pasar a «{a}».")


class ArriendoPerdido(ErrorDeCola):
    """El arriendo venció y otro obrero tiene la publicación."""

    mensaje = "Otro obrero relevó esta entrega."


class SinAprobar(ErrorDeCola):
    """La versión no está aprobada, o cambió después."""

    mensaje = "La pieza no tiene una aprobación vigente. Envíela a revisión y apruébela."


class NoEncontrada(ErrorDeCola):
    """No existe lo pedido."""

    mensaje = "No existe esa publicación."


class CuentaRepetida(ErrorDeCola):
    """El alias o el identificador ya están registrados."""

    mensaje = "Ya hay una cuenta con ese alias o ese identificador."


class NoSePuede(ErrorDeCola):
    """La persona o el estado no lo permiten; el mensaje dice por qué y qué hacer."""

    mensaje = "Eso no se puede hacer ahora."
