"""El escenario: redes de ensayo y casa de la demostración, sembradas o reencontradas."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from cola.estados import Estado
from cola.programacion import mover
from cola.publicaciones import Publicacion
from piezas.personas import Papel
from piezas.usuarios import persona_por_correo
from piezas.versiones import Pieza
from publicador import reloj
from publicador.ajustes import Ajustes
from publicador.armado import Casa
from publicador.claves import leer_claves
from publicador.demo.carpeta import Carpeta, Marca
from publicador.demo.contenido import Contenido
from publicador.demo.oficina import bautizar
from publicador.demo.preparativos import ajustes_de_demo, puerto_o_libre
from publicador.demo.reloj_movible import RelojMovible
from publicador.demo.siembra import Siembra
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo
from publicador.preparacion import preparar

DEMORA: Final = timedelta(seconds=1)
"""Entre acabar de sembrar y la partida; la primera entrega sale unos segundos después."""
VIEJA: Final = timedelta(hours=6)
AL_VOLVER: Final = timedelta(seconds=12)
"""Entre una y otra de las entregas que se atrasaron mientras la demostración estuvo apagada."""
ANTES_DE_FALLAR: Final = timedelta(seconds=1.5)


class Escenario:
    """Todo lo de la demostración menos el motor y el panel, que los pone quien la corre."""

    def __init__(
        self,
        oficina: Ajustes,
        contenido: Contenido,
        carpeta: Carpeta,
        *,
        puerto_ensayo: int,
        puerto_panel: int,
        apurado: bool = False,
    ) -> None:
        self.contenido = contenido
        marca = carpeta.marca()
        # Las cuentas sembradas apuntan a un puerto: si el pedido no se puede, mejor el de antes.
        anterior = marca.puerto_ensayo if marca is not None else 0
        self.puerto_ensayo = puerto_o_libre(puerto_ensayo, anterior)
        self._oficina = oficina
        self._carpeta = carpeta
        self._puerto_panel = puerto_panel
        self._apurado = apurado
        self._reloj = RelojMovible()
        self._alarma: threading.Timer | None = None
        self.ensayo: Ensayo
        self.casa: Casa

    def abrir(
        self, *, de_nuevo: bool = False, avance: Callable[[int, int], None] = lambda _h, _t: None
    ) -> str:
        """Enciende las redes y siembra si hace falta. Devuelve por qué se sembró, o vacío."""
        porque = "Se pidió empezar de nuevo." if de_nuevo else self._por_que_sembrar()
        if not porque:
            self._montar()
            if not self._pendientes():
                self.cerrar()
                porque = "Lo de la demostración anterior ya salió todo."
        if porque:
            self._carpeta.vaciar()
            self._marcar(lista=False)
            self._montar()
            siembra = Siembra(self.casa, self.contenido, self._reloj, avance)
            demora = timedelta(0) if self._apurado else DEMORA
            siembra.sembrar(self.ensayo.url, demora=demora, apurado=self._apurado)
            self._marcar(lista=True)
        else:
            self._correr_atrasadas()
        self._preparar_la_duda()
        return porque

    def cerrar(self) -> None:
        """Apaga las redes y suelta la base."""
        if self._alarma is not None:
            self._alarma.cancel()
        self.ensayo.detener()
        self.casa.cerrar()

    def primera_salida(self) -> datetime | None:
        """Cuándo sale lo próximo de lo que se ve en vivo."""
        return min((vence for _, vence in self._pendientes()), default=None)

    def _por_que_sembrar(self) -> str:
        marca = self._carpeta.marca()
        if marca is None:
            return "Es la primera vez."
        if marca.huella != self.contenido.huella:
            return "El contenido de la demostración cambió."
        if marca.puerto_ensayo != self.puerto_ensayo:
            return "Las redes de ensayo cambiaron de puerto."
        if reloj.ahora() - marca.momento > VIEJA:
            return "La demostración anterior es de hace más de seis horas."
        return ""

    def _marcar(self, *, lista: bool) -> None:
        self._carpeta.marcar(
            Marca(
                huella=self.contenido.huella,
                puerto_ensayo=self.puerto_ensayo,
                sembrada_en=reloj.ahora().isoformat(),
                lista=lista,
            )
        )

    def _montar(self) -> None:
        mundo = Mundo(self._carpeta.ruta / "ensayo", ahora=self._reloj)
        bautizar(mundo, self.contenido)
        self.ensayo = Ensayo(mundo, self.puerto_ensayo).iniciar()
        ajustes = ajustes_de_demo(
            self._oficina,
            self._carpeta.ruta,
            ensayo=self.ensayo,
            puerto_panel=self._puerto_panel,
            apurado=self._apurado,
        )
        preparar(ajustes.base_datos, ajustes.datos)
        self.casa = Casa(ajustes, leer_claves(ajustes), ahora=self._reloj)

    # — lo que sale en vivo —

    def _pendientes(self) -> list[tuple[int, datetime]]:
        """(entrega, cuándo) de lo que se ve en vivo y no ha salido, en orden."""
        en_vivo = [p.titulo for p in self.contenido.piezas if p.cuando.es_en_vivo]
        with self.casa.lecturas() as sesion:
            return _programadas(sesion, en_vivo)

    def _correr_atrasadas(self) -> None:
        """Lo que se atrasó con la demostración apagada sale de a poco."""
        ahora = reloj.ahora()
        atrasadas = [id_ for id_, vence in self._pendientes() if vence <= ahora]
        correo = self.contenido.correo_de(Papel.COMMUNITY)
        for n, id_ in enumerate(atrasadas):
            with self.casa.sesiones.begin() as sesion:
                mover(
                    sesion,
                    id_,
                    para=ahora + DEMORA + (n + 1) * AL_VOLVER / 2,
                    quien=correo,
                    persona_id=persona_por_correo(sesion, correo).id,
                    ahora=ahora,
                )

    def _preparar_la_duda(self) -> None:
        """Poco antes de que salga la pieza escogida, la red se alista para cortar."""
        escogidas = [p.titulo for p in self.contenido.piezas if p.queda_en_duda]
        with self.casa.lecturas() as sesion:
            salidas = _programadas(sesion, escogidas)
        if not salidas:
            return
        falta = (salidas[0][1] - reloj.ahora() - ANTES_DE_FALLAR).total_seconds()
        if self._apurado or falta <= 0:
            self._cortar()
            return
        self._alarma = threading.Timer(falta, self._cortar)
        self._alarma.daemon = True
        self._alarma.start()

    def _cortar(self) -> None:
        self.ensayo.mundo.armar("x", "corta_despues", 1, llamada="publicar")


def _programadas(sesion: Session, titulos: Sequence[str]) -> list[tuple[int, datetime]]:
    consulta = (
        select(Publicacion.id, Publicacion.vence)
        .join(Pieza, Pieza.id == Publicacion.pieza_id)
        .where(Publicacion.estado == Estado.PROGRAMADA, Pieza.titulo.in_(titulos))
        .order_by(Publicacion.vence)
    )
    return [(fila.id, fila.vence) for fila in sesion.execute(consulta) if fila.vence is not None]
