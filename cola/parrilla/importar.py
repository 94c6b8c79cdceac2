"""Importar una parrilla: todo o nada, y cada falla con su fila y su columna."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cola.cuentas import Cuenta
from cola.parrilla.archivos import Archivos
from cola.parrilla.caber import fallas_de_cabida
from cola.parrilla.fallas import Falla, ParrillaConFallas
from cola.parrilla.leer import leer
from cola.parrilla.renglones import Renglon, entender
from piezas.almacen import Almacen
from piezas.aprobacion import pedir_revision
from piezas.errores import DatosInvalidos, NoCabe
from piezas.ingreso import registrar
from piezas.redaccion import Borrador, Destino, MedioElegido, crear_pieza
from piezas.usuarios import ESCRIBEN, persona_de
from piezas.versiones import EstadoPieza, Momento, Pieza

__all__ = ["Falla", "Importadas", "ParrillaConFallas", "asentar", "importar", "preparar", "revisar"]


@dataclass(frozen=True, slots=True)
class Importadas:
    """Los identificadores de las piezas creadas, en el orden de las filas."""

    piezas: tuple[int, ...]


def importar(
    sesion: Session,
    ruta: Path,
    *,
    por: int,
    almacen: Almacen,
    ahora: datetime,
    en_revision: bool = False,
    repetir: bool = False,
) -> Importadas:
    """Crea una pieza por fila, o ninguna: lanza `ParrillaConFallas` con todas las fallas."""
    persona_de(sesion, por, *ESCRIBEN)
    renglones = preparar(ruta, almacen)
    return asentar(
        sesion, renglones, por=por, ahora=ahora, en_revision=en_revision, repetir=repetir
    )


def preparar(ruta: Path, almacen: Almacen) -> tuple[Renglon, ...]:
    """Lee la parrilla y limpia sus archivos, sin tocar la base.

    Es lo que tarda. Quien comparte la base con el motor lo llama antes de abrir la transacción, y
    después llama a `asentar`. Las fallas de cada renglón quedan en él.
    """
    archivos = Archivos(ruta.absolute().parent, almacen)
    return tuple(entender(fila, archivos) for fila in leer(ruta))


def asentar(
    sesion: Session,
    renglones: Iterable[Renglon],
    *,
    por: int,
    ahora: datetime,
    en_revision: bool = False,
    repetir: bool = False,
) -> Importadas:
    """Comprueba los renglones contra la base y crea las piezas."""
    renglones = tuple(renglones)
    if fallas := revisar(sesion, renglones, repetir=repetir):
        raise ParrillaConFallas(fallas)
    cuentas = _por_alias(sesion)
    # Una falla que solo se note al crear deshace lo ya creado: todo o nada también en la sesión.
    with sesion.begin_nested():
        creadas = [
            _crear(sesion, renglon, cuentas, por=por, ahora=ahora, en_revision=en_revision)
            for renglon in renglones
        ]
    return Importadas(tuple(creadas))


def revisar(sesion: Session, renglones: Sequence[Renglon], *, repetir: bool = False) -> list[Falla]:
    """Todas las fallas de esos renglones contra la base de este momento; no crea nada."""
    cuentas = _por_alias(sesion)
    return [
        *(falla for renglon in renglones for falla in _fallas_de(renglon, cuentas)),
        *(() if repetir else _repetidas(sesion, tuple(renglones), cuentas)),
    ]


def _por_alias(sesion: Session) -> dict[str, Cuenta]:
    return {cuenta.alias: cuenta for cuenta in sesion.scalars(select(Cuenta))}


def _fallas_de(renglon: Renglon, cuentas: Mapping[str, Cuenta]) -> Iterator[Falla]:
    yield from renglon.fallas
    numero = renglon.fila.numero
    suyas = []
    for alias in dict.fromkeys(renglon.cuentas):
        cuenta = cuentas.get(alias)
        if cuenta is None:
            hay = ", ".join(f"«{a}»" for a in sorted(cuentas)) or "ninguna"
            yield Falla(numero, "cuentas", f"no existe la cuenta «{alias}». Hay: {hay}.")
        elif not cuenta.activa:
            yield Falla(numero, "cuentas", f"la cuenta «{alias}» está desactivada.")
        else:
            suyas.append(cuenta)
    yield from fallas_de_cabida(renglon, suyas)


def _repetidas(
    sesion: Session, renglones: tuple[Renglon, ...], cuentas: Mapping[str, Cuenta]
) -> Iterator[Falla]:
    """Las filas que ya se importaron, o que el archivo trae dos veces."""
    ya_estaban = _ya_importadas(sesion, {r.momento for r in renglones if r.momento is not None})
    primera: dict[tuple[str, int, datetime], int] = {}
    for renglon in renglones:
        if renglon.momento is None:
            continue
        numero = renglon.fila.numero
        for alias in dict.fromkeys(renglon.cuentas):
            if alias not in cuentas:
                continue
            marca = (renglon.titulo, cuentas[alias].id, renglon.momento)
            if marca in ya_estaban:
                yield Falla(
                    numero,
                    "pieza",
                    f"ya se importó para la cuenta «{alias}» a esa hora (--repetir la admite).",
                )
            elif (otra := primera.setdefault(marca, numero)) != numero:
                yield Falla(
                    numero, "pieza", f"repite la fila {otra} para la cuenta «{alias}» a esa hora."
                )


def _ya_importadas(sesion: Session, momentos: set[datetime]) -> set[tuple[str, int, datetime]]:
    if not momentos:
        return set()
    consulta = (
        select(Pieza.titulo, Momento.cuenta_id, Momento.programada_para)
        .join(Momento, Momento.pieza_id == Pieza.id)
        .where(
            Momento.programada_para.between(min(momentos), max(momentos)),
            Pieza.estado != EstadoPieza.CANCELADA,
        )
    )
    return {(titulo, cuenta, momento) for titulo, cuenta, momento in sesion.execute(consulta)}


def _crear(
    sesion: Session,
    renglon: Renglon,
    cuentas: Mapping[str, Cuenta],
    *,
    por: int,
    ahora: datetime,
    en_revision: bool,
) -> int:
    numero = renglon.fila.numero
    try:
        medios = tuple(
            MedioElegido(
                medio_id=registrar(sesion, elegido.medio, por=por, ahora=ahora).id,
                texto_alternativo=elegido.texto_alternativo,
                subtitulos_huella=elegido.subtitulos_huella,
            )
            for elegido in renglon.elegidos
        )
        borrador = replace(_borrador(renglon, cuentas), medios=medios)
        pieza = crear_pieza(sesion, borrador, por=por, ahora=ahora)
        if en_revision:
            pedir_revision(sesion, pieza.id, por=por, ahora=ahora)
    except (DatosInvalidos, NoCabe) as error:
        raise ParrillaConFallas([Falla(numero, None, error.mensaje)]) from error
    return pieza.id


def _borrador(renglon: Renglon, cuentas: Mapping[str, Cuenta]) -> Borrador:
    fila, momento = renglon.fila, renglon.momento
    if momento is None:
        raise DatosInvalidos("Falta el momento.")
    return Borrador(
        titulo=renglon.titulo,
        texto=fila["texto"],
        texto_facebook=fila["texto_facebook"] or None,
        texto_x=fila["texto_x"] or None,
        texto_wordpress=fila["texto_wordpress"] or None,
        enlace=fila["enlace"] or None,
        etiquetas=renglon.etiquetas,
        primer_comentario=fila["primer_comentario"] or None,
        en_hilo=renglon.en_hilo,
        destinos=tuple(
            Destino(
                cuenta_id=cuentas[alias].id,
                red=cuentas[alias].red,
                alias=alias,
                programada_para=momento,
            )
            for alias in renglon.cuentas
        ),
        campania=fila["campania"] or None,
        dependencia=fila["dependencia"] or None,
        actividad=fila["actividad"] or "A4",
    )
