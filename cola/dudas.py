"""Resolver a mano una duda: una persona miró la red y dice qué pasó."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cola.cuentas import Cuenta
from cola.direcciones_publicas import id_en
from cola.errores import NoSePuede
from cola.estados import Estado
from cola.filas import escribir_filas, leer_fila
from cola.publicaciones import Intento, Publicacion, Suceso
from cola.transiciones import Fila, adoptar, dar_por_no_salida
from conectores.contrato import Recibo
from piezas.bitacora import anotar


def resolver(
    sesion: Session,
    publicacion_id: int,
    *,
    salio: bool,
    url: str | None = None,
    reenviar: bool = False,
    quien: str,
    persona_id: int | None,
    ahora: datetime,
) -> None:
    """`salio` con su dirección → publicada; si no, fallida, o programada si `reenviar`."""
    fila = leer_fila(sesion, publicacion_id)
    if fila.estado is not Estado.EN_DUDA:
        raise NoSePuede(
            f"La publicación {publicacion_id} está «{fila.estado.value}»: no hay duda que resolver."
        )
    if salio:
        despues = adoptar(fila, _recibo(sesion, publicacion_id, url, quien), ahora=ahora)
    elif fila.hay_algo_publico and not reenviar:
        raise NoSePuede(
            "Una parte ya está en la red: no puede quedar como no publicada. "
            "Pegue su dirección, o reenvíela para completarla."
        )
    else:
        despues = dar_por_no_salida(fila, reenviar=reenviar, quien=quien, ahora=ahora)
    escribir_filas(sesion, [(fila, despues)])
    _dejar_constancia(sesion, fila, despues, quien=quien, persona_id=persona_id, ahora=ahora)


def adoptar_vista(
    sesion: Session,
    publicacion_id: int,
    *,
    id_remoto: str,
    url: str,
    momento: datetime | None,
    quien: str,
    persona_id: int | None,
    ahora: datetime,
) -> None:
    """Una persona reconoce la suya entre lo que se acaba de ver en la cuenta."""
    fila = leer_fila(sesion, publicacion_id)
    if fila.estado is not Estado.EN_DUDA:
        raise NoSePuede(
            f"La publicación {publicacion_id} está «{fila.estado.value}»: no hay duda que resolver."
        )
    cuenta_id = sesion.get_one(Publicacion, publicacion_id).cuenta_id
    if ids_ocupados(sesion, cuenta_id, [id_remoto], menos=publicacion_id):
        raise NoSePuede("Esa publicación ya es de otra entrega. Elija la de esta.")
    recibo = Recibo(id_remoto=id_remoto, url=url, aviso=f"Reconocida en la red por {quien}.")
    despues = adoptar(fila, recibo, ahora=ahora, momento=momento)
    escribir_filas(sesion, [(fila, despues)])
    _dejar_constancia(sesion, fila, despues, quien=quien, persona_id=persona_id, ahora=ahora)


def ids_ocupados(sesion: Session, cuenta_id: int, ids: Collection[str], *, menos: int) -> set[str]:
    """De esos ids de la red, los que ya son de otra entrega de la cuenta."""
    consulta = select(Publicacion.id_remoto).where(
        Publicacion.cuenta_id == cuenta_id,
        Publicacion.id_remoto.in_(ids),
        Publicacion.id != menos,
    )
    return {uno for uno in sesion.scalars(consulta) if uno is not None}


def _recibo(sesion: Session, publicacion_id: int, url: str | None, quien: str) -> Recibo:
    direccion = (url or "").strip()
    if not direccion.startswith(("https://", "http://")):
        raise NoSePuede("Pegue la dirección completa de la publicación (https://…).")
    publicacion = sesion.get_one(Publicacion, publicacion_id)
    cuenta = sesion.get_one(Cuenta, publicacion.cuenta_id)
    id_remoto = id_en(
        direccion,
        red=cuenta.red,
        identificador=cuenta.identificador,
        base_url=cuenta.base_url,
    )
    if id_remoto is None:
        raise NoSePuede(
            f"Esa dirección no parece de una publicación de {cuenta.red.value} en esta cuenta. "
            "Ábrala en la red y copie su dirección."
        )
    otra = sesion.scalar(
        select(Publicacion.id).where(
            Publicacion.cuenta_id == cuenta.id,
            Publicacion.id_remoto == id_remoto,
            Publicacion.id != publicacion_id,
        )
    )
    if otra is not None:
        raise NoSePuede(
            f"Esa dirección ya es de la entrega {otra}. Copie la de esta, o diga que no salió."
        )
    return Recibo(id_remoto=id_remoto, url=direccion, aviso=f"Confirmada a mano por {quien}.")


def _dejar_constancia(
    sesion: Session,
    fila: Fila,
    despues: Fila,
    *,
    quien: str,
    persona_id: int | None,
    ahora: datetime,
) -> None:
    sesion.add(
        Intento(
            publicacion_id=fila.id,
            ficha=despues.ficha,
            paso=fila.paso or "publicar",
            suceso=Suceso.PERSONA,
            en=ahora,
            id_remoto=despues.id_remoto,
            detalle=f"{quien} resolvió: {despues.estado.value}",
        )
    )
    anotar(
        sesion,
        "resolver_duda",
        quien=quien,
        persona_id=persona_id,
        ahora=ahora,
        objeto="publicacion",
        objeto_id=fila.id,
        de=fila.estado,
        a=despues.estado,
        motivo=despues.url,
    )
