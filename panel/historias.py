"""La historia de una entrega en una frase: cuántas llamadas hubo y qué respondió la red."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from cola.publicaciones import Intento, Suceso
from panel.filtros import hace, plural
from panel.palabras import SUCESOS


def historias(sesion: Session, ids: Iterable[int]) -> dict[int, str]:
    """Por entrega; sin ella, todavía no ha pasado nada. Una sola consulta."""
    consulta = select(Intento).where(Intento.publicacion_id.in_(list(ids))).order_by(Intento.id)
    por_entrega: dict[int, list[Intento]] = {}
    for intento in sesion.scalars(consulta):
        por_entrega.setdefault(intento.publicacion_id, []).append(intento)
    return {numero: _frase(lineas) for numero, lineas in por_entrega.items()}


def _frase(lineas: list[Intento]) -> str:
    salidas = sum(linea.suceso is Suceso.SALIDA for linea in lineas)
    ultima = lineas[-1]
    palabra = SUCESOS[ultima.suceso].palabra
    que = f"{palabra[0].lower()}{palabra[1:]} {hace(ultima.en)}"
    if salidas <= 1:
        return f"{que[0].upper()}{que[1:]}."
    # Una imagen y su texto son dos llamadas de una sola publicación: no «salió dos veces».
    return f"{plural(salidas, 'llamada', 'llamadas')} a la red; lo último: {que}."
