"""Quedarse con la cuenta que ofreció la red; cambiar una por otra lo deciden dos personas."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cola.carriles import CuentaNueva, agregar_cuenta, conectar_cuenta
from cola.conexiones import VIDA_POR_CONFIRMAR, Conexion, PasoConexion
from cola.credenciales import Caja
from cola.cuentas import Cuenta
from cola.enlaces import (
    CONECTAN,
    abrir_candidatas,
    candidatas_de,
    guardar_candidatas,
)
from cola.errores import CuentaRepetida, NoEncontrada, NoSePuede
from cola.estados import MotivoPausa
from conectores.contrato import Red
from conectores.enlace import Candidata
from piezas.bitacora import anotar
from piezas.errores import CuatroOjos
from piezas.personas import Persona
from piezas.usuarios import persona_de

DECLARACION = "Declaro que esta cuenta es institucional: pertenece a la entidad y no a una persona."
_SIN_DECLARAR = (
    "Falta declarar que la cuenta es institucional. Una cuenta personal no se puede registrar: "
    "marque la declaración solo si la cuenta es de la entidad."
)
_APUNTA_A_OTRA = "Ahora apunta a otra cuenta de la red. Revise lo que tiene programado y reanúdela."


@dataclass(frozen=True, slots=True, kw_only=True)
class DatosDeCuenta:
    """Lo que escribe quien conecta."""

    alias: str
    nombre: str
    custodio: str = ""
    correo_institucional: str = ""
    declara: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopcion:
    """Cómo quedó: la cuenta, y si falta que otra persona confirme."""

    cuenta_id: int
    alias: str
    por_confirmar: bool = False
    sigue_en_pausa: bool = False


def concluir(
    sesion: Session,
    conexion_id: int,
    *,
    elegida: str,
    datos: DatosDeCuenta,
    sesion_panel: str,
    por: int,
    caja: Caja,
    ahora: datetime,
) -> Adopcion:
    """Conecta la cuenta elegida, o pide la segunda persona si no es la registrada."""
    conexion, candidatas = candidatas_de(
        sesion, conexion_id, sesion_panel=sesion_panel, por=por, caja=caja, ahora=ahora
    )
    candidata = next((c for c in candidatas if c.identificador == elegida), None)
    if candidata is None:
        raise NoSePuede("Escoja cuál cuenta se conecta.")
    _exigir_que_sirva(candidata)
    persona = persona_de(sesion, por, *CONECTAN)
    cuenta = _la_registrada(sesion, conexion, candidata)
    if cuenta is None:
        nueva = registrar(sesion, candidata, datos, por=persona, caja=caja, ahora=ahora)
        _cerrar(conexion, por)
        return Adopcion(cuenta_id=nueva.id, alias=nueva.alias)
    if es_la_misma(cuenta, candidata):
        _reconectar(sesion, cuenta, candidata, por=persona, caja=caja, ahora=ahora)
        _cerrar(conexion, por)
        return Adopcion(
            cuenta_id=cuenta.id, alias=cuenta.alias, sigue_en_pausa=cuenta.pausada_por is not None
        )
    if not datos.declara:
        raise NoSePuede(_SIN_DECLARAR)
    _pedir_confirmacion(sesion, conexion, cuenta, candidata, por=persona, caja=caja, ahora=ahora)
    return Adopcion(cuenta_id=cuenta.id, alias=cuenta.alias, por_confirmar=True)


def es_la_misma(cuenta: Cuenta, candidata: Candidata) -> bool:
    """Si la cuenta de la red es la registrada; en la web, si es el mismo sitio."""
    if cuenta.red is not candidata.red:
        return False
    if cuenta.identificador == candidata.identificador:
        return True
    es_web = cuenta.red is Red.WORDPRESS and cuenta.base_url is not None
    return es_web and (cuenta.base_url or "").rstrip("/") == candidata.base_url


def registrar(
    sesion: Session,
    candidata: Candidata,
    datos: DatosDeCuenta,
    *,
    por: Persona,
    caja: Caja,
    ahora: datetime,
) -> Cuenta:
    """Una cuenta nueva; sin la declaración de que es institucional, no."""
    if not datos.declara:
        raise NoSePuede(_SIN_DECLARAR)
    cuenta = agregar_cuenta(
        sesion,
        CuentaNueva(
            alias=datos.alias.strip(),
            red=candidata.red,
            identificador=candidata.identificador,
            nombre=datos.nombre.strip() or candidata.nombre,
            credencial=candidata.credencial,
            base_url=candidata.base_url,
            es_ensayo=candidata.es_ensayo,
        ),
        caja=caja,
        quien=por.correo,
        ahora=ahora,
    )
    cuenta.permiso_vence_en = candidata.vence_en
    cuenta.custodio = datos.custodio.strip() or None
    cuenta.correo_institucional = datos.correo_institucional.strip() or None
    _declarar(sesion, cuenta, por=por, ahora=ahora)
    return cuenta


def confirmar(
    sesion: Session, conexion_id: int, *, por: int, caja: Caja, ahora: datetime
) -> Cuenta:
    """La segunda persona acepta que la cuenta apunte a otra; queda en pausa para revisarla."""
    conexion, persona = _por_decidir(sesion, conexion_id, por=por, ahora=ahora)
    if conexion.persona_id == por:
        raise CuatroOjos("El cambio lo pidió usted: lo confirma otra persona que conecta cuentas.")
    cuenta = sesion.get_one(Cuenta, conexion.cuenta_id, with_for_update=True)
    (candidata,) = abrir_candidatas(conexion, caja)
    _exigir_libre(sesion, candidata, salvo=cuenta.id)
    antes = f"{cuenta.nombre} ({cuenta.identificador})"
    cuenta.identificador = candidata.identificador
    cuenta.nombre = candidata.nombre
    cuenta.es_ensayo = candidata.es_ensayo
    cuenta.base_url = candidata.base_url
    _reconectar(sesion, cuenta, candidata, por=persona, caja=caja, ahora=ahora)
    cuenta.pausada_por = MotivoPausa.PERSONA
    cuenta.pausada_motivo = _APUNTA_A_OTRA
    pidio = sesion.get_one(Persona, conexion.persona_id)
    cuenta.declarada_por, cuenta.declarada_en = pidio.correo, ahora
    _cerrar(conexion, por)
    anotar(
        sesion,
        "confirmar_cambio_de_cuenta",
        quien=persona.correo,
        persona_id=por,
        ahora=ahora,
        objeto="cuenta",
        objeto_id=cuenta.id,
        de=antes,
        a=f"{candidata.nombre} ({candidata.identificador})",
        motivo=f"Lo pidió {pidio.correo}, que declaró que la cuenta es institucional.",
    )
    return cuenta


def descartar(sesion: Session, conexion_id: int, *, por: int, ahora: datetime) -> None:
    """Niega el cambio, o quien lo pidió se arrepiente; lo recibido se borra."""
    conexion, persona = _por_decidir(sesion, conexion_id, por=por, ahora=ahora)
    _cerrar(conexion, por, paso=PasoConexion.DESCARTADA)
    anotar(
        sesion,
        "descartar_cambio_de_cuenta",
        quien=persona.correo,
        persona_id=por,
        ahora=ahora,
        objeto="cuenta",
        objeto_id=conexion.cuenta_id,
        a=f"{conexion.nombre} ({conexion.identificador})",
    )


def _por_decidir(
    sesion: Session, conexion_id: int, *, por: int, ahora: datetime
) -> tuple[Conexion, Persona]:
    persona = persona_de(sesion, por, *CONECTAN)
    conexion = sesion.get(Conexion, conexion_id)
    if conexion is None:
        raise NoEncontrada("No existe ese cambio de cuenta.")
    if conexion.paso is not PasoConexion.POR_CONFIRMAR or ahora >= conexion.vence_en:
        raise NoSePuede("Ese cambio ya se decidió o venció. Si hace falta, pídalo de nuevo.")
    return conexion, persona


def _exigir_que_sirva(candidata: Candidata) -> None:
    falla = next((c for c in candidata.comprobaciones if c.impide and not c.bien), None)
    if falla is not None:
        raise NoSePuede(
            f"Con este permiso no se puede publicar: falta «{falla.que}». {falla.remedio}"
        )


def _la_registrada(sesion: Session, conexion: Conexion, candidata: Candidata) -> Cuenta | None:
    """La cuenta que se reconecta: la pedida, o la que ya está registrada con esa identidad."""
    if conexion.cuenta_id is not None:
        return sesion.get_one(Cuenta, conexion.cuenta_id)
    suyas = sesion.scalars(select(Cuenta).where(Cuenta.red == candidata.red))
    return next((c for c in suyas if es_la_misma(c, candidata)), None)


def _exigir_libre(sesion: Session, candidata: Candidata, *, salvo: int) -> None:
    suyas = sesion.scalars(select(Cuenta).where(Cuenta.red == candidata.red, Cuenta.id != salvo))
    otra = next((c for c in suyas if es_la_misma(c, candidata)), None)
    if otra is not None:
        raise CuentaRepetida(
            f"«{candidata.nombre}» ya está registrada como «{otra.alias}». Conéctela desde allí."
        )


def _reconectar(
    sesion: Session,
    cuenta: Cuenta,
    candidata: Candidata,
    *,
    por: Persona,
    caja: Caja,
    ahora: datetime,
) -> None:
    conectar_cuenta(
        sesion,
        cuenta.alias,
        candidata.credencial,
        caja=caja,
        quien=por.correo,
        ahora=ahora,
        base_url=candidata.base_url,
    )
    # `conectar_cuenta` sella para el identificador vigente; aquí solo se deja dicho hasta cuándo.
    cuenta.permiso_vence_en = candidata.vence_en


def _pedir_confirmacion(
    sesion: Session,
    conexion: Conexion,
    cuenta: Cuenta,
    candidata: Candidata,
    *,
    por: Persona,
    caja: Caja,
    ahora: datetime,
) -> None:
    _exigir_libre(sesion, candidata, salvo=cuenta.id)
    guardar_candidatas(sesion, conexion.id, [candidata], caja=caja)
    conexion.paso = PasoConexion.POR_CONFIRMAR
    conexion.cuenta_id = cuenta.id
    conexion.identificador, conexion.nombre = candidata.identificador, candidata.nombre
    conexion.vence_en = ahora + VIDA_POR_CONFIRMAR
    anotar(
        sesion,
        "pedir_cambio_de_cuenta",
        quien=por.correo,
        persona_id=por.id,
        ahora=ahora,
        objeto="cuenta",
        objeto_id=cuenta.id,
        de=f"{cuenta.nombre} ({cuenta.identificador})",
        a=f"{candidata.nombre} ({candidata.identificador})",
    )


def _declarar(sesion: Session, cuenta: Cuenta, *, por: Persona, ahora: datetime) -> None:
    cuenta.declarada_por, cuenta.declarada_en = por.correo, ahora
    anotar(
        sesion,
        "declarar_institucional",
        quien=por.correo,
        persona_id=por.id,
        ahora=ahora,
        objeto="cuenta",
        objeto_id=cuenta.id,
        a=f"{cuenta.nombre} ({cuenta.identificador})",
        motivo=DECLARACION,
    )


def _cerrar(conexion: Conexion, por: int, *, paso: PasoConexion = PasoConexion.HECHA) -> None:
    conexion.paso = paso
    conexion.sellado = None
    conexion.cerrada_por_id = por
