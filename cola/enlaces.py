"""Ida y vuelta de una conexión: estado de un solo uso, atado a la sesión y a la red."""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cola.conexiones import VIDA, Conexion, PasoConexion
from cola.credenciales import Caja
from cola.cuentas import Cuenta
from cola.errores import NoEncontrada, NoSePuede
from conectores.contrato import Red
from conectores.enlace import Candidata, Comprobacion
from piezas.bitacora import anotar
from piezas.personas import Papel
from piezas.usuarios import persona_de

CONECTAN = (Papel.JEFATURA, Papel.ADMINISTRACION)
_EMPIECE = "Empiece la conexión de nuevo desde Cuentas."
VENCIDA = f"Pasaron más de diez minutos desde que empezó esta conexión. {_EMPIECE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Salida:
    """Lo que lleva la persona al salir: el estado y el reto, nunca el verificador."""

    red: Red
    estado: str = field(repr=False)
    reto: str
    datos: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vuelta:
    """Una vuelta aceptada: la conexión y lo que hace falta para el canje."""

    conexion_id: int
    verificador: str = field(repr=False)
    datos: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Negada:
    """Una vuelta que no se acepta, con la frase para la persona."""

    frase: str


def abrir(
    sesion: Session,
    red: Red,
    *,
    cuenta_id: int | None,
    datos: Mapping[str, str],
    sesion_panel: str,
    por: int,
    caja: Caja,
    ahora: datetime,
) -> int:
    """Empieza una conexión; devuelve su número. Lo vencido de antes se vacía."""
    persona_de(sesion, por, *CONECTAN)
    vaciar_vencidas(sesion, ahora=ahora)
    estado = secrets.token_urlsafe(32)
    huella = _huella(estado)
    secreto = {
        "estado": estado,
        # 43 a 128 signos, como pide PKCE.
        "verificador": secrets.token_urlsafe(48),
        "datos": json.dumps(dict(datos), ensure_ascii=False),
    }
    conexion = Conexion(
        red=red,
        paso=PasoConexion.IDA,
        huella=huella,
        sesion=sesion_panel,
        persona_id=por,
        cuenta_id=cuenta_id,
        sellado=caja.sellar(_contexto(red, huella), secreto),
        creada_en=ahora,
        vence_en=ahora + VIDA,
    )
    sesion.add(conexion)
    sesion.flush()
    return conexion.id


def salida_de(
    sesion: Session, conexion_id: int, *, sesion_panel: str, por: int, caja: Caja, ahora: datetime
) -> Salida:
    """Con qué se va a la red; solo lee, así que abrir el enlace dos veces no gasta nada."""
    conexion = _suya(
        sesion, conexion_id, PasoConexion.IDA, sesion_panel=sesion_panel, por=por, ahora=ahora
    )
    secreto = _abrir(conexion, caja)
    resumen = hashlib.sha256(secreto["verificador"].encode()).digest()
    return Salida(
        red=conexion.red,
        estado=secreto["estado"],
        reto=base64.urlsafe_b64encode(resumen).rstrip(b"=").decode(),
        datos=json.loads(secreto["datos"]),
    )


def recibir_vuelta(
    sesion: Session,
    red: Red,
    estado: str,
    *,
    sesion_panel: str,
    por: int,
    quien: str,
    caja: Caja,
    ahora: datetime,
) -> Vuelta | Negada:
    """Gasta el estado. Uno forjado, repetido, de otra sesión o de otra red no se acepta.

    No lanza: lo que se niega también debe quedar gastado y anotado.
    """
    persona_de(sesion, por, *CONECTAN)
    conexion = sesion.scalar(select(Conexion).where(Conexion.huella == _huella(estado)))
    frase = _motivo_de_negar(conexion, red, sesion_panel=sesion_panel, por=por, ahora=ahora)
    gastada = None if conexion is None else _gastar(sesion, conexion.id, negada=bool(frase))
    if conexion is not None and not frase and gastada is None:
        frase = f"Ese permiso ya se usó una vez y no se acepta otra. {_EMPIECE}"
    if frase or conexion is None:
        anotar(
            sesion,
            "negar_conexion",
            quien=quien,
            persona_id=por,
            ahora=ahora,
            objeto="conexion",
            objeto_id=None if conexion is None else conexion.id,
            a=red.value,
            motivo=frase,
        )
        return Negada(frase=frase)
    secreto = _abrir(conexion, caja)
    return Vuelta(
        conexion_id=conexion.id,
        verificador=secreto["verificador"],
        datos=json.loads(secreto["datos"]),
    )


def _motivo_de_negar(
    conexion: Conexion | None, red: Red, *, sesion_panel: str, por: int, ahora: datetime
) -> str:
    """La frase con que se niega la vuelta; vacía si se acepta."""
    if conexion is None:
        return f"Esa vuelta no corresponde a ninguna conexión empezada aquí. {_EMPIECE}"
    if conexion.sesion != sesion_panel or conexion.persona_id != por:
        return f"Esa conexión la empezó otra sesión: aquí no se puede terminar. {_EMPIECE}"
    if conexion.red is not red:
        return f"Esa vuelta es de otra red, así que no se acepta. {_EMPIECE}"
    if conexion.paso is not PasoConexion.IDA:
        return f"Ese permiso ya se usó una vez y no se acepta otra. {_EMPIECE}"
    return VENCIDA if ahora >= conexion.vence_en else ""


