"""El obrero: lleva una toma por preparar, salir y publicar, sin tocar la base."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import structlog

from cola.cierres import Cierre
from cola.desenlaces import Avanza, Desenlace, Duda, Espera, Publicada, Rendida
from cola.publicaciones import Suceso
from cola.reintentos import (
    decidir,
    puede_llamar,
    tras_mirada_fallida,
    tras_mirar,
    tras_recibo,
)
from cola.salidas import Nota, Puerta, Salida
from cola.tomas import Credencial, Toma
from conectores.contrato import Conector, Envio, Listo, Recibo, Red
from conectores.errores import (
    ErrorDeConector,
    NoSalio,
    NoSePudoAnotar,
    PosibleDuplicado,
    SinRespuesta,
)
from publicador.buzon import Buzon
from publicador.puntos import punto
from publicador.reloj import desde_arranque

log = structlog.get_logger()
MOTIVO_MANUAL = (
    "Entrega manual: copie el texto, envíelo por su canal y confírmela con la fecha y la evidencia."
)


class PuertaCerrada(Exception):
    """La última puerta no dejó pasar; la entrega ya quedó donde corresponde."""


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
    ahora: Callable[[], datetime]
    azar: Random


class LibretaDeToma:
    """La libreta de un conector: cada línea es durable antes de seguir."""

    def __init__(self, toma: Toma, buzon: Buzon) -> None:
        self._toma = toma
        self._buzon = buzon
        self.notas: dict[str, str] = dict(toma.avance)

    def leer(self, clave: str) -> str | None:
        """Lo anotado, o `None`."""
        return self.notas.get(clave)

    def anotar(self, clave: str, valor: str) -> None:
        """Vuelve solo cuando la base lo guardó."""
        if self.notas.get(clave) == valor:
            return
        peticion = self._buzon.pedir(Nota(toma=self._toma, clave=clave, valor=valor))
        if peticion.respuesta is not True:
            raise PuertaCerrada
        self.notas[clave] = valor
        punto(f"anotado:{clave}")


class Entrega:
    """Una toma en manos de un obrero."""

    def __init__(self, toma: Toma, taller: Herramientas) -> None:
        self.toma = toma
        self.taller = taller
        self.libreta = LibretaDeToma(toma, taller.buzon)
        self.paso = toma.paso or "publicar"
        self.salida_en = toma.salida_en

    def llevar(self) -> None:
        """Hace todos los pasos que pueda y deja el desenlace en el buzón."""
        try:
            envio = self.taller.abrir(self.toma.sobre, self.toma.huella_sobre)
        except ErrorDeConector as error:
            self._cerrar(Rendida(error.mensaje), None, error.detalle)
            return
        try:
            if self.toma.es_mirada:
                self._mirar(envio)
            elif self.toma.credencial.red is Red.MANUAL:
                self._pedir_a_una_persona(envio)
            else:
                while self._un_paso(envio):
                    pass
        except PuertaCerrada:
            log.info("puerta_cerrada", publicacion=self.toma.id)
        except NoSePudoAnotar as error:
            espera = Espera(self.taller.ahora() + timedelta(seconds=5), error.mensaje)
            self._cerrar(espera, None)

    def _un_paso(self, envio: Envio) -> bool:
        """Prepara y publica un paso; `True` si falta otro."""
        salio = False
        punto("tomada")
        try:
            conector = self.taller.conector_de(self.toma.credencial)
            listo = conector.preparar(envio, self.libreta)
            punto("preparada")
            if isinstance(listo, Recibo):
                self._cerrar(Publicada(listo), None)
                return False
            self._pedir_salida(listo.paso.nombre, listo.paso.huella)
            punto("salida-anotada")
            salio = True
            recibo = self._llamar(conector, listo)
            punto("respondida")
        except ErrorDeConector as error:
            self._cerrar(
                self._decidir(error, salio=salio),
                _suceso(error) if salio or isinstance(error, PlazoVencido) else None,
                f"{type(error).__name__} {error.detalle}".strip(),
            )
            punto("cerrada")
            return False
        desenlace = tras_recibo(listo.paso.nombre, recibo)
        self._cerrar(desenlace, Suceso.ACEPTADO)
        punto("cerrada")
        if isinstance(desenlace, Avanza):
            self._recordar(desenlace)
            return True
        return False

    def _llamar(self, conector: Conector, listo: Listo) -> Recibo:
        try:
            recibo = conector.publicar(listo)
        except ErrorDeConector:
            raise
        except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            # Un defecto nuestro tras llamar a la red no dice que no haya salido.
            log.exception("defecto_en_conector", publicacion=self.toma.id)
            raise SinRespuesta(detalle=type(error).__name__) from error
        if not recibo.id_remoto or not recibo.url:
            raise SinRespuesta(detalle="respuesta sin id o sin dirección")
        return recibo

    def _pedir_salida(self, paso: str, huella: str) -> None:
        peticion = self.taller.buzon.pedir(Salida(toma=self.toma, paso=paso, huella=huella))
        if peticion.respuesta is not Puerta.ABIERTA:
            raise PuertaCerrada
        self.paso = paso
        self.salida_en = self.taller.ahora()
        pasado = timedelta(seconds=desde_arranque() - peticion.confirmada_en)
        if not puede_llamar(pasado):
            raise PlazoVencido

    def _decidir(self, error: ErrorDeConector, *, salio: bool) -> Desenlace:
        momento = self.toma.momento(self.paso, self.libreta.notas, self.salida_en)
        return decidir(
            error,
            momento,
            salio=salio,
            ahora=self.taller.ahora(),
            esperas=self.taller.esperas_duda,
            azar=self.taller.azar,
        )

    def _recordar(self, hecho: Avanza) -> None:
        self.libreta.notas[hecho.paso] = hecho.recibo.id_remoto
        self.libreta.notas[f"{hecho.paso}.url"] = hecho.recibo.url

    def _pedir_a_una_persona(self, envio: Envio) -> None:
        self._pedir_salida("publicar", self.toma.huella_sobre)
        self._cerrar(Duda(MOTIVO_MANUAL, None), None)

    def _mirar(self, envio: Envio) -> None:
        momento = self.toma.momento(self.paso, self.libreta.notas, self.salida_en)
        ya = self._recibo_anotado()
        if ya is not None:
            self._cerrar(Avanza(self.paso, ya), Suceso.HALLADO, "ya estaba anotado")
            return
        desde = self.toma.primera_salida_en or self.salida_en or self.taller.ahora()
        punto("mirando")
        try:
            conector = self.taller.conector_de(self.toma.credencial)
            hallazgo = conector.buscar(envio, self.libreta, self.paso, desde)
        except ErrorDeConector as error:
            duda = tras_mirada_fallida(
                error, fallos=self.toma.fallos, ahora=self.taller.ahora(), azar=self.taller.azar
            )
            self._cerrar(duda, Suceso.NO_SE_PUDO_MIRAR, type(error).__name__)
            return
        punto("mirada")
        ajenos = self.taller.ajenos(self.toma, [r.id_remoto for r in hallazgo.recibos])
        propios = [r for r in hallazgo.recibos if r.id_remoto not in ajenos]
        desenlace = tras_mirar(
            propios[0] if propios else None,
            momento,
            ahora=self.taller.ahora(),
            esperas=self.taller.esperas_duda,
        )
        suceso = Suceso.HALLADO if propios else Suceso.AUSENTE
        otros = tuple(r.id_remoto for r in propios[1:])
        self._cerrar(desenlace, suceso, ajenos=otros)

    def _recibo_anotado(self) -> Recibo | None:
        """El paso en duda ya había quedado anotado: el obrero murió después de saberlo."""
        id_remoto = self.libreta.notas.get(self.paso)
        url = self.libreta.notas.get(f"{self.paso}.url")
        if id_remoto is None or url is None:
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


_SUCESOS: Mapping[type[ErrorDeConector], Suceso] = {
    NoSalio: Suceso.NO_SALIO,
    PlazoVencido: Suceso.NO_SALIO,
    SinRespuesta: Suceso.SIN_RESPUESTA,
    PosibleDuplicado: Suceso.SIN_RESPUESTA,
}


def _suceso(error: ErrorDeConector) -> Suceso:
    return _SUCESOS.get(type(error), Suceso.RECHAZADO)
