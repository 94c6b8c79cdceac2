"""Con lo que puede encontrarse quien redacta, quien aprueba o quien trae archivos.

ErrorDePiezas
├── DatosInvalidos      lo escrito tiene fallas: `fallas` las dice todas
├── NoCabe              el contenido no cabe en alguna red: `mensajes` dice dónde y por cuánto
├── ImagenNoSirve       el archivo no es una imagen o un video que se pueda publicar
├── MedioFalta          el archivo no está en la carpeta de medios, o está dañado
├── SinPermisoPara      la persona no tiene el papel que eso pide
│   └── CuatroOjos      tiene el papel, pero escribió o editó lo que quiere decidir
├── EstadoNoPermite     la pieza no está en un estado que admita el paso
│   └── FaltaJuridica   pide el visto bueno de jurídica y esta versión no lo tiene
├── EnlaceNoSirve       el enlace de alguien de fuera venció, se revocó o ya se usó
└── NoEncontrada        no existe lo pedido
"""

from collections.abc import Iterable


class ErrorDePiezas(Exception):
    """Raíz; `mensaje` es la frase para las personas."""

    mensaje = "No se pudo hacer con la pieza."

    def __init__(self, mensaje: str | None = None) -> None:
        if mensaje is not None:
            self.mensaje = mensaje
        super().__init__(self.mensaje)


class DatosInvalidos(ErrorDePiezas):
    """Lo escrito no sirve; `fallas` trae una frase por cada cosa que hay que corregir."""

    def __init__(self, fallas: str | Iterable[str]) -> None:
        self.fallas = (fallas,) if isinstance(fallas, str) else tuple(fallas)
        super().__init__(" ".join(self.fallas))


class NoCabe(ErrorDePiezas):
    """El contenido no cabe en alguna red; cada mensaje nombra la cuenta y la red."""

    def __init__(self, mensajes: Iterable[str]) -> None:
        self.mensajes = tuple(mensajes)
        super().__init__(" ".join(self.mensajes))


class ImagenNoSirve(ErrorDePiezas):
    """El archivo no es un medio que se pueda publicar: tipo, tamaño o daño."""

    mensaje = "El archivo no es una imagen que se pueda publicar."


class MedioFalta(ErrorDePiezas):
    """El archivo de un medio no está en su carpeta, o ya no es el mismo."""

    mensaje = "Falta un archivo de la mediateca. Súbalo de nuevo o restaure el respaldo."


class SinPermisoPara(ErrorDePiezas):
    """La persona no tiene el papel que la acción pide."""

    mensaje = "Usted no tiene permiso para hacer eso. Pídalo a quien administra."


class CuatroOjos(SinPermisoPara):
    """Quien escribió o editó por última vez una versión no puede decidir sobre ella."""

    mensaje = (
        "Quien escribió o editó por última vez una pieza no puede aprobarla. "
        "Pida la aprobación a otra persona de jefatura."
    )


class EstadoNoPermite(ErrorDePiezas):
    """La pieza no está en un estado que admita el paso."""

    mensaje = "La pieza no está en un estado que permita hacer eso."


class FaltaJuridica(EstadoNoPermite):
    """La pieza está marcada y jurídica no ha firmado esta versión."""

    mensaje = "Falta el visto bueno de jurídica sobre esta versión."


class EnlaceNoSirve(ErrorDePiezas):
    """El enlace de una persona de fuera no abre; la razón que se dice no revela nada."""

    mensaje = "Este enlace no sirve: venció o lo retiraron. Pida uno nuevo a quien se lo dio."


class NoEncontrada(ErrorDePiezas):
    """No existe lo pedido."""

    mensaje = "No existe esa pieza."
