"""Aprobación: enviar a revisión, devolver, aprobar (que es sellar) y cancelar.

Nada sale sin que una persona de jefatura, que ni escribió ni editó por última vez la pieza,
apruebe esa versión exacta. La firma de esa decisión se comprueba en `piezas.vigencia`.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from piezas.almacen import Almacen
from piezas.bitacora import anotar
from piezas.composicion import Compuesto, componer_todo, frases_de, juntar
from piezas.derechos import faltas_de_version
from piezas.envios import a_json, huella
from piezas.errores import (
    CuatroOjos,
    DatosInvalidos,
    EstadoNoPermite,
    MedioFalta,
    NoCabe,
    SinPermisoPara,
)
from piezas.firmas import Sello
from piezas.juridica import exigir_visto_bueno
from piezas.personas import Papel, Persona
from piezas.redaccion import pieza_para_cambiar
from piezas.usuarios import ESCRIBEN, persona_de
from piezas.versiones import Aprobacion, Decision, EstadoPieza, Pieza, Sobre, Version
from piezas.vigencia import aprobacion_vigente, mensaje_firmado, sobres_vigentes, vigentes

__all__ = [
    "aprobacion_vigente",
    "aprobar",
    "cancelar_pieza",
    "devolver",
    "marcar_revisada",
    "mensaje_firmado",
    "pedir_revision",
    "sobres_vigentes",
    "vigentes",
]

MOTIVO_MINIMO = 10
"""Caracteres: «mal» no le sirve a quien debe corregir."""

_SE_ENVIAN = frozenset({EstadoPieza.BORRADOR, EstadoPieza.DEVUELTA})
_SE_DECIDEN = frozenset({EstadoPieza.EN_REVISION, EstadoPieza.REVISADA})
_SE_CANCELAN = frozenset(EstadoPieza) - {EstadoPieza.CANCELADA, EstadoPieza.ARCHIVADA}


def pedir_revision(sesion: Session, pieza_id: int, *, por: int, ahora: datetime) -> Pieza:
    """Envía a revisión un borrador o una devuelta; lanza `NoCabe` con todo lo que le falta."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    pieza, version = _abrir(sesion, pieza_id, _SE_ENVIAN, "enviar a revisión")
    if frases := (*frases_de(version), *faltas_de_version(sesion, version, ahora=ahora)):
        raise NoCabe(frases)
    pieza.motivo = None
    _decidir(sesion, version, persona, Decision.ENVIADA, ahora)
    _pasar(sesion, pieza, EstadoPieza.EN_REVISION, "enviar a revisión", persona, ahora)
    return pieza


def marcar_revisada(sesion: Session, pieza_id: int, *, por: int, ahora: datetime) -> Pieza:
    """Deja constancia de que alguien distinto de quien editó revisó hechos, estilo y acceso."""
    persona = persona_de(sesion, por, Papel.REVISION, Papel.JEFATURA)
    pieza, version = _abrir(sesion, pieza_id, frozenset({EstadoPieza.EN_REVISION}), "revisar")
    if persona.id == version.editor_id:
        raise CuatroOjos("Quien editó por última vez una pieza no puede darla por revisada.")
    _decidir(sesion, version, persona, Decision.REVISADA, ahora)
    _pasar(sesion, pieza, EstadoPieza.REVISADA, "revisar", persona, ahora)
    return pieza


def devolver(sesion: Session, pieza_id: int, *, motivo: str, por: int, ahora: datetime) -> Pieza:
    """Devuelve una pieza en revisión, con un motivo que le sirva a quien la corrige."""
    persona = persona_de(sesion, por, Papel.REVISION, Papel.JEFATURA, Papel.JURIDICA)
    motivo = _motivo(motivo)
    pieza, version = _abrir(sesion, pieza_id, _SE_DECIDEN, "devolver")
    pieza.motivo = motivo
    _decidir(sesion, version, persona, Decision.DEVUELTA, ahora, motivo=motivo)
    _pasar(sesion, pieza, EstadoPieza.DEVUELTA, "devolver", persona, ahora, motivo=motivo)
    return pieza


def aprobar(
    sesion: Session,
    pieza_id: int,
    *,
    por: int,
    ahora: datetime,
    sello: Sello,
    almacen: Almacen,
) -> tuple[Sobre, ...]:
    """Aprueba la versión vigente y sella lo que saldrá a cada cuenta.

    Lanza `CuatroOjos` si quien aprueba es autor o último editor, `FaltaJuridica` si la pieza la
    pide y no firmó, `NoCabe` si algo no cabe y `MedioFalta` si un archivo no está o ya no es el
    que se subió.
    """
    persona = persona_de(sesion, por, Papel.JEFATURA)
    pieza, version = _abrir(sesion, pieza_id, _SE_DECIDEN, "aprobar")
    if persona.id in (pieza.autor_id, version.editor_id):
        raise CuatroOjos
    exigir_visto_bueno(sesion, pieza, version, persona)
    if faltas := faltas_de_version(sesion, version, ahora=ahora):
        raise NoCabe(faltas)
    compuestos = componer_todo(sesion, version, sello=sello, almacen=almacen)
    _exigir_que_quepa(compuestos)
    _exigir_intactos(compuestos, almacen)
    sobres = _sellar(sesion, version, compuestos)
    _decidir(
        sesion,
        version,
        persona,
        Decision.APROBADA,
        ahora,
        firma=sello.firmar(
            mensaje_firmado(
                version_id=version.id,
                hash_contenido=version.hash_contenido,
                persona_id=persona.id,
                en=ahora,
                sobres={sobre.cuenta_id: sobre.huella for sobre in sobres},
            )
        ),
    )
    pieza.motivo = None
    _pasar(sesion, pieza, EstadoPieza.APROBADA, "aprobar", persona, ahora)
    return sobres


