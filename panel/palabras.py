"""Cómo se le dice a la gente cada estado, red, papel y suceso: un solo catálogo."""

from dataclasses import dataclass

from flask import Flask

from cola.cuentas import Cuenta
from cola.estados import Estado
from cola.publicaciones import Publicacion, Suceso
from conectores.contrato import Red
from piezas.personas import Papel
from piezas.versiones import Decision, EstadoPieza


@dataclass(frozen=True, slots=True)
class Rotulo:
    """Una palabra, su tono (clase de la hoja de estilo) y su signo; el color nunca va solo."""

    palabra: str
    tono: str
    signo: str


REDES = {
    Red.FACEBOOK: Rotulo("Facebook", "facebook", "f"),
    Red.X: Rotulo("X", "x", "X"),
    Red.WORDPRESS: Rotulo("Sitio web", "wordpress", "W"),
    Red.CORREO: Rotulo("Correo", "correo", "@"),
    Red.MANUAL: Rotulo("A mano", "manual", "M"),
}
ESTADOS = {
    Estado.PROGRAMADA: Rotulo("Programada", "calma", "◷"),
    Estado.TOMADA: Rotulo("Preparándose", "curso", "▸"),
    Estado.ENVIANDO: Rotulo("Enviándose", "curso", "▸"),
    Estado.PUBLICADA: Rotulo("Publicada", "bien", "✓"),
    Estado.EN_DUDA: Rotulo("En duda", "duda", "?"),
    Estado.DETENIDA: Rotulo("Detenida", "duda", "‖"),
    Estado.FALLIDA: Rotulo("Falló", "mal", "!"),
    Estado.CANCELADA: Rotulo("Cancelada", "apagado", "×"),
    Estado.RETIRADA: Rotulo("Retirada", "apagado", "↓"),
}
ESTADOS_PIEZA = {
    EstadoPieza.BORRADOR: Rotulo("Borrador", "apagado", "○"),
    EstadoPieza.EN_REVISION: Rotulo("Por aprobar", "duda", "◐"),
    EstadoPieza.DEVUELTA: Rotulo("Devuelta", "mal", "↩"),
    EstadoPieza.REVISADA: Rotulo("Revisada, por aprobar", "duda", "◑"),
    EstadoPieza.APROBADA: Rotulo("Aprobada", "bien", "●"),
    EstadoPieza.CANCELADA: Rotulo("Cancelada", "apagado", "×"),
    EstadoPieza.ARCHIVADA: Rotulo("Archivada", "apagado", "▫"),
}
DECISIONES = {
    Decision.ENVIADA: "La envió a revisión",
    Decision.REVISADA: "La revisó",
    Decision.APROBADA: "La aprobó",
    Decision.DEVUELTA: "La devolvió",
    Decision.ANULADA: "Su aprobación quedó anulada",
    Decision.JURIDICA: "Jurídica le dio su visto bueno",
}
EN_REDES = {
    "programada": "Programada",
    "publicada": "Publicada en todas sus redes",
    "publicada_parcial": "Publicada solo en una parte",
    "en_duda": "En duda en alguna red",
    "detenida": "Detenida en alguna red",
    "fallida": "Falló en todas sus redes",
    "cancelada": "Entregas canceladas",
    "retirada": "Retirada",
}
"""Lo que `cola.resumen` deduce de las entregas de una pieza."""
PAPELES = {
    Papel.SOLICITANTE: "Solicitante",
    Papel.REDACCION: "Redacción",
    Papel.DISENO: "Diseño",
    Papel.COMMUNITY: "Community manager",
    Papel.REVISION: "Revisión",
    Papel.JEFATURA: "Jefatura de prensa",
    Papel.JURIDICA: "Jurídica",
    Papel.CONSULTA: "Consulta",
    Papel.ADMINISTRACION: "Administración",
}
SUCESOS = {
    Suceso.SALIDA: Rotulo("Salió hacia la red", "calma", "↗"),
    Suceso.ACEPTADO: Rotulo("La red la aceptó", "bien", "✓"),
    Suceso.RECHAZADO: Rotulo("La red la rechazó", "mal", "!"),
    Suceso.NO_SALIO: Rotulo("No alcanzó a salir", "calma", "○"),
    Suceso.SIN_RESPUESTA: Rotulo("La red no respondió con claridad", "duda", "?"),
    Suceso.HALLADO: Rotulo("Se encontró en la cuenta", "bien", "✓"),
    Suceso.AUSENTE: Rotulo("Se miró la cuenta y no está", "calma", "○"),
    Suceso.NO_SE_PUDO_MIRAR: Rotulo("No se pudo mirar la cuenta", "duda", "?"),
    Suceso.RESCATADO: Rotulo("El motor se detuvo y otro la retomó", "duda", "↻"),
    Suceso.PERSONA: Rotulo("Decidió una persona", "calma", "☺"),
}

