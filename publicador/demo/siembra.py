"""Siembra: la demostración se puebla solo con los casos de uso de verdad.

Nada se escribe en las tablas a mano: redacción crea y envía, la jefatura aprueba o devuelve, y lo
que ya salió lo publicó el motor en las redes de ensayo, con el reloj puesto en su fecha.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from cola.carriles import cuenta_por_alias
from cola.programacion import aprobar_y_programar
from piezas.aprobacion import devolver, pedir_revision
from piezas.errores import NoCabe
from piezas.personas import Papel
from piezas.redaccion import Borrador, Destino, MedioElegido, crear_pieza
from piezas.usuarios import persona_por_correo
from publicador.armado import Casa
from publicador.demo.contenido import Contenido, PiezaDemo
from publicador.demo.ilustracion import Dibujante, ilustrar
from publicador.demo.oficina import abrir_oficina
from publicador.demo.reloj_movible import RelojMovible

APERTURA: Final = timedelta(days=45)
"""Hace cuánto empezó a trabajar la oficina."""
ANTES_CREAR: Final = timedelta(hours=50)
ANTES_ENVIAR: Final = timedelta(hours=26)
ANTES_DECIDIR: Final = timedelta(hours=20)
"""Con cuánta anticipación se crea, se envía y se decide cada pieza."""
ENTRE_PIEZAS: Final = timedelta(minutes=17)


@dataclass(frozen=True, slots=True)
class Hecho:
    """Algo que alguien hace en un momento."""

    en: datetime
    hacer: Callable[[], object]


class Siembra:
    """Puebla una casa recién creada y sus redes de ensayo."""

    def __init__(
        self,
        casa: Casa,
        contenido: Contenido,
        reloj: RelojMovible,
        avance: Callable[[int, int], None] = lambda _hechas, _total: None,
    ) -> None:
        """`avance`: se llama tras cada pieza, con cuántas van y cuántas son."""
        self._casa = casa
        self._contenido = contenido
        self._reloj = reloj
        self._avance = avance
        self._ids: dict[str, int] = {}
        self._medios: dict[str, tuple[MedioElegido, ...]] = {}
        self._redaccion = self._jefatura = 0
        self._dibujante = Dibujante(contenido.piezas)

    def sembrar(self, url_ensayo: str, *, demora: timedelta, apurado: bool = False) -> datetime:
        """Siembra todo y devuelve la partida: `demora` después de acabar lo que tarda.

        `apurado`: lo que saldría en vivo sale de una vez, y lo que quedará en duda, primero.
        """
        hoy = self._reloj()
        pasadas = [p for p in self._contenido.piezas if p.cuando.es_pasado]
        otras = [p for p in self._contenido.piezas if not p.cuando.es_pasado]
        try:
            self._reloj.poner(hoy - APERTURA)
            self._abrir(url_ensayo)
            self._vivir(h for p in pasadas for h in self._del_pasado(p, p.cuando.momento(hoy)))
            self._reloj.poner(hoy - ANTES_CREAR)
            for pieza in otras:
                self._ilustrar(pieza)
        finally:
            self._dibujante.soltar()
        # Lo que tardaba ya está: la hora de partida se fija ahora, y lo que falta es instantáneo.
        self._reloj.soltar()
        partida = self._reloj() + demora
        self._vivir(
            hecho
            for n, pieza in enumerate(otras)
            for hecho in self._del_presente(pieza, partida, n * ENTRE_PIEZAS, apurado=apurado)
        )
        self._reloj.soltar()
        return partida

    def _abrir(self, url_ensayo: str) -> None:
        with self._casa.sesiones.begin() as sesion:
            abrir_oficina(
                sesion,
                self._contenido,
                caja=self._casa.caja,
                url_ensayo=url_ensayo,
                ahora=self._reloj(),
            )
            correo_de = self._contenido.correo_de
            self._redaccion = persona_por_correo(sesion, correo_de(Papel.REDACCION)).id
            self._jefatura = persona_por_correo(sesion, correo_de(Papel.JEFATURA)).id

    # — los hechos, en su orden —

    def _vivir(self, hechos: Iterable[Hecho]) -> None:
        for hecho in sorted(hechos, key=lambda h: h.en):
            self._reloj.poner(hecho.en.astimezone(UTC))
            hecho.hacer()

    def _del_pasado(self, pieza: PiezaDemo, salida: datetime) -> Iterator[Hecho]:
        """Los de una pieza que ya salió."""
        yield Hecho(salida - ANTES_CREAR, partial(self._ilustrar, pieza))
        yield Hecho(salida - ANTES_CREAR, partial(self._crear, pieza, salida))
        yield Hecho(salida - ANTES_ENVIAR, partial(self._enviar, pieza))
        yield Hecho(salida - ANTES_DECIDIR, partial(self._aprobar, pieza))
        yield Hecho(salida, self._publicar)

    def _del_presente(
        self, pieza: PiezaDemo, partida: datetime, corrida: timedelta, *, apurado: bool
    ) -> Iterator[Hecho]:
        salida = pieza.cuando.momento(partida)
        if apurado and pieza.cuando.es_en_vivo:
            salida = partida + timedelta(seconds=0 if pieza.queda_en_duda else 1)
        pasos: dict[str, tuple[Callable[[PiezaDemo], None], ...]] = {
            "aprobada": (self._enviar, self._aprobar),
            "en_revision": (self._enviar,),
            "devuelta": (self._enviar, self._devolver),
            "rechazada": (self._enviar_incompleta,),
            "borrador": (),
        }
        yield Hecho(partida - ANTES_CREAR + corrida, partial(self._crear, pieza, salida))
        antes = (ANTES_ENVIAR, ANTES_DECIDIR)
        for paso, anticipo in zip(pasos[pieza.destino], antes, strict=False):
            yield Hecho(partida - anticipo + corrida, partial(paso, pieza))

    # — los casos de uso —

    def _ilustrar(self, pieza: PiezaDemo) -> None:
        redes = frozenset(self._contenido.cuenta(alias).red for alias in pieza.cuentas)
        self._medios[pieza.clave] = ilustrar(
            self._casa,
            pieza,
            redes,
            self._dibujante,
            por=self._redaccion,
            ahora=self._reloj(),
        )
        self._avance(len(self._medios), len(self._contenido.piezas))

    def _crear(self, pieza: PiezaDemo, salida: datetime) -> None:
        with self._casa.sesiones.begin() as sesion:
            cuentas = [cuenta_por_alias(sesion, alias) for alias in pieza.cuentas]
            borrador = Borrador(
                titulo=pieza.titulo,
                texto=pieza.texto,
                texto_facebook=pieza.texto_facebook,
                texto_x=pieza.texto_x,
                texto_wordpress=pieza.texto_wordpress,
                enlace=pieza.enlace,
                etiquetas=pieza.etiquetas,
                primer_comentario=pieza.primer_comentario,
                en_hilo=pieza.en_hilo,
                web=pieza.web,
                medios=self._medios[pieza.clave],
                destinos=tuple(
                    Destino(cuenta_id=c.id, red=c.red, alias=c.alias, programada_para=salida)
                    for c in cuentas
                ),
                campania=pieza.campania,
                dependencia=pieza.dependencia,
                actividad=pieza.actividad,
            )
            creada = crear_pieza(sesion, borrador, por=self._redaccion, ahora=self._reloj())
            self._ids[pieza.clave] = creada.id

    def _enviar(self, pieza: PiezaDemo) -> None:
        with self._casa.sesiones.begin() as sesion:
            pedir_revision(sesion, self._ids[pieza.clave], por=self._redaccion, ahora=self._reloj())

    def _enviar_incompleta(self, pieza: PiezaDemo) -> None:
        # Le falta el texto alternativo: el rechazo es el de verdad y la pieza sigue en borrador.
        with suppress(NoCabe):
            self._enviar(pieza)

    def _aprobar(self, pieza: PiezaDemo) -> None:
        with self._casa.sesiones.begin() as sesion:
            aprobar_y_programar(
                sesion,
                self._ids[pieza.clave],
                por=self._jefatura,
                ahora=self._reloj(),
                sello=self._casa.sello,
                almacen=self._casa.almacen,
                tolerancia=self._casa.reglas.tolerancia,
            )

    def _devolver(self, pieza: PiezaDemo) -> None:
        with self._casa.sesiones.begin() as sesion:
            devolver(
                sesion,
                self._ids[pieza.clave],
                motivo=pieza.motivo,
                por=self._jefatura,
                ahora=self._reloj(),
            )

    def _publicar(self) -> None:
        motor = self._casa.motor(hilos=3, vigila_reloj=False)
        motor.iniciar()
        try:
            motor.vaciar()
        finally:
            motor.detener()
