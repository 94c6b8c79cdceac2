"""Dos personas en la misma pieza: lo que no choca se une solo y lo que choca se muestra."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from cola.cuentas import Cuenta
from panel.redaccion.campos import aplanar, campos_de, nombre_de, poner
from panel.redaccion.formulario import Formulario
from piezas.marcas import numero_de_marca
from piezas.medios import Medio
from piezas.versiones import Pieza, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Diferencia:
    """Un asunto que las dos cambiaron, cada una a su modo."""

    asunto: str
    nombre: str
    suyo: str
    """Lo que guardó la otra persona; para leer."""
    mio: str
    valor_suyo: str
    """Lo mismo, como va en el campo."""
    medios: tuple[Medio, ...] = ()
    """Los archivos de la otra persona, si de eso se trata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choque:
    """Quién guardó, cuándo, lo que se unió solo y lo que hay que decidir."""

    quien: str
    cuando: datetime
    campos: Formulario
    """Los de quien llegó segundo, ya con lo que solo cambió la otra persona."""
    unidos: tuple[str, ...]
    diferencias: tuple[Diferencia, ...]
    alternos: Mapping[int, str]
    """Los textos alternativos de la otra persona, por medio."""


def comparar(
    sesion: Session, pieza: Pieza, version: Version, mios: Formulario, marca: str
) -> Choque:
    """El choque entre lo que alguien escribió desde `marca` y lo que hoy tiene la pieza."""
    suyos = aplanar(campos_de(pieza, version))
    partida = _partida(sesion, pieza, marca)
    antes = aplanar(campos_de(pieza, partida)) if partida is not None else {}
    cuentas, medios = _nombres(sesion)
    actuales = aplanar(mios)
    campos: Formulario = MultiDict(mios.items(multi=True))
    unidos, diferencias = [], []
    for asunto in sorted(suyos.keys() | actuales.keys(), key=_orden):
        suyo, mio = suyos.get(asunto, ""), actuales.get(asunto, "")
        if suyo == mio:
            continue
        nombre = nombre_de(asunto, cuentas, medios)
        # Los momentos y la ficha no tienen historia: ahí no se adivina, se pregunta.
        if asunto in antes and not _sin_historia(asunto) and antes[asunto] in (suyo, mio):
            if antes[asunto] == mio:
                poner(campos, asunto, suyo)
                unidos.append(nombre)
            continue
        diferencias.append(
            Diferencia(
                asunto=asunto,
                nombre=nombre,
                suyo=_legible(asunto, suyo, cuentas, medios),
                mio=_legible(asunto, mio, cuentas, medios),
                valor_suyo=suyo,
                medios=tuple(m.medio for m in version.medios) if asunto == "medio" else (),
            )
        )
    return Choque(
        quien=version.editor.nombre,
        cuando=version.creada_en,
        campos=campos,
        unidos=tuple(unidos),
        diferencias=tuple(diferencias),
        alternos={m.medio_id: m.texto_alternativo for m in version.medios},
    )


def _partida(sesion: Session, pieza: Pieza, marca: str) -> Version | None:
    numero = numero_de_marca(marca)
    consulta = select(Version).where(Version.pieza_id == pieza.id, Version.numero == numero)
    return None if numero is None else sesion.scalar(consulta)


def _sin_historia(asunto: str) -> bool:
    return asunto in ("campania", "dependencia", "actividad", "responsable") or asunto.startswith(
        "cuando_"
    )


def _orden(asunto: str) -> tuple[int, str]:
    primeros = ("titulo", "texto", "texto_facebook", "texto_x", "texto_wordpress", "medio")
    return (primeros.index(asunto) if asunto in primeros else len(primeros), asunto)


def _nombres(sesion: Session) -> tuple[dict[int, str], dict[int, str]]:
    cuentas = dict(sesion.execute(select(Cuenta.id, Cuenta.nombre)).all())
    medios = dict(sesion.execute(select(Medio.id, Medio.nombre_original)).all())
    return cuentas, medios


def _legible(asunto: str, valor: str, cuentas: dict[int, str], medios: dict[int, str]) -> str:
    if asunto in ("cuenta", "medio"):
        nombres = cuentas if asunto == "cuenta" else medios
        return "\n".join(nombres.get(int(n), "—") for n in valor.split(",") if n)
    if asunto.startswith("cuando_"):
        return valor or "En cuanto se apruebe"
    if asunto == "hilo":
        return "Sí" if valor else "No"
    return valor
