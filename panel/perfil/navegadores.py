"""Cómo se llama un navegador en palabras, para que la persona reconozca sus sesiones."""

_PROGRAMAS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_EQUIPOS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def nombre_de_navegador(dice: str) -> str:
    """`Chrome en Windows`, o «Un navegador» si no se reconoce."""
    programa = next((nombre for marca, nombre in _PROGRAMAS if marca in dice), "Un navegador")
    equipo = next((nombre for marca, nombre in _EQUIPOS if marca in dice), "")
    return f"{programa} en {equipo}" if equipo else programa