def _gastar(sesion: Session, conexion_id: int, *, negada: bool) -> int | None:
    """Pasa de `ida` a la vuelta (o la descarta) una sola vez, aunque lleguen dos a la vez."""
    a = PasoConexion.DESCARTADA if negada else PasoConexion.VUELTA
    cambios = {"paso": a, **({"sellado": None} if negada else {})}
    return sesion.scalar(
        update(Conexion)
        .where(Conexion.id == conexion_id, Conexion.paso == PasoConexion.IDA)
        .values(**cambios)
        .returning(Conexion.id)
        .execution_options(synchronize_session="fetch")
    )


def guardar_candidatas(
    sesion: Session, conexion_id: int, candidatas: Iterable[Candidata], *, caja: Caja
) -> None:
    """Guarda selladas las cuentas que ofreció la red, mientras la persona escoge."""
    conexion = sesion.get_one(Conexion, conexion_id)
    lista = json.dumps([_a_json(c) for c in candidatas], ensure_ascii=False)
    conexion.paso = PasoConexion.VUELTA
    conexion.sellado = caja.sellar(_contexto(conexion.red, conexion.huella), {"candidatas": lista})


def candidatas_de(
    sesion: Session, conexion_id: int, *, sesion_panel: str, por: int, caja: Caja, ahora: datetime
) -> tuple[Conexion, tuple[Candidata, ...]]:
    """Las cuentas que se pueden escoger en esta conexión."""
    conexion = _suya(
        sesion, conexion_id, PasoConexion.VUELTA, sesion_panel=sesion_panel, por=por, ahora=ahora
    )
    return conexion, abrir_candidatas(conexion, caja)


def abrir_candidatas(conexion: Conexion, caja: Caja) -> tuple[Candidata, ...]:
    """Las candidatas selladas en una conexión."""
    lista = json.loads(_abrir(conexion, caja).get("candidatas", "[]"))
    return tuple(_de_json(una) for una in lista)


def descartar_en_curso(sesion: Session, conexion_id: int) -> str | None:
    """Olvida lo recibido porque no se pudo canjear; devuelve el alias que se reconectaba."""
    conexion = sesion.get_one(Conexion, conexion_id)
    conexion.paso = PasoConexion.DESCARTADA
    conexion.sellado = None
    cuenta = None if conexion.cuenta_id is None else sesion.get(Cuenta, conexion.cuenta_id)
    return None if cuenta is None else cuenta.alias


def vaciar_vencidas(sesion: Session, *, ahora: datetime) -> None:
    """Descarta lo que venció: ningún token espera más de lo prometido."""
    abiertas = (PasoConexion.IDA, PasoConexion.VUELTA, PasoConexion.POR_CONFIRMAR)
    sesion.execute(
        update(Conexion)
        .where(Conexion.vence_en <= ahora, Conexion.paso.in_(abiertas))
        .values(paso=PasoConexion.DESCARTADA, sellado=None)
    )


def _suya(
    sesion: Session,
    conexion_id: int,
    paso: PasoConexion,
    *,
    sesion_panel: str,
    por: int,
    ahora: datetime,
) -> Conexion:
    """La conexión, si la empezó esta sesión y sigue en ese paso."""
    persona_de(sesion, por, *CONECTAN)
    conexion = sesion.get(Conexion, conexion_id)
    if conexion is None or conexion.sesion != sesion_panel or conexion.persona_id != por:
        raise NoEncontrada(f"Esa conexión no existe o la empezó otra sesión. {_EMPIECE}")
    if conexion.paso is not paso:
        raise NoSePuede(f"Esa conexión ya terminó o va en otro paso. {_EMPIECE}")
    if ahora >= conexion.vence_en:
        raise NoSePuede(VENCIDA)
    return conexion


def _huella(estado: str) -> str:
    return hashlib.sha256(estado.encode()).hexdigest()


def _contexto(red: Red, huella: str) -> str:
    return f"conexion:{red.value}:{huella}"


def _abrir(conexion: Conexion, caja: Caja) -> dict[str, str]:
    return caja.abrir(_contexto(conexion.red, conexion.huella), conexion.sellado or "")


def _a_json(candidata: Candidata) -> dict[str, object]:
    dato = {**asdict(candidata), "credencial": dict(candidata.credencial)}
    vence = candidata.vence_en
    return {**dato, "vence_en": None if vence is None else vence.isoformat()}


def _de_json(dato: dict[str, object]) -> Candidata:
    crudo = json.loads(json.dumps(dato))
    vence = crudo.pop("vence_en")
    comprobaciones = tuple(Comprobacion(**c) for c in crudo.pop("comprobaciones"))
    return Candidata(
        **{**crudo, "red": Red(crudo["red"])},
        comprobaciones=comprobaciones,
        vence_en=None if vence is None else datetime.fromisoformat(vence),
    )
