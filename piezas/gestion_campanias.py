"""Crear y cambiar campañas y dependencias: quién puede, qué se exige y qué queda anotado."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy.orm import Session

from piezas.bitacora import anotar
from piezas.campanias import Campania, Dependencia, con_ese_nombre
from piezas.errores import DatosInvalidos, NoEncontrada
from piezas.personas import Papel, Persona
from piezas.usuarios import ESCRIBEN, persona_de

ORDENAN = (Papel.JEFATURA, Papel.ADMINISTRACION)
"""Quienes mantienen la lista de dependencias."""
LARGOS = {
    "nombre": 120,
    "objetivo": 600,
    "publico": 300,
    "mensaje_clave": 300,
    "indicador": 300,
    "etiqueta_principal": 60,
}


class FallasDeCampo(DatosInvalidos):
    """Lo escrito tiene fallas; `por_campo` dice cuál campo y qué hacer."""

    def __init__(self, por_campo: Mapping[str, str]) -> None:
        self.por_campo = dict(por_campo)
        super().__init__(self.por_campo.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class FichaDeCampania:
    """Lo que alguien escribió de una campaña; los textos vacíos valen como «sin decir»."""

    nombre: str
    objetivo: str = ""
    publico: str = ""
    mensaje_clave: str = ""
    indicador: str = ""
    etiqueta_principal: str = ""
    desde: date | None = None
    hasta: date | None = None

    @classmethod
    def de(cls, campania: Campania) -> "FichaDeCampania":
        """La de una campaña guardada."""
        textos = {campo: getattr(campania, campo) or "" for campo in LARGOS}
        return cls(**textos, desde=campania.desde, hasta=campania.hasta)


def crear_campania(
    sesion: Session, ficha: FichaDeCampania, *, por: int, ahora: datetime
) -> Campania:
    """Crea una campaña. Lanza `FallasDeCampo`, `SinPermisoPara`."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    limpia = _limpiar(sesion, ficha, None)
    campania = Campania(nombre=limpia.nombre, creada_en=ahora)
    _llenar(campania, limpia)
    sesion.add(campania)
    sesion.flush()
    _anotar(sesion, "crear campaña", campania, persona, ahora)
    return campania


def cambiar_campania(
    sesion: Session, campania_id: int, ficha: FichaDeCampania, *, por: int, ahora: datetime
) -> Campania:
    """Cambia su ficha; las piezas que ya tiene siguen en ella."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    campania = sesion.get(Campania, campania_id)
    if campania is None:
        raise NoEncontrada("No existe esa campaña.")
    limpia = _limpiar(sesion, ficha, campania_id)
    antes = campania.nombre
    _llenar(campania, limpia)
    _anotar(sesion, "cambiar campaña", campania, persona, ahora, de=antes)
    return campania


def guardar_dependencia(
    sesion: Session,
    nombre: str,
    sigla: str,
    *,
    dependencia_id: int | None = None,
    por: int,
    ahora: datetime,
) -> Dependencia:
    """Crea una dependencia, o cambia la de ese número."""
    persona = persona_de(sesion, por, *ORDENAN)
    limpio, corta = _en_una_linea(nombre), _en_una_linea(sigla)
    _exigir_nombre(sesion, limpio, dependencia_id)
    if dependencia_id is None:
        dependencia = Dependencia(nombre=limpio, sigla=corta or None, creada_en=ahora)
        sesion.add(dependencia)
    else:
        hallada = sesion.get(Dependencia, dependencia_id)
        if hallada is None:
            raise NoEncontrada("No existe esa dependencia.")
        dependencia = hallada
        dependencia.nombre, dependencia.sigla = limpio, corta or None
    sesion.flush()
    anotar(
        sesion,
        "guardar dependencia",
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="dependencia",
        objeto_id=dependencia.id,
        a=limpio,
    )
    return dependencia


def _exigir_nombre(sesion: Session, nombre: str, propia: int | None) -> None:
    if not nombre or len(nombre) > LARGOS["nombre"]:
        raise FallasDeCampo({"nombre": "Escriba el nombre de la dependencia, de hasta 120 letras."})
    if otra := con_ese_nombre(sesion, Dependencia, nombre, salvo=propia):
        raise FallasDeCampo({"nombre": f"Ya existe la dependencia «{otra.nombre}»."})


def _en_una_linea(texto: str) -> str:
    return " ".join(texto.split())


def _limpiar(sesion: Session, ficha: FichaDeCampania, propia: int | None) -> FichaDeCampania:
    textos = {campo: getattr(ficha, campo).strip() for campo in LARGOS}
    textos["nombre"] = _en_una_linea(textos["nombre"])
    textos["etiqueta_principal"] = _etiqueta(textos["etiqueta_principal"])
    fallas = {
        campo: f"Es muy largo: caben {tope} caracteres y escribió {len(textos[campo])}."
        for campo, tope in LARGOS.items()
        if len(textos[campo]) > tope
    }
    if not textos["nombre"]:
        fallas["nombre"] = "Escriba el nombre de la campaña."
    elif otra := con_ese_nombre(sesion, Campania, textos["nombre"], salvo=propia):
        fallas["nombre"] = f"Ya existe la campaña «{otra.nombre}». Ábrala o use otro nombre."
    if ficha.desde and ficha.hasta and ficha.hasta < ficha.desde:
        fallas["hasta"] = "Termina antes de empezar: revise las dos fechas."
    if fallas:
        raise FallasDeCampo(fallas)
    return FichaDeCampania(**textos, desde=ficha.desde, hasta=ficha.hasta)


def _etiqueta(texto: str) -> str:
    """Sin espacios y con su signo: `Agua Segura` → `#AguaSegura`."""
    junta = "".join(texto.split()).lstrip("#")
    return f"#{junta}" if junta else ""


def _llenar(campania: Campania, ficha: FichaDeCampania) -> None:
    for campo in fields(ficha):
        setattr(campania, campo.name, getattr(ficha, campo.name) or None)


def _anotar(
    sesion: Session,
    accion: str,
    campania: Campania,
    persona: Persona,
    ahora: datetime,
    de: str | None = None,
) -> None:
    anotar(
        sesion,
        accion,
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="campaña",
        objeto_id=campania.id,
        de=de,
        a=campania.nombre,
    )
