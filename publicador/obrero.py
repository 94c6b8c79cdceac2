"""El obrero: lleva una toma por preparar, salir y publicar, sin tocar la base."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import structlog

from cola.cierres import Cierre
from cola.credenciales import CredencialIlegible
from cola.desenlaces import Avanza, Desenlace, Duda, Publicada
from cola.publicaciones import Suceso
from cola.reintentos import (
    PLAZO_DE_ENVIO,
    decidir,
    puede_llamar,
    tras_mirada_fallida,
    tras_mirar,
    tras_recibo,
)
from cola.salidas import Puerta, Salida
from cola.tomas import Credencial, Toma
from conectores.contrato import Conector, Envio, Listo, Recibo, Red
from conectores.errores import (
    ErrorDeConector,
    NoSalio,
    Pasajero,
    PosibleDuplicado,
    SinPermiso,
    SinRespuesta,
)
from conectores.http import turno_hasta
from publicador.buzon import Buzon
from publicador.libreta import LibretaDeToma, PuertaCerrada
from publicador.puntos import punto
from publicador.reloj import desde_arranque

log = structlog.get_logger()
MOTIVO_MANUAL = (
    "Entrega manual: copie el texto, envíelo por su canal y confírmela con la fecha y la evidencia."
)

MOTIVO_NO_ABRE = (
    "No se puede mirar si salió: el mensaje o un archivo guardado ya no es el que se aprobó. "
    "Mire la cuenta en la red y diga si salió (con su dirección) o no."
)
MOTIVO_DEFECTO = (
    "Hubo un defecto en el programa. Se intentará de nuevo; si se repite, avise a quien lo "
    "administra."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Herramientas:
    """Lo que comparten los obreros de un motor."""

    buzon: Buzon
    conector_de: Callable[[Credencial], Conector]
    """El conector de la cuenta para ESTE hilo."""
    abrir: Callable[[str, str], Envio]
    """(sobre, huella) → envío; lanza si el sobre o un archivo no es el aprobado."""
    ajenos: Callable[[Toma, list[str]], set[str]]
    """De los ids vistos en la red, los que son de otra entrega."""
    esperas_duda: tuple[float, ...]
    arriendo: timedelta
    ahora: Callable[[], datetime]
    azar: Random


class Entrega:
    """Una toma en manos de un obrero."""

    def __init__(self, toma: Toma, taller: Herramientas) -> None:
        self.toma = toma
        self.taller = taller
        self.libreta = LibretaDeToma(toma, taller.buzon)
        self.paso = toma.paso or "publicar"
        self.salida_en = toma.salida_en
        self.turno = desde_arranque() + taller.arriendo.total_seconds()
        self.plazo = self.turno
        self.salio = False
        """Si en este paso ya se pudo haber llamado a la red."""

    def llevar(self) -> None:
        """Hace todos los pasos que pueda y deja el desenlace en el buzón."""
        try:
            envio = self.taller.abrir(self.toma.sobre, self.toma.huella_sobre)
        except ErrorDeConector as error:
            self._no_abre(error)
            return
        try:
            if self.toma.es_mirada:
                self._mirar(envio)
            elif self.toma.credencial.red is Red.MANUAL:
                self._pedir_a_una_persona()
            else:
                while self._un_paso(envio):
                    pass
        except PuertaCerrada:
            log.info("puerta_cerrada", publicacion=self.toma.id)

    def abandonar(self, defecto: Exception) -> None:
        """La cierra tras un defecto nuestro: esperar el arriendo la haría girar sin fin."""
        detalle = type(defecto).__name__
        if self.toma.es_mirada:
            self._no_se_pudo_mirar(Pasajero(MOTIVO_DEFECTO, detalle=detalle))
        elif self.salio:
            self._fallo(SinRespuesta(detalle=detalle))
        else:
            self._fallo(Pasajero(MOTIVO_DEFECTO, detalle=detalle))

    def _no_abre(self, error: ErrorDeConector) -> None:
        if self.toma.es_mirada:
            self._cerrar(Duda(MOTIVO_NO_ABRE, None), Suceso.NO_SE_PUDO_MIRAR, error.detalle)
        else:
            self._fallo(error)

    def _un_paso(self, envio: Envio) -> bool:
        """Prepara y publica un paso; `True` si falta otro."""
        self.salio = False
        punto("tomada")
        try:
            conector = self._conector()
            with turno_hasta(self.turno):
                listo = conector.preparar(envio, self.libreta)
            punto("preparada")
            if isinstance(listo, Recibo):
                self._cerrar(Publicada(_comprobado(listo)), None)
                return False
            self._pedir_salida(listo.paso.nombre, listo.paso.huella)
            punto("salida-anotada")
            self.salio = True
            recibo = self._llamar(conector, listo)
            punto("respondida")
        except ErrorDeConector as error:
            self._fallo(error)
            punto("cerrada")
            return False
        desenlace = tras_recibo(listo.paso.nombre, recibo)
        self._cerrar(desenlace, Suceso.ACEPTADO)
        punto("cerrada")
        if isinstance(desenlace, Avanza):
            self._recordar(desenlace)
            return True
        return False

    def _conector(self) -> Conector:
        try:
            return self.taller.conector_de(self.toma.credencial)
        except CredencialIlegible as error:
            raise SinPermiso(error.mensaje) from error

    def _fallo(self, error: ErrorDeConector) -> None:
        suceso = _suceso(error) if self.salio or isinstance(error, PlazoVencido) else None
        detalle = f"{type(error).__name__} {error.detalle}".strip()
        self._cerrar(self._decidir(error), suceso, detalle)

    def _llamar(self, conector: Conector, listo: Listo) -> Recibo:
        try:
            with turno_hasta(self.plazo):
                return _comprobado(conector.publicar(listo))
        except ErrorDeConector:
            raise
        except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            # Un defecto nuestro tras llamar a la red no dice que no haya salido.
            log.exception("defecto_en_conector", publicacion=self.toma.id)
            raise SinRespuesta(detalle=type(error).__name__) from error

    def _pedir_salida(self, paso: str, huella: str) -> None:
        peticion = self.taller.buzon.pedir(Salida(toma=self.toma, paso=paso, huella=huella))
        if peticion.respuesta is not Puerta.ABIERTA:
            raise PuertaCerrada
        self.paso = paso
        self.salida_en = self.taller.ahora()
        # Anotar la salida renovó el arriendo; la llamada, en cambio, tiene un plazo más corto.
        self.turno = peticion.anotada_en + self.taller.arriendo.total_seconds()
        self.plazo = peticion.anotada_en + PLAZO_DE_ENVIO.total_seconds()
        pasado = timedelta(seconds=desde_arranque() - peticion.anotada_en)
        if not puede_llamar(pasado):
            raise PlazoVencido

    def _decidir(self, error: ErrorDeConector) -> Desenlace:
        momento = self.toma.momento(self.paso, self.libreta.notas, self.salida_en)
        return decidir(
            error,
            momento,
            salio=self.salio,
            ahora=self.taller.ahora(),
            esperas=self.taller.esperas_duda,
            azar=self.taller.azar,
        )

    def _recordar(self, hecho: Avanza) -> None:
        self.libreta.notas[hecho.paso] = hecho.recibo.id_remoto
        self.libreta.notas[f"{hecho.paso}.url"] = hecho.recibo.url

    def _pedir_a_una_persona(self) -> None:
        try:
            self._pedir_salida("publicar", self.toma.huella_sobre)
        except ErrorDeConector as error:
            self._fallo(error)
        else:
            self._cerrar(Duda(MOTIVO_MANUAL, None), None)

    def _mirar(self, envio: Envio) -> None:
        if self.toma.credencial.red is Red.MANUAL:
            # No hay red que mirar: el motor murió justo antes de pasársela a la persona.
            self._cerrar(Duda(MOTIVO_MANUAL, None), None)
            return
        momento = self.toma.momento(self.paso, self.libreta.notas, self.salida_en)
        ya = self._recibo_anotado()
        if ya is not None:
            self._cerrar(Avanza(self.paso, ya), Suceso.HALLADO, "ya estaba anotado")
            return
        desde = self.toma.primera_salida_en or self.salida_en or self.taller.ahora()
        punto("mirando")
        try:
            hallazgo = self._conector().buscar(envio, self.libreta, self.paso, desde)
        except ErrorDeConector as error:
            self._no_se_pudo_mirar(error)
            return
        punto("mirada")
        ajenos = self.taller.ajenos(self.toma, [r.id_remoto for r in hallazgo.recibos])
        propios = [_comprobado(r) for r in hallazgo.recibos if r.id_remoto not in ajenos]
        desenlace = tras_mirar(
            propios[0] if propios else None,
            momento,
            ahora=self.taller.ahora(),
            esperas=self.taller.esperas_duda,
        )
        suceso = Suceso.HALLADO if propios else Suceso.AUSENTE
        otros = tuple(r.id_remoto for r in propios[1:])
        self._cerrar(desenlace, suceso, ajenos=otros)

    def _no_se_pudo_mirar(self, error: ErrorDeConector) -> None:
        desenlace = tras_mirada_fallida(
            error, fallos=self.toma.fallos, ahora=self.taller.ahora(), azar=self.taller.azar
        )
        detalle = f"{type(error).__name__} {error.detalle}".strip()
        self._cerrar(desenlace, Suceso.NO_SE_PUDO_MIRAR, detalle)

    def _recibo_anotado(self) -> Recibo | None:
        """El paso en duda ya había quedado anotado: el obrero murió después de saberlo."""
        id_remoto = self.libreta.notas.get(self.paso)
        url = self.libreta.notas.get(f"{self.paso}.url")
        if not id_remoto or not url:
            return None
        return Recibo(id_remoto=id_remoto, url=url, completo=False)

    def _cerrar(
        self,
        desenlace: Desenlace,
        suceso: Suceso | None,
        detalle: str = "",
        ajenos: tuple[str, ...] = (),
    ) -> None:
        self.taller.buzon.entregar(
            Cierre(
                toma=self.toma,
                desenlace=desenlace,
                paso=self.paso,
                suceso=suceso,
                detalle=detalle,
                ajenos=ajenos,
            )
        )


class PlazoVencido(NoSalio):
    """Entre anotar la salida y llamar pasó demasiado: no se llamó."""

    mensaje = "El motor se demoró y no llamó a la red. Se intentará de nuevo."


def _comprobado(recibo: Recibo) -> Recibo:
    """El recibo, si de verdad dice qué salió; si no, la red no respondió con claridad."""
    for dato in (recibo.id_remoto, recibo.url):
        if not dato or not dato.isprintable():
            raise SinRespuesta(detalle="respuesta sin id o sin dirección que sirvan")
    return recibo


_SUCESOS: Mapping[type[ErrorDeConector], Suceso] = {
    NoSalio: Suceso.NO_SALIO,
    PlazoVencido: Suceso.NO_SALIO,
    SinRespuesta: Suceso.SIN_RESPUESTA,
    PosibleDuplicado: Suceso.SIN_RESPUESTA,
}


def _suceso(error: ErrorDeConector) -> Suceso:
    return _SUCESOS.get(type(error), Suceso.RECHAZADO)
