"""El menú: cada entrada aparece si su pantalla existe y la persona la puede abrir."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app

from panel.acceso import Presente, papeles_de


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrada:
    """Una línea del menú."""

    nombre: str
    ruta: str
    icono: str
    tecla: str
    """La que sigue a «g» en el teclado."""
    cuantas: int = 0
    que_cuenta: str = ""
    """Lo que se cuenta, para quien no ve el número en su sitio."""

    @property
    def tema(self) -> str:
        """El nombre de su grupo de rutas: así se sabe cuál está abierta."""
        return self.ruta.split(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grupo:
    """Entradas que van juntas."""

    nombre: str
    entradas: tuple[Entrada, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """El menú de una persona."""

    grupos: tuple[Grupo, ...]
    nueva: str | None
    """La ruta para redactar, si puede."""
    perfil: str | None
    entidad: str | None

    @property
    def entradas(self) -> tuple[Entrada, ...]:
        """Todas, en orden."""
        return tuple(entrada for grupo in self.grupos for entrada in grupo.entradas)

    @property
    def al_pulgar(self) -> tuple[Entrada, ...]:
        """Las cuatro del teléfono; las demás van en «Más»."""
        puestas = {entrada.ruta: entrada for entrada in self.entradas}
        usuales = [puestas[ruta] for ruta in AL_PULGAR if ruta in puestas]
        return tuple(usuales[:4])

    @property
    def aparte(self) -> tuple[Entrada, ...]:
        """Las que en el teléfono van en «Más»."""
        a_mano = set(self.al_pulgar)
        return tuple(entrada for entrada in self.entradas if entrada not in a_mano)


GRUPOS = (
    ("", (("Hoy", "tablero.ver", "hoy", "h"),)),
    (
        "Plan",
        (
            ("Calendario", "calendario.ver", "calendario", "c"),
            ("Piezas", "piezas.listar", "piezas", "p"),
            ("Aprobación", "aprobacion.listar", "aprobacion", "a"),
            ("Cola", "publicaciones.listar", "cola", "q"),
        ),
    ),
    (
        "Material",
        (
            ("Mediateca", "mediateca.listar", "mediateca", "m"),
            ("Campañas", "campanias.listar", "campanias", "k"),
            ("Diagnóstico", "diagnostico.listar", "diagnostico", "d"),
        ),
    ),
    (
        "Oficina",
        (
            ("Cuentas", "cuentas.listar", "cuentas", "u"),
            ("Usuarios", "usuarios.listar", "usuarios", "e"),
            ("Palabras", "vigiladas.listar", "palabras", "l"),
            ("Avisos web", "avisos_web.listar", "enlace", "w"),
            ("Bitácora", "bitacora.listar", "bitacora", "b"),
        ),
    ),
)
AL_PULGAR = (
    "tablero.ver",
    "aprobacion.listar",
    "calendario.ver",
    "publicaciones.listar",
    "piezas.listar",
    "mediateca.listar",
    "usuarios.listar",
    "bitacora.listar",
)
QUE_CUENTAN = {"aprobacion.listar": "por aprobar", "publicaciones.listar": "por resolver"}
NUEVA, PERFIL, ENTIDAD = "redaccion.nueva", "perfil.ver", "entidad.ver"


def puede_abrir(quien: Presente, ruta: str) -> bool:
    """Si esa pantalla existe en esta aplicación y la persona entra."""
    vista = current_app.view_functions.get(ruta)
    if vista is None:
        return False
    papeles = papeles_de(vista)
    return papeles is None or quien.puede(papeles)


def menu_de(quien: Presente, cuantas: Mapping[str, int]) -> Menu:
    """El menú de esa persona; `cuantas` dice por ruta lo que espera en ella."""
    grupos = []
    for nombre, lineas in GRUPOS:
        entradas = tuple(
            Entrada(
                nombre=palabra,
                ruta=ruta,
                icono=icono,
                tecla=tecla,
                cuantas=cuantas.get(ruta, 0),
                que_cuenta=QUE_CUENTAN.get(ruta, ""),
            )
            for palabra, ruta, icono, tecla in lineas
            if puede_abrir(quien, ruta)
        )
        if entradas:
            grupos.append(Grupo(nombre=nombre, entradas=entradas))
    return Menu(
        grupos=tuple(grupos),
        nueva=_si_puede(quien, NUEVA),
        perfil=_si_puede(quien, PERFIL),
        entidad=_si_puede(quien, ENTIDAD),
    )


def _si_puede(quien: Presente, ruta: str) -> str | None:
    return ruta if puede_abrir(quien, ruta) else None
