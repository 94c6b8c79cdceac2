"""Recortes: un pedazo de una imagen con la proporción que pide cada red, como medio derivado."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from sqlalchemy.orm import Session

from conectores.contrato import Clase
from piezas.almacen import Almacen
from piezas.autorizaciones import medio_de
from piezas.bitacora import anotar
from piezas.errores import DatosInvalidos, EstadoNoPermite
from piezas.fichas import buscable
from piezas.imagenes import recortar
from piezas.ingreso import MedioListo, listo_de, registrar_o_hallar
from piezas.medios import Medio
from piezas.usuarios import ESCRIBEN, persona_de

LADO_MINIMO_PX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Proporcion:
    """Una forma que alguna red muestra entera."""

    clave: str
    nombre: str
    donde: str
    ancho: float
    alto: float
    """La relación ancho:alto."""
    ideal_px: tuple[int, int]


PROPORCIONES = (
    Proporcion(clave="16x9", nombre="16:9", donde="X y portada del sitio web",
               ancho=16, alto=9, ideal_px=(1600, 900)),
    Proporcion(clave="191x100", nombre="1.91:1", donde="Facebook, enlace",
               ancho=1.91, alto=1, ideal_px=(1200, 630)),
    Proporcion(clave="1x1", nombre="1:1", donde="Facebook, cuadrada",
               ancho=1, alto=1, ideal_px=(1080, 1080)),
    Proporcion(clave="4x5", nombre="4:5", donde="Facebook, vertical",
               ancho=4, alto=5, ideal_px=(1080, 1350)),
)  # fmt: skip
LIBRE = "libre"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caja:
    """El pedazo, en píxeles del original."""

    x: int
    y: int
    ancho: int
    alto: int


def proporcion_de(clave: str) -> Proporcion | None:
    """La de esa clave."""
    return next((una for una in PROPORCIONES if una.clave == clave), None)


def caja_con_foco(
    ancho_px: int, alto_px: int, proporcion: Proporcion, foco: tuple[float, float]
) -> Caja:
    """El pedazo más grande de esa proporción que deja el foco lo más al centro posible."""
    razon = proporcion.ancho / proporcion.alto
    ancho = min(ancho_px, round(alto_px * razon))
    alto = min(alto_px, round(ancho / razon))
    x = min(max(0, round(foco[0] * ancho_px - ancho / 2)), ancho_px - ancho)
    y = min(max(0, round(foco[1] * alto_px - alto / 2)), alto_px - alto)
    return Caja(x=x, y=y, ancho=ancho, alto=alto)


def ajustar_caja(caja: Caja, medio: Medio, clave: str) -> Caja:
    """La caja dentro de la imagen y con su proporción exacta; lanza `DatosInvalidos`."""
    proporcion = proporcion_de(clave)
    if proporcion is None and clave != LIBRE:
        raise DatosInvalidos("Elija para dónde es el recorte.")
    x, y = max(0, caja.x), max(0, caja.y)
    ancho, alto = min(caja.ancho, medio.ancho_px - x), min(caja.alto, medio.alto_px - y)
    if min(ancho, alto) < min(LADO_MINIMO_PX, medio.ancho_px, medio.alto_px):
        raise DatosInvalidos(
            f"El recorte es muy pequeño: deje al menos {LADO_MINIMO_PX} píxeles por lado."
        )
    if proporcion is not None:
        razon = proporcion.ancho / proporcion.alto
        if abs(ancho / alto - razon) > razon * 0.02:
            raise DatosInvalidos(f"El recorte no tiene la proporción {proporcion.nombre}.")
        # Un píxel de redondeo no se corrige: corregirlo quita otro.
        if abs(ancho - alto * razon) > 1:
            ancho = min(ancho, round(alto * razon))
            alto = min(alto, round(ancho / razon))
    return Caja(x=x, y=y, ancho=ancho, alto=alto)


def preparar_recorte(almacen: Almacen, medio: Medio, caja: Caja, clave: str) -> MedioListo:
    """Corta y guarda los bytes, sin tocar la base; lanza `DatosInvalidos` o `ImagenNoSirve`."""
    if medio.clase is not Clase.IMAGEN:
        raise EstadoNoPermite("Solo se recortan las imágenes quietas.")
    justa = ajustar_caja(caja, medio, clave)
    datos = almacen.camino(medio.huella).read_bytes()
    bordes = (justa.x, justa.y, justa.x + justa.ancho, justa.y + justa.alto)
    base = PurePath(medio.nombre_original).stem[:150]
    return listo_de(almacen, recortar(datos, bordes), nombre=f"{base} {clave}.jpg")


def registrar_recorte(
    sesion: Session,
    medio_id: int,
    listo: MedioListo,
    caja: Caja,
    clave: str,
    *,
    por: int,
    ahora: datetime,
) -> Medio:
    """Anota el recorte con la ficha, el crédito y los derechos de su original."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    origen = medio_de(sesion, medio_id)
    nuevo, es_nuevo = registrar_o_hallar(sesion, listo, por=por, ahora=ahora)
    if not es_nuevo:
        return nuevo
    nuevo.derivado_de_id = origen.origen_id
    nuevo.recorte = json.dumps(
        {"de": origen.id, "proporcion": clave, "caja": [caja.x, caja.y, caja.ancho, caja.alto]}
    )
    for campo in (
        "titulo", "evento", "fecha", "responsable", "credito", "licencia",
        "texto_alternativo", "campania_id",
    ):  # fmt: skip
        setattr(nuevo, campo, getattr(origen, campo))
    nuevo.foco_x = _dentro((origen.foco_x * origen.ancho_px - caja.x) / caja.ancho)
    nuevo.foco_y = _dentro((origen.foco_y * origen.alto_px - caja.y) / caja.alto)
    nuevo.buscable = buscable(nuevo)
    sesion.flush()
    anotar(
        sesion,
        "recortar medio",
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="medio",
        objeto_id=nuevo.id,
        de=str(origen.id),
        a=clave,
    )
    return nuevo


def _dentro(valor: float) -> float:
    return min(1.0, max(0.0, valor))
