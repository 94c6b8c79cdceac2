"""Un caso de la matriz de caídas: una red, una casa y los procesos que la habitan."""

import shutil
from pathlib import Path

from publicador.ensayo.ajustes_red import ajustar
from tests.caidas import hijo, mutantes
from tests.caidas.bulto import Vivero, abrir
from tests.caidas.celdas import Celda, Final, Muerte
from tests.caidas.cotejo import Cotejo, cotejar
from tests.caidas.verdugo import MundoVerdugo


class Caso:
    """Una red de ensayo, una casa y los procesos que la habitan uno tras otro."""

    def __init__(
        self, celda: Celda, vivero: Vivero, lugar: Path, mundo: MundoVerdugo, url: str
    ) -> None:
        self._celda, self._lugar, self.mundo = celda, lugar, mundo
        self.puntos: list[str] = []
        self.llamadas: list[str] = []
        mundo.apuntar(None)
        mundo.reiniciar()
        ajustar(mundo, "facebook", procesa_video_s=0)
        if celda.falla is not None:
            llamada, falla = celda.falla
            mundo.armar(celda.clase.red.value, falla, 1, llamada=llamada)
        self.entorno = vivero.copia(celda.clase, lugar, url)
        self.entorno[mutantes.VARIABLE] = celda.mutante
        self.casa = abrir(self.entorno)

    def __enter__(self) -> "Caso":
        return self

    def __exit__(self, *_: object) -> None:
        self.casa.cerrar()
        shutil.rmtree(self._lugar, ignore_errors=True)

    def vivir(self, muerte: Muerte | None = None) -> int:
        """Un proceso del motor, de principio a fin o hasta su muerte."""
        muerte = muerte or Muerte()
        self.mundo.apuntar(muerte.golpe)
        diario = self._lugar / "diario"
        diario.write_text("")
        proceso = hijo.criar(hijo.correr_motor, self.entorno, str(diario), muerte.punto, muerte.vez)
        self.mundo.senalar(proceso.pid or 0)
        codigo = hijo.esperar(proceso)
        self.puntos = diario.read_text().splitlines()
        self.llamadas = list(self.mundo.llamadas)
        return codigo

    def registro(self) -> str:
        """El final de lo que dijeron los procesos."""
        return (self._lugar / "registro.txt").read_text()[-1500:]

    def juzgar(self, esperado: Final) -> list[str]:
        """Las faltas de esta celda; si tocaba, primero decide una persona."""
        faltas: list[str] = []
        if esperado is Final.PERSONA:
            faltas += self._decidir()
        visto = self._cotejar(con_comentario=esperado is not Final.SIN_COMENTARIO)
        (entrega,) = visto.entregas
        if not entrega.es_publicada:
            faltas.append(f"quedó {entrega.fila.estado}: {entrega.fila.motivo}")
        if esperado is Final.SIN_COMENTARIO and not entrega.fila.motivo:
            faltas.append("falta el comentario y nadie lo avisa")
        return faltas + visto.faltas

    def _decidir(self) -> list[str]:
        """Una persona mira, no la ve, y ordena reenviar por la línea de órdenes."""
        visto = self._cotejar()
        (entrega,) = visto.entregas
        faltas = visto.faltas
        if not entrega.fila.requiere_persona or not entrega.fila.motivo:
            faltas.append(f"no espera a una persona: {entrega.fila.estado}")
        if len(entrega.en_la_red) >= len(entrega.envio.segmentos):
            faltas.append("está en la red y se le pide a una persona")
        orden = ["cola", "resolver", str(entrega.fila.id), "--no-salio", "--reenviar"]
        orden += ["--como", "guardia@prensa.example"]
        if (codigo := hijo.esperar(hijo.criar(hijo.correr_orden, self.entorno, orden))) != 0:
            faltas.append(f"la orden de resolver terminó con {codigo}: {self.registro()}")
        elif (codigo := self.vivir()) != 0:
            faltas.append(f"tras reenviar terminó con {codigo}")
        return faltas

    def _cotejar(self, *, con_comentario: bool = True) -> Cotejo:
        return cotejar(self.casa, self.mundo, con_comentario=con_comentario)
