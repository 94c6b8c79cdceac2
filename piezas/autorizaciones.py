"""Autorizaciones de imagen: quién dejó que lo mostraran, con qué documento y hasta cuándo."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from piezas.base import Base
from piezas.bitacora import anotar
from piezas.errores import DatosInvalidos, EstadoNoPermite, NoEncontrada
from piezas.medios import Medio
from piezas.personas import Persona
from piezas.usuarios import ESCRIBEN, persona_de
from piezas.zona import BOGOTA

LARGO = 300
MOTIVO_MINIMO = 10


class Autorizacion(Base):
    """El permiso de una persona, o del representante de un menor, para usar su imagen.

    No se borra: se revoca, y queda quién lo hizo y por qué.
    """

    __tablename__ = "autorizacion_imagen"
    __table_args__ = (
        Index(None, "medio_id"),
        CheckConstraint("NOT es_menor OR representante <> ''", name="representante"),
        CheckConstraint("(revocada_en IS NULL) = (revocada_motivo IS NULL)", name="revocada"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    medio_id: Mapped[int] = mapped_column(ForeignKey("medio.id"))
    """Siempre un original: sus recortes heredan sus derechos."""
    quien: Mapped[str]
    es_menor: Mapped[bool] = mapped_column(default=False)
    representante: Mapped[str] = mapped_column(default="")
    referencia: Mapped[str]
    """El documento: radicado, carpeta o formato donde está la firma."""
    alcance: Mapped[str] = mapped_column(default="")
    fecha: Mapped[date]
    vence: Mapped[date | None]
    """El último día en que vale."""
    archivo_huella: Mapped[str | None]
    archivo_tipo: Mapped[str | None]
    registrada_por: Mapped[int] = mapped_column(ForeignKey("persona.id"))
    registrada_en: Mapped[datetime]
    revocada_en: Mapped[datetime | None]
    revocada_por: Mapped[int | None] = mapped_column(ForeignKey("persona.id"))
    revocada_motivo: Mapped[str | None]

    def vale(self, hoy: date) -> bool:
        """Si ese día permite mostrarla."""
        empezo = self.fecha <= hoy
        return self.revocada_en is None and empezo and (self.vence is None or self.vence >= hoy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Permiso:
    """Lo que alguien escribe al registrar una autorización."""

    quien: str
    referencia: str
    fecha: date | None
    es_menor: bool = False
    representante: str = ""
    alcance: str = ""
    vence: date | None = None
    archivo_huella: str | None = None
    archivo_tipo: str | None = None


def dia_de(ahora: datetime) -> date:
    """El día en Bogotá."""
    return ahora.astimezone(BOGOTA).date()


def registrar_autorizacion(
    sesion: Session, medio_id: int, permiso: Permiso, *, por: int, ahora: datetime
) -> Autorizacion:
    """Anota una autorización sobre el original; lanza `DatosInvalidos` con todas las fallas."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    medio = medio_de(sesion, medio_id)
    limpio = _limpiar(permiso, dia_de(ahora))
    fila = Autorizacion(
        medio_id=medio.origen_id,
        quien=limpio.quien,
        es_menor=limpio.es_menor,
        representante=limpio.representante,
        referencia=limpio.referencia,
        alcance=limpio.alcance,
        fecha=limpio.fecha,
        vence=limpio.vence,
        archivo_huella=limpio.archivo_huella,
        archivo_tipo=limpio.archivo_tipo,
        registrada_por=persona.id,
        registrada_en=ahora,
    )
    sesion.add(fila)
    # Si alguien autorizó, es porque se le reconoce: quitar la marca después se ve en la bitácora.
    original = medio_de(sesion, medio.origen_id)
    original.hay_menores = original.hay_menores or limpio.es_menor
    original.hay_personas = original.hay_personas or not limpio.es_menor
    sesion.flush()
    # A la bitácora va el documento y no el nombre: es un dato personal que no se podrá borrar.
    _anotar(sesion, "registrar autorización", fila, persona, ahora, a=limpio.referencia)
    return fila


def revocar_autorizacion(
    sesion: Session, autorizacion_id: int, *, motivo: str, por: int, ahora: datetime
) -> Autorizacion:
    """Deja constancia de que la persona retiró su permiso: desde ya el medio no sale."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    fila = sesion.get(Autorizacion, autorizacion_id, with_for_update=True)
    if fila is None:
        raise NoEncontrada("No existe esa autorización.")
    if fila.revocada_en is not None:
        raise EstadoNoPermite("Esa autorización ya estaba revocada.")
    motivo = " ".join(motivo.split())
    if len(motivo) < MOTIVO_MINIMO:
        raise DatosInvalidos(
            f"Escriba por qué se revoca, con al menos {MOTIVO_MINIMO} caracteres: "
            "es la constancia de la oficina."
        )
    fila.revocada_en, fila.revocada_por, fila.revocada_motivo = ahora, persona.id, motivo[:LARGO]
    sesion.flush()
    _anotar(sesion, "revocar autorización", fila, persona, ahora, motivo=motivo[:LARGO])
    return fila


def autorizaciones_de(sesion: Session, medio: Medio) -> list[Autorizacion]:
    """Las de un medio, o las de su original si es un recorte."""
    pedido = select(Autorizacion).where(Autorizacion.medio_id == medio.origen_id)
    return list(sesion.scalars(pedido.order_by(Autorizacion.id)))


def medio_de(sesion: Session, medio_id: int) -> Medio:
    """El medio; lanza `NoEncontrada`."""
    medio = sesion.get(Medio, medio_id)
    if medio is None:
        raise NoEncontrada("Ese archivo no está en la mediateca.")
    return medio


def _limpiar(permiso: Permiso, hoy: date) -> Permiso:
    limpio = replace(
        permiso,
        quien=_texto(permiso.quien),
        representante=_texto(permiso.representante) if permiso.es_menor else "",
        referencia=_texto(permiso.referencia),
        alcance=_texto(permiso.alcance),
    )
    if fallas := list(_fallas(limpio, hoy)):
        raise DatosInvalidos(fallas)
    return limpio


def _fallas(p: Permiso, hoy: date) -> list[str]:
    faltan = (
        (not p.quien, "Escriba quién autoriza que se use su imagen."),
        (
            p.es_menor and not p.representante,
            "Es menor de edad: escriba quién firma como su madre, padre o representante legal.",
        ),
        (not p.referencia, "Escriba dónde está el documento firmado: radicado, carpeta o formato."),
        (p.fecha is None, "Escriba la fecha de la firma."),
        (p.fecha is not None and p.fecha > hoy, "La fecha de la firma está en el futuro."),
        (
            p.vence is not None and p.fecha is not None and p.vence < p.fecha,
            "La autorización vence antes de firmarse: revise las fechas.",
        ),
    )
    return [frase for falta, frase in faltan if falta]


def _texto(texto: str) -> str:
    return " ".join(texto.split())[:LARGO]


def _anotar(
    sesion: Session,
    accion: str,
    fila: Autorizacion,
    persona: Persona,
    ahora: datetime,
    *,
    a: str | None = None,
    motivo: str | None = None,
) -> None:
    anotar(
        sesion,
        accion,
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="medio",
        objeto_id=fila.medio_id,
        a=a,
        motivo=motivo,
    )
