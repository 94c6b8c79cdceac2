"""Muchas entregas con fallas al azar y el motor muerto cada segundo: `-m tests.caidas.estres`."""

import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import click
from sqlalchemy import select

from cola.cuentas import Cuenta
from cola.estados import Estado
from cola.publicaciones import Publicacion
from publicador.armado import Casa
from publicador.ensayo.ajustes_red import ajustar
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo
from tests.caidas import hijo
from tests.caidas.bulto import abrir, crear_base, entorno_de, sembrar_muchas
from tests.caidas.cotejo import YA_ACABARON, Cotejo, Entrega, cotejar

LECTURA_S = 1.0
TARDANZA_S = 1.3
"""Más que la lectura: el motor se cansa de esperar y la red acepta después."""
ESPERAS = "2,4.5"
"""La última mirada va después del plazo de envío (2 s) más la mayor tardanza: nada llega luego."""
LATENCIA_S = 0.1
MUERTE_MEDIA_S = 1.0
PACIENCIA_S = 600.0

AL_HACER_PUBLICO: tuple[tuple[str, float, dict[str, Any]], ...] = (
    ("corta_antes", 0.05, {}),
    ("corta_despues", 0.06, {}),
    ("tarda", 0.04, {"segundos": TARDANZA_S}),
    ("error_500", 0.04, {}),
    ("error_500_aceptado", 0.04, {}),
    ("html_502", 0.02, {}),
    ("json_roto", 0.03, {}),
    ("exito_sin_id", 0.02, {}),
    ("demora_lectura", 0.03, {"segundos": 0.8}),
    ("limite_429", 0.01, {"segundos": 2}),
    ("duplicado", 0.005, {}),
)
"""`token_vencido` y `rechaza` no están: detienen la cuenta o la pieza hasta que alguien actúe."""
AL_LEER_Y_SUBIR = (("corta_antes", 0.01), ("error_500", 0.01), ("html_502", 0.01))


@dataclass(slots=True, kw_only=True)
class Informe:
    """Lo que dejó una corrida."""

    semilla: int
    entregas: int
    muertes: int = 0
    segundos: float = 0.0
    solas: int = 0
    """Publicadas sin que nadie interviniera."""
    antes: list[str] = field(default_factory=list)
    """Faltas al terminar las fallas, antes de que decida una persona."""
    despues: list[str] = field(default_factory=list)
    """Faltas después de que una persona decidió lo que esperaba por ella."""
    personas: Counter[str] = field(default_factory=Counter)
    publicadas: int = 0

    @property
    def faltas(self) -> list[str]:
        return [*self.antes, *self.despues]

    @property
    def renglones(self) -> list[str]:
        """Para leerlo."""
        dudas = ", ".join(f"{n} {red}" for red, n in sorted(self.personas.items())) or "ninguna"
        return [
            f"semilla {self.semilla}: {self.entregas} entregas, {self.muertes} muertes del motor, "
            f"{self.segundos:.0f} s",
            f"solas: {self.solas} ({self.solas / self.entregas:.1%}); a una persona: {dudas}",
            f"con la persona: {self.publicadas} publicadas una sola vez",
            *(f"MAL {falta}" for falta in self.faltas),
        ]


class MundoAdelantable(Mundo):
    """Un mundo cuyo reloj se puede adelantar junto con el del motor."""

    def __init__(self) -> None:
        self.adelanto = timedelta(0)
        super().__init__(ahora=lambda: datetime.now(UTC) + self.adelanto)


def estresar(carpeta: Path, *, entregas: int, semilla: int, base: str = "") -> Informe:
    """Una corrida completa: fallas y muertes, calma, cotejo, persona y cotejo final."""
    mundo = MundoAdelantable()
    empezo = time.monotonic()
    with Ensayo(mundo, puerto_correo=None) as ensayo:
        entorno = entorno_de(
            carpeta / "datos",
            ensayo.url,
            HILOS="16",
            ESPERA_LECTURA_S=str(LECTURA_S),
            DUDA_ESPERAS_S=ESPERAS,
            BASE_DATOS=base,
            TOLERANCIA_MIN="10080",
        )
        crear_base(entorno)
        casa = abrir(entorno)
        try:
            informe = Informe(
                semilla=semilla,
                entregas=sembrar_muchas(casa, entregas, ensayo_url=ensayo.url),
            )
            corrida = _Corrida(casa, mundo, entorno, informe, Random(semilla))
            corrida.de_principio_a_fin()
        finally:
            casa.cerrar()
    informe.segundos = time.monotonic() - empezo
    return informe


