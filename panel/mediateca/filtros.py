"""De la dirección al filtro: lo que no se entiende no filtra."""

from datetime import date
from typing import Any

from flask import request

from conectores.contrato import Clase
from piezas.busqueda import EstadoDerechos, Filtro

CLASES = {Clase.IMAGEN: "Imágenes", Clase.VIDEO: "Videos", Clase.GIF: "GIF animados"}
DERECHOS = {
    EstadoDerechos.FALTAN: "Falta autorización",
    EstadoDerechos.AL_DIA: "Autorizados",
    EstadoDerechos.SIN_PERSONAS: "Sin personas reconocibles",
}


def leer_filtro() -> Filtro:
    """El filtro de esta petición."""
    pedido = request.args
    clase, derechos = pedido.get("clase", ""), pedido.get("derechos", "")
    return Filtro(
        texto=pedido.get("q", "")[:200],
        evento=pedido.get("evento", "")[:200],
        responsable=pedido.get("responsable", "")[:200],
        desde=fecha_de(pedido.get("desde", "")),
        hasta=fecha_de(pedido.get("hasta", "")),
        clase=Clase(clase) if clase in set(Clase) else None,
        campania_id=pedido.get("campania", type=int),
        derechos=EstadoDerechos(derechos) if derechos in set(EstadoDerechos) else None,
        archivados=pedido.get("archivados") == "1",
    )


def en_direccion(filtro: Filtro) -> dict[str, Any]:
    """Los parámetros que vuelven a dar ese filtro; lo vacío no va."""
    todos: dict[str, Any] = {
        "q": filtro.texto,
        "evento": filtro.evento,
        "responsable": filtro.responsable,
        "desde": filtro.desde,
        "hasta": filtro.hasta,
        "clase": filtro.clase and filtro.clase.value,
        "campania": filtro.campania_id,
        "derechos": filtro.derechos and filtro.derechos.value,
        "archivados": "1" if filtro.archivados else None,
    }
    return {nombre: valor for nombre, valor in todos.items() if valor}


def fecha_de(texto: str) -> date | None:
    """`2026-12-01` → la fecha; lo demás, ninguna."""
    try:
        return date.fromisoformat(texto.strip())
    except ValueError:
        return None
