"""Lo que las personas deciden sobre lo publicado: pedir un retiro, confirmarlo, corregir."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cola import enmiendas_pasos as pasos
from cola.enmiendas import ClaseEnmienda, Enmienda, EstadoEnmienda
from cola.enmiendas_pasos import Tramite
from cola.errores import NoEncontrada, NoSePuede
from cola.estados import Estado
from cola.filas import escribir_filas, leer_fila
from cola.publicaciones import Intento, Publicacion, Suceso
from cola.transiciones import retirar as retirar_fila
from conectores.contrato import Red
from piezas.bitacora import anotar
from piezas.envios import canonico, huella
from piezas.errores import CuatroOjos
from piezas.firmas import Sello
from piezas.personas import Papel, Persona
from piezas.usuarios import persona_de
from piezas.versiones import Pieza, Sobre
from piezas.vigencia import sobres_vigentes

MOTIVO_MINIMO = 10
CAMPOS = tuple(Tramite.__dataclass_fields__)


def tramite_de(fila: Enmienda) -> Tramite:
    """La fila como dato puro."""
    return Tramite(**{campo: getattr(fila, campo) for campo in CAMPOS})


def poner(fila: Enmienda, tramite: Tramite) -> None:
    """Del dato puro a la fila."""
    for campo in CAMPOS:
        setattr(fila, campo, getattr(tramite, campo))


def leer(sesion: Session, enmienda_id: int) -> Enmienda:
    """La fila bloqueada y recién leída."""
    pedido = select(Enmienda).where(Enmienda.id == enmienda_id).with_for_update()
    fila = sesion.scalar(pedido.execution_options(populate_existing=True))
    if fila is None:
        raise NoEncontrada("No existe ese pedido.")
    return fila


def pedir_retiro(
    sesion: Session,
    publicacion_id: int,
    *,
    motivo: str,
    archivo: tuple[str, str] | None,
    por: int,
    ahora: datetime,
) -> Enmienda:
    """Guarda la evidencia y deja el pedido a otra persona.

    `archivo`: (huella, tipo) de lo que se adjuntó, ya en el almacén.
    """
    persona = persona_de(sesion, por, Papel.COMMUNITY, Papel.JEFATURA)
    motivo = _motivo(motivo)
    publicacion = _publicada(sesion, publicacion_id)
    if publicacion.cuenta.red is Red.CORREO:
        raise NoSePuede("Un correo enviado no se retira. Envíe una aclaración.")
    fila = _abrir(sesion, publicacion, ClaseEnmienda.RETIRO, motivo, persona, ahora)
    if archivo is not None:
        fila.archivo_huella, fila.archivo_tipo = archivo
    fila.estado = EstadoEnmienda.PEDIDA
    sesion.add(fila)
    sesion.flush()
    _anotar(sesion, "pedir retiro", fila, persona, ahora)
    return fila


def pedir_correccion(
    sesion: Session, publicacion_id: int, *, motivo: str, sello: Sello, por: int, ahora: datetime
) -> Enmienda:
    """La versión nueva, ya aprobada por otra persona, reemplaza el texto de la entrada."""
    persona = persona_de(sesion, por, Papel.COMMUNITY, Papel.JEFATURA)
    publicacion = _publicada(sesion, publicacion_id)
    if publicacion.cuenta.red is not Red.WORDPRESS:
        raise NoSePuede("Solo se corrige lo publicado en el sitio web. En esta red se retira.")
    if not (publicacion.id_remoto or "").isdigit():
        raise NoSePuede("No se sabe qué entrada del sitio es: se adoptó por su dirección.")
    sobre = sobre_por_corregir(sesion, publicacion, sello)
    if sobre is None:
        raise NoSePuede(
            "No hay una versión nueva aprobada. Edite la pieza y pida que otra persona la apruebe."
        )
    fila = _abrir(sesion, publicacion, ClaseEnmienda.CORRECCION, _motivo(motivo), persona, ahora)
    fila.estado, fila.vence = EstadoEnmienda.LISTA, ahora
    fila.version_id, fila.sobre, fila.huella_sobre = sobre.version_id, sobre.contenido, sobre.huella
    sesion.add(fila)
    sesion.flush()
    _anotar(sesion, "pedir corrección", fila, persona, ahora)
    return fila


def sobre_por_corregir(sesion: Session, publicacion: Publicacion, sello: Sello) -> Sobre | None:
    """El sobre aprobado de una versión más nueva que la que está en el sitio."""
    vigente = sesion.get_one(Pieza, publicacion.pieza_id).version_vigente_id
    if vigente is None or vigente == version_en_la_red(sesion, publicacion):
        return None
    aprobada = sobres_vigentes(sesion, (vigente,), sello).get(vigente, {})
    if publicacion.cuenta_id not in aprobada:
        return None
    return sesion.scalar(
        select(Sobre).where(Sobre.version_id == vigente, Sobre.cuenta_id == publicacion.cuenta_id)
    )


def version_en_la_red(sesion: Session, publicacion: Publicacion) -> int:
    """La última versión que quedó en la red: la de la última corrección hecha, o la primera."""
    corregida = sesion.scalar(
        select(Enmienda.version_id)
        .where(
            Enmienda.publicacion_id == publicacion.id,
            Enmienda.clase == ClaseEnmienda.CORRECCION,
            Enmienda.estado == EstadoEnmienda.HECHA,
        )
        .order_by(Enmienda.id.desc())
        .limit(1)
    )
    return corregida or publicacion.version_id


def confirmar_retiro(sesion: Session, enmienda_id: int, *, por: int, ahora: datetime) -> Enmienda:
    """La segunda persona. En un canal a mano, confirma que ya lo borró."""
    persona = persona_de(sesion, por, Papel.JEFATURA)
    fila = leer(sesion, enmienda_id)
    if fila.clase is not ClaseEnmienda.RETIRO or fila.estado is not EstadoEnmienda.PEDIDA:
        raise NoSePuede("Ese retiro ya no espera confirmación.")
    if fila.pedida_por == persona.id:
        raise CuatroOjos("Quien pide un retiro no lo confirma: lo hace otra persona de jefatura.")
    publicacion = _publicada(sesion, fila.publicacion_id, con_otra=True)
    fila.confirmada_por, fila.confirmada_en = persona.id, ahora
    if publicacion.cuenta.red is Red.MANUAL:
        poner(fila, pasos.a_mano(tramite_de(fila)))
        terminar(sesion, fila, quien=persona.correo, ahora=ahora, detalle="Lo borró en su canal")
    else:
        poner(fila, pasos.poner_lista(tramite_de(fila), ahora=ahora))
    sesion.flush()
    _anotar(sesion, "confirmar retiro", fila, persona, ahora)
    return fila


def reintentar(sesion: Session, enmienda_id: int, *, por: int, ahora: datetime) -> Enmienda:
    """Lo que falló se vuelve a intentar; si pudo haber salido, primero se mira."""
    persona = persona_de(sesion, por, Papel.COMMUNITY, Papel.JEFATURA)
    fila = leer(sesion, enmienda_id)
    if fila.estado is not EstadoEnmienda.FALLIDA:
        raise NoSePuede("Ese pedido no falló: no hay qué reintentar.")
    poner(fila, pasos.poner_lista(tramite_de(fila), ahora=ahora))
    sesion.flush()
    _anotar(sesion, "reintentar enmienda", fila, persona, ahora)
    return fila


def descartar(sesion: Session, enmienda_id: int, *, por: int, ahora: datetime) -> Enmienda:
    """Ya no se hace."""
    persona = persona_de(sesion, por, Papel.COMMUNITY, Papel.JEFATURA)
    fila = leer(sesion, enmienda_id)
    frase = f"La descartó {persona.nombre}."
    poner(fila, pasos.descartar(tramite_de(fila), frase=frase))
    fila.terminada_en = ahora
    sesion.flush()
    _anotar(sesion, "descartar enmienda", fila, persona, ahora)
    return fila


def terminar(sesion: Session, fila: Enmienda, *, quien: str, ahora: datetime, detalle: str) -> None:
    """Lo que queda escrito cuando la enmienda ya está hecha."""
    fila.terminada_en = ahora
    publicacion = leer_fila(sesion, fila.publicacion_id)
    if fila.clase is ClaseEnmienda.RETIRO:
        escribir_filas(sesion, [(publicacion, retirar_fila(publicacion, motivo=fila.motivo))])
    sesion.add(
        Intento(
            publicacion_id=fila.publicacion_id,
            ficha=fila.ficha,
            paso=fila.paso,
            suceso=Suceso.ACEPTADO,
            en=ahora,
            id_remoto=publicacion.id_remoto,
            detalle=detalle,
        )
    )
    anotar(
        sesion,
        "retirada" if fila.clase is ClaseEnmienda.RETIRO else "corregida",
        quien=quien,
        ahora=ahora,
        objeto="publicacion",
        objeto_id=fila.publicacion_id,
        motivo=fila.motivo,
    )


def _publicada(sesion: Session, publicacion_id: int, *, con_otra: bool = False) -> Publicacion:
    publicacion = sesion.get(Publicacion, publicacion_id, populate_existing=True)
    if publicacion is None:
        raise NoEncontrada
    if publicacion.estado is not Estado.PUBLICADA:
        raise NoSePuede("Solo se retira o se corrige lo que está publicado.")
    if not con_otra and enmienda_abierta(sesion, publicacion_id) is not None:
        raise NoSePuede("Ya hay un retiro o una corrección de esta publicación. Termínelo primero.")
    return publicacion


def enmienda_abierta(sesion: Session, publicacion_id: int) -> Enmienda | None:
    """La que todavía no termina, si la hay."""
    cerradas = (EstadoEnmienda.HECHA, EstadoEnmienda.DESCARTADA)
    return sesion.scalar(
        select(Enmienda).where(
            Enmienda.publicacion_id == publicacion_id, Enmienda.estado.not_in(cerradas)
        )
    )


def _abrir(
    sesion: Session,
    publicacion: Publicacion,
    clase: ClaseEnmienda,
    motivo: str,
    persona: Persona,
    ahora: datetime,
) -> Enmienda:
    evidencia = canonico(dict(_evidencia(sesion, publicacion, ahora)))
    return Enmienda(
        publicacion_id=publicacion.id,
        clase=clase,
        motivo=motivo,
        pedida_por=persona.id,
        pedida_en=ahora,
        evidencia=evidencia,
        huella_evidencia=huella(evidencia),
    )


def _evidencia(sesion: Session, publicacion: Publicacion, ahora: datetime) -> Mapping[str, object]:
    """Texto e imágenes (por su huella, que la mediateca conserva), dirección y hora."""
    return {
        "publicacion": publicacion.id,
        "pieza": publicacion.pieza.titulo,
        "version": version_en_la_red(sesion, publicacion),
        "red": publicacion.cuenta.red.value,
        "cuenta": publicacion.cuenta.alias,
        "id_remoto": publicacion.id_remoto,
        "url": publicacion.url,
        "publicada_en": publicacion.publicada_en and publicacion.publicada_en.isoformat(),
        "sobre": json.loads(publicacion.sobre),
        "guardada_en": ahora.isoformat(),
    }


def _motivo(motivo: str) -> str:
    motivo = " ".join(motivo.split())
    if len(motivo) < MOTIVO_MINIMO:
        raise NoSePuede(f"Escriba el motivo con al menos {MOTIVO_MINIMO} caracteres.")
    return motivo


def _anotar(
    sesion: Session, accion: str, fila: Enmienda, persona: Persona, ahora: datetime
) -> None:
    anotar(
        sesion,
        accion,
        quien=persona.correo,
        persona_id=persona.id,
        ahora=ahora,
        objeto="publicacion",
        objeto_id=fila.publicacion_id,
        a=fila.estado,
        motivo=fila.motivo,
    )
