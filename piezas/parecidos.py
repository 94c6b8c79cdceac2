"""Parecidos: una huella de cómo se ve una imagen, que aguanta otro tamaño y otra compresión."""

from PIL import Image

LADO = 8
CERCA = 6
"""Bits distintos, de 64, hasta los que dos imágenes se parecen."""


def huella_visual(imagen: Image.Image) -> str | None:
    """Compara cada punto con el de su derecha en una versión diminuta y gris (dHash).

    `None` si la imagen es lisa: todas las lisas se parecerían entre sí.
    """
    mini = imagen.convert("L").resize((LADO + 1, LADO), Image.Resampling.BILINEAR)
    puntos = mini.tobytes()
    bits = 0
    for fila in range(LADO):
        for columna in range(LADO):
            lugar = fila * (LADO + 1) + columna
            bits = bits << 1 | (puntos[lugar] > puntos[lugar + 1])
    return f"{bits:016x}" if bits else None


def distancia(una: str, otra: str) -> int:
    """En cuántos bits difieren dos huellas."""
    return (int(una, 16) ^ int(otra, 16)).bit_count()