class _Corrida:
    def __init__(
        self,
        casa: Casa,
        mundo: MundoAdelantable,
        entorno: dict[str, str],
        informe: Informe,
        azar: Random,
    ) -> None:
        self._casa, self._mundo, self._entorno = casa, mundo, entorno
        self._informe, self._azar = informe, azar

    def de_principio_a_fin(self) -> None:
        """Tormenta, calma, y lo que decide una persona."""
        armar_al_azar(self._mundo, self._azar)
        self._tormenta()
        self._mundo.desarmar()
        self._mundo.latencia_s.clear()
        self._calma()
        visto = self._cotejar()
        self._informe.antes = visto.faltas
        self._informe.solas = sum(e.es_publicada for e in visto.entregas)
        for entrega in visto.entregas:
            if not entrega.es_publicada:
                self._informe.personas[entrega.envio.red.value] += 1
                self._decidir(entrega)
        self._calma()
        final = self._cotejar()
        self._informe.despues = final.faltas
        self._informe.publicadas = sum(e.es_publicada for e in final.entregas)

    def _tormenta(self) -> None:
        """El motor vive en promedio un segundo, hasta que no le quede nada que hacer solo."""
        limite = time.monotonic() + PACIENCIA_S
        while time.monotonic() < limite:
            proceso = self._motor()
            proceso.join(self._azar.expovariate(1 / MUERTE_MEDIA_S))
            if proceso.exitcode is None:
                proceso.kill()
                self._informe.muertes += 1
            codigo = hijo.esperar(proceso)
            if codigo == 0:
                return
            if codigo != -9:
                raise AssertionError(f"el motor terminó con {codigo}")
            self._adelantar()
        raise TimeoutError(f"semilla {self._informe.semilla}: no avanza: {self._cuenta()}")

    def _calma(self) -> None:
        """Sin fallas ni muertes, hasta que no quede nada que se resuelva solo."""
        limite = time.monotonic() + PACIENCIA_S
        while time.monotonic() < limite:
            proceso = self._motor()
            while proceso.exitcode is None and not self._solo_espera():
                proceso.join(0.3)
            proceso.terminate()
            if (codigo := hijo.esperar(proceso)) not in {0, -15}:
                raise AssertionError(f"el motor terminó con {codigo}")
            if not self._adelantar():
                return
        raise TimeoutError(f"semilla {self._informe.semilla}: no acaba: {self._cuenta()}")

    def _solo_espera(self) -> bool:
        """Nada en mano ni en duda: lo único que falta es que llegue la hora de reintentar."""
        proxima = self._proxima()
        return proxima is not None and proxima > self._mundo.ahora() + timedelta(seconds=1)

    def _adelantar(self) -> bool:
        """Si solo falta esperar, pasa el tiempo; con algo en duda no: se miraría antes de hora."""
        if not self._solo_espera():
            return False
        self._mundo.adelanto += (self._proxima() or self._mundo.ahora()) - self._mundo.ahora()
        return True

    def _proxima(self) -> datetime | None:
        with self._casa.lecturas() as sesion:
            filas = sesion.execute(
                select(Publicacion.estado, Publicacion.vence, Cuenta.libre_desde)
                .join(Cuenta)
                .where(
                    Publicacion.requiere_persona.is_(False),
                    Publicacion.estado.not_in(YA_ACABARON),
                )
            ).all()
        if any(fila.estado is not Estado.PROGRAMADA for fila in filas):
            return None
        return min((max(f.vence, f.libre_desde or f.vence) for f in filas), default=None)

    def _cuenta(self) -> dict[str, int]:
        with self._casa.lecturas() as sesion:
            return dict(Counter(sesion.scalars(select(Publicacion.estado))))

    def _motor(self) -> hijo.ForkServerProcess:
        """Uno nuevo, ya trabajando: su vida se cuenta desde ahí, que arrancar puede tardar."""
        adelanto = self._mundo.adelanto.total_seconds()
        proceso = hijo.criar(hijo.correr_motor, self._entorno, adelanto_s=adelanto)
        senal = self._casa.ajustes.datos / f"en-marcha-{proceso.pid}"
        limite = time.monotonic() + 30
        while not senal.exists() and proceso.exitcode is None and time.monotonic() < limite:
            time.sleep(0.01)
        return proceso

    def _decidir(self, entrega: Entrega) -> None:
        """Una persona mira el muro: si está, pega su dirección; si no, ordena reenviar."""
        fila = entrega.fila
        if fila.estado is Estado.EN_DUDA:
            vista = entrega.en_la_red[0].url if entrega.en_la_red else ""
            como = ["--salio", vista] if vista else ["--no-salio", "--reenviar"]
            orden = ["cola", "resolver", str(fila.id), *como]
        else:
            orden = ["cola", "reintentar", str(fila.id)]
        orden += ["--como", "guardia@prensa.example"]
        if (codigo := hijo.esperar(hijo.criar(hijo.correr_orden, self._entorno, orden))) != 0:
            self._informe.despues.append(f"{' '.join(orden)} terminó con {codigo}")

    def _cotejar(self) -> Cotejo:
        return cotejar(self._casa, self._mundo)


def armar_al_azar(mundo: Mundo, azar: Random, *, sin: frozenset[str] = frozenset()) -> None:
    """Las fallas de la tormenta, sin fin y con su probabilidad."""
    for falla, probabilidad, opciones in AL_HACER_PUBLICO:
        if falla in sin:
            continue
        mundo.armar(
            "*",
            falla,
            None,
            probabilidad=probabilidad,
            semilla=azar.randrange(10**9),
            **opciones,
        )
    for llamada in ("leer", "subir", "borrador"):
        for falla, probabilidad in AL_LEER_Y_SUBIR:
            mundo.armar(
                "*",
                falla,
                None,
                llamada=llamada,
                probabilidad=probabilidad,
                semilla=azar.randrange(10**9),
            )
    for red in ("facebook", "x", "wordpress"):
        mundo.latencia_s[red] = LATENCIA_S
    ajustar(mundo, "facebook", procesa_video_s=0)


@click.command()
@click.option("--entregas", default=300, show_default=True)
@click.option("--semilla", type=int, help="Para repetir una corrida; sin ella, una al azar.")
@click.option("--base", default="", help="Una base PostgreSQL vacía, en lugar de SQLite.")
def principal(entregas: int, semilla: int | None, base: str) -> None:
    """Entrega con fallas al azar y muertes cada segundo; coteja la tabla con las redes."""
    if semilla is None:
        semilla = SystemRandom().randrange(10**6)
    click.echo(f"semilla {semilla}")
    with tempfile.TemporaryDirectory(prefix="publicador-estres-") as carpeta:
        informe = estresar(Path(carpeta), entregas=entregas, semilla=semilla, base=base)
    for renglon in informe.renglones:
        click.echo(renglon)
    sys.exit(1 if informe.faltas else 0)


if __name__ == "__main__":
    principal()
