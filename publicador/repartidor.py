"""Contar afuera lo que pasó: reparte cada hecho, lo entrega firmado y repite hasta que llegue.

Corre en un hilo de la agenda, nunca en los del motor, y con tiempo contado: un receptor lento u
hostil solo se hace esperar a sí mismo.
"""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session, joinedload, sessionmaker

from cola.avisos import ClaseAviso, avisar
from cola.avisos_web import AvisoWeb, EntregaWeb, Evento, SucesoWeb, contexto
from cola.credenciales import Caja, CredencialIlegible
from cola.publicaciones import Publicacion
from conectores.mensajero import FIRMA, Mensajero, firmar
from conectores.visitante import NoSeVisita
from piezas.versiones import Pieza, Version
from piezas.zona import en_bogota

log = structlog.get_logger()
CADA = timedelta(seconds=3)
ESPERAS = tuple(
    timedelta(seconds=s) for s in (30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
)
"""Tras cada fallo; cuando se acaban, ese aviso se deja."""
ARRIENDO = timedelta(minutes=1)
PACIENCIA = timedelta(days=2)
"""Lo que se espera a una dirección a la que nada le llega, antes de desactivarla."""
SE_GUARDA = timedelta(days=30)
POR_VUELTA, VUELTA_S = 50, 15.0


class Repartidor:
    """De los hechos a las direcciones."""

    def __init__(
        self,
        *,
        sesiones: sessionmaker[Session],
        caja: Caja,
        mensajero: Mensajero,
        ahora: Callable[[], datetime],
    ) -> None:
        self._sesiones = sesiones
        self._caja = caja
        self._mensajero = mensajero
        self._ahora = ahora

    def repartir(self) -> int:
        """Una vuelta: escribe lo que falta y entrega lo que toca. Devuelve cuántas llegaron."""
        if not self._hay_algo():
            return 0
        with self._sesiones.begin() as sesion:
            _escribir(sesion, self._ahora())
        llegaron, limite = 0, time.monotonic() + VUELTA_S
        caidas: set[int] = set()
        for entrega_id, aviso_id in self._que_tocan():
            if time.monotonic() > limite:
                break
            if aviso_id in caidas or not self._tomar(entrega_id):
                continue
            if self._entregar(entrega_id):
                llegaron += 1
            else:
                caidas.add(aviso_id)
        return llegaron

    def _hay_algo(self) -> bool:
        """Mirar no pide el turno de escribir: casi siempre no hay nada."""
        with self._sesiones() as sesion:
            por_repartir = exists().where(~SucesoWeb.repartido)
            tocan = exists().where(EntregaWeb.proxima_en <= self._ahora())
            return bool(sesion.scalar(select(por_repartir | tocan)))

    def _que_tocan(self) -> list[tuple[int, int]]:
        consulta = (
            select(EntregaWeb.id, EntregaWeb.aviso_id)
            .join(AvisoWeb)
            .where(EntregaWeb.proxima_en <= self._ahora(), AvisoWeb.activo)
            .order_by(EntregaWeb.proxima_en, EntregaWeb.id)
            .limit(POR_VUELTA)
        )
        with self._sesiones() as sesion:
            return [(fila.id, fila.aviso_id) for fila in sesion.execute(consulta)]

    def _tomar(self, entrega_id: int) -> bool:
        """Un solo repartidor por entrega, aunque haya varios motores."""
        ahora = self._ahora()
        turno = (
            update(EntregaWeb)
            .where(EntregaWeb.id == entrega_id, EntregaWeb.proxima_en <= ahora)
            .values(proxima_en=ahora + ARRIENDO)
            .returning(EntregaWeb.id)
        )
        with self._sesiones.begin() as sesion:
            return sesion.scalar(turno) is not None

    def _entregar(self, entrega_id: int) -> bool:
        with self._sesiones() as sesion:
            pedido = select(EntregaWeb).where(EntregaWeb.id == entrega_id)
            entrega = sesion.scalar(pedido.options(joinedload(EntregaWeb.aviso)))
            if entrega is None:
                return True  # la dirección se quitó entre tanto
            url, cuerpo = entrega.aviso.url, entrega.cuerpo.encode()
            try:
                secretos = self._secretos(entrega.aviso)
            except CredencialIlegible as error:
                secretos, falla = (), error.mensaje
        if secretos:
            falla = self._mandar(entrega_id, url, cuerpo, secretos)
        self._anotar(entrega_id, falla)
        return falla == ""

    def _mandar(self, entrega_id: int, url: str, cuerpo: bytes, secretos: tuple[str, ...]) -> str:
        """Por qué no llegó; vacío si llegó."""
        momento = int(self._ahora().timestamp())
        cabeceras = {
            "Content-Type": "application/json; charset=utf-8",
            FIRMA: firmar(secretos, momento, cuerpo),
            "X-Publicador-Entrega": str(entrega_id),
        }
        try:
            codigo = self._mensajero.entregar(url, cuerpo, cabeceras)
        except NoSeVisita as error:
            return error.mensaje
        return "" if 200 <= codigo < 300 else f"Respondió {codigo}."

    def _secretos(self, aviso: AvisoWeb) -> tuple[str, ...]:
        sellos = [aviso.secreto]
        hasta = aviso.anterior_hasta
        if aviso.anterior is not None and hasta is not None and self._ahora() < hasta:
            sellos.append(aviso.anterior)
        return tuple(self._caja.abrir(contexto(aviso.id), sello)["secreto"] for sello in sellos)

    def _anotar(self, entrega_id: int, falla: str) -> None:
        ahora = self._ahora()
        with self._sesiones.begin() as sesion:
            entrega = sesion.get(EntregaWeb, entrega_id)
            if entrega is None:
                return
            entrega.intentos += 1
            aviso = entrega.aviso
            if not falla:
                entrega.entregada_en, entrega.proxima_en = ahora, None
                entrega.respuesta, aviso.falla_desde = "Recibido.", None
                return
            entrega.respuesta = falla[:300]
            aviso.falla_desde = aviso.falla_desde or ahora
            seguira = entrega.intentos <= len(ESPERAS)
            entrega.proxima_en = ahora + ESPERAS[entrega.intentos - 1] if seguira else None
            if ahora - aviso.falla_desde >= PACIENCIA:
                _desactivar(sesion, aviso, falla, ahora)


def _desactivar(sesion: Session, aviso: AvisoWeb, falla: str, ahora: datetime) -> None:
    aviso.activo = False
    aviso.motivo = f"Nada le llegó en dos días. {falla}"
    avisar(
        sesion,
        ClaseAviso.AVISO_WEB,
        f"Se dejó de avisar a «{aviso.nombre}»: nada le llegó en dos días. Revise su dirección "
        "en Avisos web y vuelva a activarla.",
        ahora=ahora,
    )


def _escribir(sesion: Session, ahora: datetime) -> None:
    """De cada hecho sin repartir, una entrega por dirección que lo espera."""
    pendientes = (
        select(SucesoWeb)
        .where(~SucesoWeb.repartido)
        .order_by(SucesoWeb.id)
        .limit(200)
        .with_for_update(skip_locked=True)
    )
    activos = list(sesion.scalars(select(AvisoWeb).where(AvisoWeb.activo)))
    for suceso in sesion.scalars(pendientes):
        suceso.repartido = True
        quienes = [a for a in activos if _le_toca(a, suceso)]
        cuerpo = _cuerpo(sesion, suceso) if quienes else ""
        for aviso in quienes:
            sesion.add(
                EntregaWeb(aviso_id=aviso.id, suceso_id=suceso.id, cuerpo=cuerpo, proxima_en=ahora)
            )
    viejas = select(SucesoWeb.id).where(SucesoWeb.en < ahora - SE_GUARDA)
    terminada = EntregaWeb.proxima_en.is_(None)
    sesion.execute(delete(EntregaWeb).where(terminada, EntregaWeb.suceso_id.in_(viejas)))


def _le_toca(aviso: AvisoWeb, suceso: SucesoWeb) -> bool:
    if suceso.evento is Evento.PRUEBA:
        return suceso.objeto_id == aviso.id
    return suceso.evento.value in aviso.eventos.split()


def _cuerpo(sesion: Session, suceso: SucesoWeb) -> str:
    dato: dict[str, object] = {
        "id": suceso.id,
        "evento": suceso.evento.value,
        "en": en_bogota(suceso.en).isoformat(),
    }
    if suceso.evento in (Evento.PUBLICADA, Evento.DETENIDA):
        dato["entrega"] = _de_entrega(sesion.get_one(Publicacion, suceso.objeto_id))
    elif suceso.evento is Evento.APROBACION_PEDIDA:
        version = sesion.get_one(Version, suceso.objeto_id)
        pieza = sesion.get_one(Pieza, version.pieza_id)
        dato["pieza"] = {"id": pieza.id, "titulo": version.titulo, "version": version.numero}
    return json.dumps(dato, ensure_ascii=False)


def _de_entrega(p: Publicacion) -> dict[str, object]:
    """La misma forma de `cola ver --json`."""
    return {
        "id": p.id,
        "pieza_id": p.pieza_id,
        "pieza": p.pieza.titulo,
        "cuenta": p.cuenta.alias,
        "red": p.cuenta.red.value,
        "estado": p.estado.value,
        "programada_para": en_bogota(p.programada_para).isoformat(),
        "publicada_en": None if p.publicada_en is None else en_bogota(p.publicada_en).isoformat(),
        "id_remoto": p.id_remoto,
        "url": p.url,
        "intentos": p.intentos,
        "motivo": p.motivo,
    }