ENMIENDAS = {
    "retiro-pedida": Rotulo("Retiro por confirmar", "duda", "☞"),
    "retiro-lista": Rotulo("Se va a retirar", "curso", "▸"),
    "retiro-en_curso": Rotulo("Retirándose", "curso", "▸"),
    "retiro-en_duda": Rotulo("Se mirará si se retiró", "duda", "?"),
    "retiro-hecha": Rotulo("Retirada", "apagado", "↓"),
    "retiro-fallida": Rotulo("No se pudo retirar", "mal", "!"),
    "retiro-descartada": Rotulo("Retiro descartado", "apagado", "×"),
    "correccion-lista": Rotulo("Se va a corregir", "curso", "▸"),
    "correccion-en_curso": Rotulo("Corrigiéndose", "curso", "▸"),
    "correccion-en_duda": Rotulo("Se mirará si se corrigió", "duda", "?"),
    "correccion-hecha": Rotulo("Corregida", "bien", "✓"),
    "correccion-fallida": Rotulo("No se pudo corregir", "mal", "!"),
    "correccion-descartada": Rotulo("Corrección descartada", "apagado", "×"),
}


def rotulo_de_entrega(publicacion: Publicacion) -> Rotulo:
    """El estado de una entrega, con lo que la distingue de otras en el mismo estado."""
    return rotulo_de(
        publicacion.estado,
        red=publicacion.cuenta.red,
        requiere_persona=publicacion.requiere_persona,
        fallos=publicacion.fallos,
    )


def rotulo_de(estado: Estado, *, red: Red, requiere_persona: bool, fallos: int) -> Rotulo:
    """Lo mismo, de sus datos sueltos: para quien lee muchas sin traerlas enteras."""
    rotulo = ESTADOS[estado]
    if estado is Estado.EN_DUDA:
        if red is Red.MANUAL and requiere_persona:
            return Rotulo("Por entregar a mano", "duda", "☞")
        espera = "espera a una persona" if requiere_persona else "se está mirando"
        return Rotulo(f"En duda, {espera}", rotulo.tono, rotulo.signo)
    if estado is Estado.PROGRAMADA and fallos:
        return Rotulo("Se intentará de nuevo", "duda", "↻")
    return rotulo


def nombre_del_paso(paso: str) -> str:
    """El paso de una entrega en palabras; vacío si es el único que hay."""
    nombre, _, numero = paso.partition("-")
    if nombre == "segmento" and numero.isdigit():
        return f"parte {int(numero) + 1} del hilo"
    return {
        "comentar": "primer comentario",
        "retirar": "retiro",
        "corregir": "corrección",
    }.get(nombre, "")


def estado_de_cuenta(cuenta: Cuenta) -> Rotulo:
    """Si la cuenta entrega o no."""
    if not cuenta.activa:
        return Rotulo("Desactivada", "apagado", "×")
    if cuenta.pausada_por is not None:
        return Rotulo("En pausa", "duda", "‖")
    return Rotulo("Activa", "bien", "✓")


def instalar(app: Flask) -> None:
    """Da el catálogo a las plantillas."""
    app.jinja_env.globals.update(
        REDES=REDES,
        ESTADOS=ESTADOS,
        ESTADOS_PIEZA=ESTADOS_PIEZA,
        DECISIONES=DECISIONES,
        PAPELES=PAPELES,
        SUCESOS=SUCESOS,
        EN_REDES=EN_REDES,
        ENMIENDAS=ENMIENDAS,
        rotulo_de_entrega=rotulo_de_entrega,
        nombre_del_paso=nombre_del_paso,
        estado_de_cuenta=estado_de_cuenta,
    )