def cancelar_pieza(
    sesion: Session, pieza_id: int, *, motivo: str, por: int, ahora: datetime
) -> Pieza:
    """Cancela una pieza: la jefatura cualquiera, quien la escribió solo su borrador.

    Anula la aprobación si la tenía; lo que estaba en la cola no pasa de la última puerta.
    """
    persona = persona_de(sesion, por, *ESCRIBEN)
    pieza, version = _abrir(sesion, pieza_id, _SE_CANCELAN, "cancelar")
    es_suyo = pieza.autor_id == persona.id and pieza.estado in _SE_ENVIAN
    if Papel.JEFATURA not in persona.papeles and not es_suyo:
        raise SinPermisoPara(
            "Solo la jefatura cancela una pieza; quien la escribió puede cancelar su borrador."
        )
    motivo = _motivo(motivo)
    if pieza.estado is EstadoPieza.APROBADA:
        _decidir(sesion, version, persona, Decision.ANULADA, ahora, motivo=motivo)
    pieza.motivo = motivo
    _pasar(sesion, pieza, EstadoPieza.CANCELADA, "cancelar", persona, ahora, motivo=motivo)
    return pieza


def _abrir(
    sesion: Session, pieza_id: int, admitidos: frozenset[EstadoPieza], verbo: str
) -> tuple[Pieza, Version]:
    pieza = pieza_para_cambiar(sesion, pieza_id)
    if pieza.estado not in admitidos or pieza.version is None:
        desde = " o ".join(f"«{estado}»" for estado in sorted(admitidos))
        raise EstadoNoPermite(
            f"La pieza «{pieza.titulo}» está «{pieza.estado}» y no se puede {verbo}: "
            f"debe estar {desde}."
        )
    return pieza, pieza.version


def _exigir_que_quepa(compuestos: tuple[Compuesto, ...]) -> None:
    if not compuestos:
        raise NoCabe(("Elija al menos una cuenta.",))
    if frases := juntar(compuestos):
        raise NoCabe(frases)


def _exigir_intactos(compuestos: tuple[Compuesto, ...], almacen: Almacen) -> None:
    """Sellar un archivo dañado sería aprobar algo que nadie vio."""
    adjuntos = [adjunto for compuesto in compuestos for adjunto in compuesto.envio.adjuntos]
    huellas = {adjunto.huella for adjunto in adjuntos}
    huellas |= {adjunto.subtitulos.name for adjunto in adjuntos if adjunto.subtitulos}
    if not all(almacen.comprobar(una) for una in huellas):
        raise MedioFalta("Un archivo de la pieza está dañado. Súbalo de nuevo antes de aprobar.")


def _sellar(
    sesion: Session, version: Version, compuestos: tuple[Compuesto, ...]
) -> tuple[Sobre, ...]:
    pedido = select(Sobre).where(Sobre.version_id == version.id)
    hechos = {sobre.cuenta_id: sobre for sobre in sesion.scalars(pedido)}
    sobres = []
    for compuesto in compuestos:
        contenido = a_json(compuesto.envio)
        sobre = hechos.get(compuesto.cuenta_id)
        if sobre is None:
            sobre = Sobre(
                version_id=version.id,
                cuenta_id=compuesto.cuenta_id,
                contenido=contenido,
                huella=huella(contenido),
            )
            sesion.add(sobre)
        elif sobre.contenido != contenido:
            raise EstadoNoPermite("Esa versión ya se selló. Guarde una nueva para aprobarla.")
        sobres.append(sobre)
    sesion.flush()
    return tuple(sobres)


def _motivo(motivo: str) -> str:
    motivo = " ".join(motivo.split())
    if len(motivo) < MOTIVO_MINIMO:
        raise DatosInvalidos(
            f"Escriba el motivo con al menos {MOTIVO_MINIMO} caracteres: le sirve a quien corrige."
        )
    return motivo


def _decidir(
    sesion: Session,
    version: Version,
    persona: Persona,
    decision: Decision,
    ahora: datetime,
    *,
    motivo: str | None = None,
    firma: str | None = None,
) -> None:
    sesion.add(
        Aprobacion(
            version_id=version.id,
            persona_id=persona.id,
            decision=decision,
            motivo=motivo,
            en=ahora,
            firma=firma,
        )
    )
    sesion.flush()


def _pasar(
    sesion: Session,
    pieza: Pieza,
    a: EstadoPieza,
    accion: str,
    persona: Persona,
    ahora: datetime,
    *,
    motivo: str | None = None,
) -> None:
    de, pieza.estado = pieza.estado, a
    anotar(
        sesion,
        accion,
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="pieza",
        objeto_id=pieza.id,
        de=de,
        a=a,
        motivo=motivo,
    )
    sesion.flush()
