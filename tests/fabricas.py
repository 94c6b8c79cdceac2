"""Fábricas de las pruebas: cada una deja en la base lo mínimo válido, y recibe lo que importa."""

from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from cola.cuentas import Cuenta
from conectores.contrato import Red
from piezas.almacen import Almacen
from piezas.aprobacion import aprobar, pedir_revision
from piezas.firmas import Sello
from piezas.ingreso import recibir_medio
from piezas.medios import Medio
from piezas.personas import Papel, Persona, PersonaPapel
from piezas.redaccion import Borrador, Destino, MedioElegido, crear_pieza
from piezas.versiones import Pieza, Sobre, Version

AHORA = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
_numeros = count(1)


def una_persona(sesion: Session, *papeles: Papel, **cambios: Any) -> Persona:
    """Una persona activa; sin papeles dados, redacta. Su clave no sirve para entrar."""
    numero = next(_numeros)
    campos = {
        "correo": f"persona{numero}@prensa.example",
        "nombre": f"Persona {numero}",
        "clave": "sin-clave",
        "activa": True,
        "creada_en": AHORA,
        **cambios,
    }
    persona = Persona(**campos)
    persona.papeles_filas = [PersonaPapel(papel=p) for p in papeles or (Papel.REDACCION,)]
    sesion.add(persona)
    sesion.flush()
    return persona


def una_cuenta(sesion: Session, red: Red = Red.FACEBOOK, **cambios: Any) -> Cuenta:
    """Una cuenta activa de esa red."""
    numero = next(_numeros)
    campos = {
        "alias": f"{red.value}-{numero}",
        "red": red,
        "identificador": str(1000 + numero),
        "nombre": f"Cuenta {numero}",
        "credencial": "sellada",
        "creada_en": AHORA,
        **cambios,
    }
    cuenta = Cuenta(**campos)
    sesion.add(cuenta)
    sesion.flush()
    return cuenta


def bytes_de_imagen(formato: str = "JPEG", medida: tuple[int, int] = (64, 48), **guardar) -> bytes:
    """Una imagen pequeña de un color, codificada."""
    salida = BytesIO()
    Image.new("RGB", medida, (30, 90, 160)).save(salida, formato, **guardar)
    return salida.getvalue()


def un_medio(sesion: Session, almacen: Almacen, por: Persona, **cambios: Any) -> Medio:
    """Una imagen en la mediateca."""
    campos = {"datos": bytes_de_imagen(), "nombre": "foto.jpg", "ahora": AHORA, **cambios}
    return recibir_medio(sesion, almacen, por=por.id, **campos)


def un_destino(cuenta: Cuenta, programada_para: datetime = AHORA) -> Destino:
    """El destino de una cuenta."""
    return Destino(
        cuenta_id=cuenta.id, red=cuenta.red, alias=cuenta.alias, programada_para=programada_para
    )


def un_borrador(*cuentas: Cuenta, medios: tuple[Medio, ...] = (), **cambios: Any) -> Borrador:
    """Un borrador que se puede enviar a revisión, si se le da alguna cuenta."""
    para = cambios.pop("programada_para", AHORA)
    campos = {
        "titulo": "Jornada de vacunación",
        "texto": "Este sábado hay vacunación gratuita en doce puntos de la ciudad.",
        "medios": tuple(
            MedioElegido(medio_id=medio.id, texto_alternativo="Una enfermera con un carné.")
            for medio in medios
        ),
        "destinos": tuple(un_destino(cuenta, para) for cuenta in cuentas),
        **cambios,
    }
    return Borrador(**campos)


def una_pieza(
    sesion: Session, *cuentas: Cuenta, por: Persona | None = None, **cambios: Any
) -> Pieza:
    """Una pieza en borrador; sin cuentas dadas, va a una de Facebook."""
    autor = por or una_persona(sesion, Papel.REDACCION)
    cuentas = cuentas or (una_cuenta(sesion),)
    return crear_pieza(sesion, un_borrador(*cuentas, **cambios), por=autor.id, ahora=AHORA)


def una_version(sesion: Session, *cuentas: Cuenta, **cambios: Any) -> Version:
    """La primera versión de una pieza en borrador."""
    pieza = una_pieza(sesion, *cuentas, **cambios)
    assert pieza.version is not None
    return pieza.version


def una_pieza_aprobada(
    sesion: Session,
    *cuentas: Cuenta,
    sello: Sello,
    almacen: Almacen,
    jefe: Persona | None = None,
    ahora: datetime = AHORA,
    **cambios: Any,
) -> tuple[Pieza, tuple[Sobre, ...]]:
    """Una pieza escrita por una persona y aprobada por otra, con sus sobres."""
    pieza = una_pieza(sesion, *cuentas, **cambios)
    aprueba = jefe or una_persona(sesion, Papel.JEFATURA)
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=ahora)
    sobres = aprobar(sesion, pieza.id, por=aprueba.id, ahora=ahora, sello=sello, almacen=almacen)
    return pieza, sobres
