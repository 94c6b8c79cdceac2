"""El paso del motor que retira y corrige: toma una, la anota, llama una vez y guarda qué pasó."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cola import enmendar
from cola import enmiendas_pasos as pasos
from cola.credenciales import CredencialIlegible
from cola.cuentas import Cuenta
from cola.enmiendas import ClaseEnmienda, Enmienda, EstadoEnmienda
from cola.errores import ArriendoPerdido
from cola.estados import MotivoPausa
from cola.nota_correccion import con_nota
from cola.pausas import pausa_vigente
from cola.publicaciones import Suceso
from cola.reintentos import espera_tras, puede_llamar
from cola.salidas import Vigentes
from cola.tomas import Credencial
from conectores.contrato import Conector, Corrector, Envio, Red
from conectores.errores import (
    AunNo,
    ErrorDeConector,
    LimiteAlcanzado,
    MedioPerdido,
    NoSalio,
    Pasajero,
    PosibleDuplicado,
    SinRespuesta,
)
from publicador.duenos import ha_muerto
from publicador.encargos import Encargo, LibretaDurable, LibretaFija, encargo_de, linea
from publicador.puntos import punto
from publicador.reloj import desde_arranque

log = structlog.get_logger()
MIRADA = timedelta(seconds=90)
EN_PAUSA = timedelta(seconds=30)
_MUDOS = (SinRespuesta, PosibleDuplicado)
_PASAN = (NoSalio, Pasajero, LimiteAlcanzado, AunNo, MedioPerdido)


class Enmendador:
    """Lleva las enmiendas de a una; corre en la agenda del motor, aparte de las entregas."""

    def __init__(
        self,
        *,
        sesiones: sessionmaker[Session],
        conector_de: Callable[[Credencial], Conector],
        abrir: Callable[[str, str], Envio],
        vigentes: Vigentes,
        ahora: Callable[[], datetime],
        dueno: str,
        mirada: timedelta = MIRADA,
        azar: Random | None = None,
    ) -> None:
        self._sesiones = sesiones
        self._conector_de = conector_de
        self._abrir = abrir
        self._vigentes = vigentes
        self._ahora = ahora
        self._dueno = dueno
        self._mirada = mirada
        self._azar = azar or Random()  # noqa: S311 — solo reparte esperas

    def todas(self) -> int:
        """Lleva las que ya tocan; devuelve cuántas."""
        cuantas = 0
        while self.una():
            cuantas += 1
        return cuantas

    def una(self) -> bool:
        """Lleva una hasta donde se pueda; `False` si no había."""
        encargo = self._tomar()
        if encargo is None:
            return False
        punto("enmienda-tomada")
        try:
            self._llevar(encargo)
        except ArriendoPerdido:
            log.info("enmienda_de_otro", enmienda=encargo.id)
        except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as defecto:
            log.exception("defecto_en_enmienda", enmienda=encargo.id)
            self._tras_error(encargo, SinRespuesta(detalle=type(defecto).__name__))
        return True

    # — tomar —

    def _tomar(self) -> Encargo | None:
        ahora = self._ahora()
        with self._sesiones.begin() as sesion:
            self._rescatar(sesion, ahora)
            fila = sesion.scalar(
                select(Enmienda)
                .where(
                    Enmienda.estado.in_((EstadoEnmienda.LISTA, EstadoEnmienda.EN_DUDA)),
                    Enmienda.vence <= ahora,
                )
                .order_by(Enmienda.vence, Enmienda.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if fila is None:
                return None
            enmendar.poner(
                fila, pasos.tomar(enmendar.tramite_de(fila), dueno=self._dueno, ahora=ahora)
            )
            sesion.flush()
            return encargo_de(fila)

    def _rescatar(self, sesion: Session, ahora: datetime) -> None:
        curso = select(Enmienda).where(Enmienda.estado == EstadoEnmienda.EN_CURSO)
        for fila in sesion.scalars(curso.with_for_update(skip_locked=True)):
            vencida = fila.arriendo_hasta is not None and fila.arriendo_hasta <= ahora
            if vencida or ha_muerto(fila.arriendo_de or ""):
                tramite = pasos.rescatar(
                    enmendar.tramite_de(fila), ahora=ahora, mirar_en=ahora + self._mirada
                )
                enmendar.poner(fila, tramite)
        sesion.flush()

    # — llevar —

    def _llevar(self, encargo: Encargo) -> None:
        try:
            envio = self._envio(encargo)
            conector = self._conector_de(encargo.credencial)
        except (ErrorDeConector, CredencialIlegible) as error:
            self._pasar(encargo, pasos.rendirse, frase=error.mensaje)
            return
        if encargo.clase is ClaseEnmienda.RETIRO:
            self._retirar(encargo, conector, envio)
        else:
            self._corregir(encargo, conector, envio)

    def _envio(self, encargo: Encargo) -> Envio:
        envio = self._abrir(encargo.sobre, encargo.huella_sobre)
        if encargo.clase is ClaseEnmienda.RETIRO:
            return envio
        # La entrada sigue siendo la misma: conserva la clave con que se la reconoce.
        return replace(con_nota(envio, encargo.pedida_en), clave=encargo.clave)

    def _retirar(self, encargo: Encargo, conector: Conector, envio: Envio) -> None:
        pudo_salir = encargo.pudo_salir
        for numero, (paso, id_remoto) in enumerate(encargo.ids):
            if pudo_salir:
                esta = self._sigue_ahi(encargo, conector, envio, paso, id_remoto)
                if esta is None:
                    return
                pudo_salir = False
            else:
                esta = True
            # Facebook se mira por el texto: si alguien lo editó allá, «no está» no es prueba, y
            # borrar por su id lo que ya no está no hace daño.
            llama = esta or conector.red is Red.FACEBOOK
            if llama and not self._llamar(encargo, partial(conector.retirar, id_remoto)):
                return
            if numero + 1 < len(encargo.ids):
                self._pasar(encargo, pasos.una_parte)
        self._terminar(encargo, "Ya no está en la red")

    def _sigue_ahi(
        self, encargo: Encargo, conector: Conector, envio: Envio, paso: str, id_remoto: str
    ) -> bool | None:
        """Mira la red antes de repetir; `None` si no se pudo y hay que esperar."""
        punto("enmienda-mirando")
        try:
            hallazgo = conector.buscar(
                envio, LibretaFija(encargo.notas), paso, encargo.publicada_en
            )
        except ErrorDeConector as error:
            self._anotar(encargo, Suceso.NO_SE_PUDO_MIRAR, error.detalle)
            self._tras_error(encargo, SinRespuesta(error.mensaje, detalle=error.detalle))
            return None
        esta = any(recibo.id_remoto == id_remoto for recibo in hallazgo.recibos)
        self._anotar(encargo, Suceso.HALLADO if esta else Suceso.AUSENTE, "")
        return esta

    def _corregir(self, encargo: Encargo, conector: Conector, envio: Envio) -> None:
        if not isinstance(conector, Corrector):
            self._pasar(encargo, pasos.rendirse, frase="Esta red no deja corregir lo publicado.")
            return
        libreta = LibretaDurable(encargo.notas, partial(self._guardar_nota, encargo))
        # `corregir` lee la entrada antes de escribirla por su id, y repetirlo deja lo mismo.
        if self._llamar(encargo, lambda: conector.corregir(encargo.id_remoto, envio, libreta)):
            self._terminar(encargo, "La entrada quedó corregida en su misma dirección")

    def _llamar(self, encargo: Encargo, llamada: Callable[[], object]) -> bool:
        """Anota la salida, llama, y si algo pasa lo deja dicho; `True` si la red lo confirmó."""
        anotada_en = desde_arranque()
        if not self._marcar_salida(encargo):
            return False
        punto("enmienda-anotada")
        if not puede_llamar(timedelta(seconds=desde_arranque() - anotada_en)):
            self._tras_error(encargo, NoSalio())
            return False
        try:
            llamada()
        except ErrorDeConector as error:
            self._tras_error(encargo, error)
            return False
        punto("enmienda-respondida")
        return True

    def _marcar_salida(self, encargo: Encargo) -> bool:
        ahora = self._ahora()
        with self._sesiones.begin() as sesion:
            fila = enmendar.leer(sesion, encargo.id)
            tramite = enmendar.tramite_de(fila)
            salida = pasos.salir(tramite, ficha=encargo.ficha, ahora=ahora)
            if (frase := self._puerta(sesion, fila)) is not None:
                enmendar.poner(
                    fila,
                    pasos.aplazar(
                        tramite, ficha=encargo.ficha, hasta=ahora + EN_PAUSA, frase=frase
                    ),
                )
                return False
            if not self._aprobada(sesion, fila):
                frase = "La versión nueva perdió su aprobación. Apruébela y pida la corrección."
                enmendar.poner(fila, pasos.rendirse(tramite, ficha=encargo.ficha, frase=frase))
                return False
            enmendar.poner(fila, salida)
            sesion.add(linea(fila, Suceso.SALIDA, ahora, fila.huella_sobre or ""))
        return True

    def _puerta(self, sesion: Session, fila: Enmienda) -> str | None:
        """Por qué no se llama ahora. Un retiro sí se hace con la cola en pausa: quita, no pone."""
        cuenta = sesion.get_one(Cuenta, fila.publicacion.cuenta_id, populate_existing=True)
        if cuenta.pausada_por not in (None, MotivoPausa.PERSONA) or not cuenta.activa:
            return f"La cuenta no puede: {cuenta.pausada_motivo or 'está desactivada'}."
        if cuenta.libre_desde is not None and cuenta.libre_desde > self._ahora():
            return "La red pidió esperar."
        if fila.clase is ClaseEnmienda.RETIRO:
            return None
        if cuenta.pausada_por is not None or pausa_vigente(sesion) is not None:
            return "Todo está en pausa: la corrección espera."
        return None

    def _aprobada(self, sesion: Session, fila: Enmienda) -> bool:
        if fila.clase is ClaseEnmienda.RETIRO or fila.version_id is None:
            return True
        vigentes = self._vigentes(sesion, {fila.version_id}).get(fila.version_id, {})
        return vigentes.get(fila.publicacion.cuenta_id) == fila.huella_sobre

    # — guardar qué pasó —

    def _terminar(self, encargo: Encargo, detalle: str) -> None:
        with self._sesiones.begin() as sesion:
            fila = enmendar.leer(sesion, encargo.id)
            enmendar.poner(fila, pasos.hecha(enmendar.tramite_de(fila), ficha=encargo.ficha))
            enmendar.terminar(sesion, fila, quien="motor", ahora=self._ahora(), detalle=detalle)
        punto("enmienda-cerrada")

    def _tras_error(self, encargo: Encargo, error: ErrorDeConector) -> None:
        ahora = self._ahora()
        with self._sesiones.begin() as sesion:
            fila = enmendar.leer(sesion, encargo.id)
            tramite = enmendar.tramite_de(fila)
            tras = ahora + espera_tras(tramite.fallos + 1, self._azar)
            if isinstance(error, _MUDOS):
                mirar = max(ahora + self._mirada, tras)
                nuevo = pasos.dudar(
                    tramite, ficha=encargo.ficha, mirar_en=mirar, frase=error.mensaje
                )
                suceso = Suceso.SIN_RESPUESTA
            elif isinstance(error, _PASAN):
                hasta = max(tras, getattr(error, "hasta", None) or tras)
                nuevo = pasos.esperar(
                    tramite, ficha=encargo.ficha, hasta=hasta, frase=error.mensaje
                )
                suceso = Suceso.NO_SALIO
            else:
                nuevo = pasos.rendirse(tramite, ficha=encargo.ficha, frase=error.mensaje)
                suceso = Suceso.RECHAZADO
            enmendar.poner(fila, nuevo)
            sesion.add(linea(fila, suceso, ahora, "", error.detalle))

    def _pasar(self, encargo: Encargo, paso: Callable[..., pasos.Tramite], **datos: Any) -> None:
        with self._sesiones.begin() as sesion:
            fila = enmendar.leer(sesion, encargo.id)
            enmendar.poner(fila, paso(enmendar.tramite_de(fila), ficha=encargo.ficha, **datos))

    def _anotar(self, encargo: Encargo, suceso: Suceso, detalle: str) -> None:
        with self._sesiones.begin() as sesion:
            fila = enmendar.leer(sesion, encargo.id)
            sesion.add(linea(fila, suceso, self._ahora(), "", detalle))

    def _guardar_nota(self, encargo: Encargo, clave: str, valor: str) -> None:
        with self._sesiones.begin() as sesion:
            fila = enmendar.leer(sesion, encargo.id)
            if fila.ficha != encargo.ficha or fila.estado is not EstadoEnmienda.EN_CURSO:
                raise ArriendoPerdido
            notas = {**json.loads(fila.avance), clave: valor}
            fila.avance = json.dumps({k: v for k, v in notas.items() if v}, sort_keys=True)
