"""La matriz de caídas: matar el proceso en cada punto de cada clase de entrega, y volver.

Los puntos no se escriben a mano: se corre cada clase una vez sin matar a nadie y se anotan todos
los que pasó, dentro del proceso y en la red. Cada uno es una celda.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue

from conectores.contrato import Red
from publicador.ensayo.ajustes_red import ajustar
from publicador.ensayo.averias import IRREVOCABLES
from publicador.ensayo.servidor import Ensayo
from tests.caidas import hijo, mutantes
from tests.caidas.bulto import CLASES, LARGO, Clase, Vivero, abrir
from tests.caidas.cotejo import Cotejo, cotejar
from tests.caidas.verdugo import Golpe, MundoVerdugo

A_LA_VEZ = 6
MUERTO = -9


class Final(StrEnum):
    """Cómo debe acabar una entrega a la que le mataron el motor."""

    PUBLICADA = "publicada"
    PERSONA = "una persona"
    """En duda, ya sin miradas; la persona ordena reenviar y entonces sale."""
    SIN_COMENTARIO = "sin comentario"
    """Publicada, con el aviso de que el primer comentario no se pudo confirmar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Muerte:
    """Dónde muere un proceso: en un punto suyo o al llegarle una llamada a la red."""

    punto: str | None = None
    vez: int = 1
    golpe: Golpe | None = None

    @property
    def que(self) -> str:
        """El punto, sin decir en qué pasada."""
        if self.golpe is not None:
            return f"red: {self.golpe.llamada} · {self.golpe.modo}"
        return str(self.punto)

    @property
    def vez_total(self) -> int:
        """En qué pasada."""
        return self.vez if self.golpe is None else self.golpe.vez

    @property
    def es_delicada(self) -> bool:
        """Si está alrededor de una llamada sin vuelta atrás."""
        if self.golpe is not None:
            return self.golpe.llamada in IRREVOCABLES
        return "salida" in self.que or "llamada" in self.que or self.que == "respondida"

    def __str__(self) -> str:
        return f"{self.que} #{self.vez_total}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Celda:
    """Una clase, la falla que la red tenía pedida (o ninguna) y las muertes, en orden."""

    clase: Clase
    muertes: tuple[Muerte, ...]
    falla: tuple[str, str] | None = None
    """(llamada, falla): deja la entrega en duda antes de la muerte."""
    mutante: str = ""
    """Un motor mal hecho a propósito, para ver que la matriz lo descubre."""

    @property
    def nombre(self) -> str:
        falla = f" [{self.falla[1]} en {self.falla[0]}]" if self.falla else ""
        muertes = ", ".join(map(str, self.muertes)) or "ninguna"
        return f"{self.clase.red.value} · {self.clase.nombre}{falla} ← {muertes}"


@dataclass(slots=True, kw_only=True)
class Resultado:
    """Lo que pasó en una celda."""

    celda: Celda
    esperado: Final
    faltas: list[str] = field(default_factory=list)


# Entre anotar la salida y que la red tenga la petición entera: salida hay, publicación no.
_SIN_SALIR = frozenset(
    {
        "base: salida · confirmada",
        "salida-anotada",
        "llamada sin vuelta atrás · conectado, nada enviado",
        "llamada sin vuelta atrás · a medio enviar",
    }
)


def final_declarado(celda: Celda) -> Final:
    """Facebook no deja comprobar que repetir es inocuo: ahí decide una persona."""
    ausente = celda.falla is not None and celda.falla[1] == "corta_antes"
    en_el_aire = any(_no_llego(muerte) for muerte in celda.muertes)
    if celda.clase.red is not Red.FACEBOOK:
        # Se reenvía sola una vez; la segunda vez que no aparece, decide una persona.
        return Final.PERSONA if ausente and en_el_aire else Final.PUBLICADA
    if not ausente and not en_el_aire:
        return Final.PUBLICADA
    return Final.SIN_COMENTARIO if _era_el_comentario(celda, ausente) else Final.PERSONA


def _no_llego(muerte: Muerte) -> bool:
    if muerte.golpe is not None:
        return muerte.golpe.llamada in IRREVOCABLES and muerte.golpe.modo == "recibida"
    return muerte.punto in _SIN_SALIR


def _era_el_comentario(celda: Celda, ausente: bool) -> bool:
    if ausente and celda.falla is not None:
        return celda.falla[0] == "comentar"
    muerte = next(m for m in celda.muertes if _no_llego(m))
    return muerte.vez == 2 if muerte.golpe is None else muerte.golpe.llamada == "comentar"


Avisar = Callable[[Resultado], None]


class Matriz:
    """Corre las celdas, varias a la vez, cada una con su red, su base y su proceso."""

    def __init__(self, carpeta: Path) -> None:
        self._carpeta = carpeta
        self._vivero = Vivero(carpeta / "vivero")
        self._numero = iter(range(1_000_000))
        self._redes: SimpleQueue[tuple[MundoVerdugo, Ensayo]] = SimpleQueue()
        self._pila = ExitStack()

    def __enter__(self) -> "Matriz":
        # Se hacen de una en una: armar varias aplicaciones a la vez rompe `ast.parse` en 3.11.
        for _ in range(A_LA_VEZ):
            mundo = MundoVerdugo()
            ensayo = self._pila.enter_context(Ensayo(mundo, puerto_correo=None))
            self._redes.put((mundo, ensayo))
        return self

    def __exit__(self, *_: object) -> None:
        self._pila.close()

    def celdas(self, clases: Sequence[Clase] = CLASES, *, todas: bool = False) -> list[Celda]:
        """Las celdas de esas clases: un ensayo sin muertes por clase dice cuáles son.

        Sin `todas`, de lo que se repite igual (subir cuatro imágenes) quedan la primera pasada, la
        segunda y la última, y lo que pasa tras una duda se prueba solo en las clases distintas.
        """
        with ThreadPoolExecutor(A_LA_VEZ) as manos:
            camino = manos.map(lambda clase: self._celdas_de(clase, todas), clases)
            return [celda for celdas in camino for celda in celdas]

    def correr(self, celdas: Iterable[Celda], avisar: Avisar = lambda _: None) -> list[Resultado]:
        """El resultado de cada celda, en su orden."""

        def una(celda: Celda) -> Resultado:
            hecho = self.correr_una(celda)
            avisar(hecho)
            return hecho

        with ThreadPoolExecutor(A_LA_VEZ) as manos:
            return list(manos.map(una, celdas))

    def correr_una(self, celda: Celda) -> Resultado:
        """Mata, vuelve, espera y coteja."""
        hecho = Resultado(celda=celda, esperado=final_declarado(celda))
        with self._caso(celda) as caso:
            for muerte in celda.muertes:
                if (codigo := caso.vivir(muerte)) != MUERTO:
                    hecho.faltas.append(f"no murió en {muerte}: terminó con {codigo}")
            if (codigo := caso.vivir()) != 0:
                hecho.faltas.append(f"al volver terminó con {codigo}: {caso.registro()}")
            hecho.faltas += caso.juzgar(hecho.esperado)
        return hecho

    def _celdas_de(self, clase: Clase, todas: bool) -> list[Celda]:
        puntos, golpes = self._camino(clase, None)
        muertes = [*puntos, *golpes]
        celdas = [
            Celda(clase=clase, muertes=(muerte,))
            for muerte in (muertes if todas else _sin_iguales(clase, muertes))
        ]
        if not todas and clase.parecida:
            return celdas
        llamada = "comentar" if "primer_comentario" in clase.campos else "publicar"
        # Lo que se decide cuando no está no depende de las fotos ni de los segmentos.
        sencilla = todas or (len(clase.texto) < len(LARGO) and clase.imagenes < 3)
        for falla in ("corta_despues", "corta_antes") if sencilla else ("corta_despues",):
            pedida = (llamada, falla)
            celdas += [
                Celda(clase=clase, muertes=(muerte,), falla=pedida)
                for muerte in self._tras_la_duda(clase, pedida)
            ]
        return [*celdas, *_rescates(clase)]

    def _tras_la_duda(self, clase: Clase, falla: tuple[str, str]) -> list[Muerte]:
        """De la primera mirada a que se cierre lo que ella decidió; después todo es igual."""
        puntos, golpes = self._camino(clase, falla)
        miradas = [i for i, m in enumerate(puntos) if "para mirar" in str(m.punto)]
        if not miradas:
            raise AssertionError(f"{clase}: {falla} no la dejó en duda: {list(map(str, puntos))}")
        cierres = [i for i, m in enumerate(puntos) if m.que == "base: cierre · confirmada"]
        hasta = next((i for i in cierres if i > miradas[-1]), len(puntos))
        leidas = [g for g in golpes if g.golpe is not None and g.golpe.llamada == "leer"]
        return [*puntos[miradas[0] : hasta + 1], *leidas[-2:]]

    def _camino(
        self, clase: Clase, falla: tuple[str, str] | None
    ) -> tuple[list[Muerte], list[Muerte]]:
        """Los puntos y las llamadas por los que pasa una entrega a la que nadie mata."""
        celda = Celda(clase=clase, muertes=(), falla=falla)
        with self._caso(celda) as caso:
            if (codigo := caso.vivir()) != 0:
                raise AssertionError(f"{celda.nombre} terminó con {codigo}: {caso.registro()}")
            puntos, llamadas = caso.puntos, caso.llamadas
            if faltas := caso.juzgar(final_declarado(celda)):
                raise AssertionError(f"{celda.nombre}: {faltas}")
        return _con_vez(puntos), [
            Muerte(golpe=Golpe(llamada=llamada, vez=vez, modo=modo))
            for llamada, vez in _numerar(llamadas)
            for modo in _modos(llamada)
        ]

    @contextmanager
    def _caso(self, celda: Celda) -> Iterator["Caso"]:
        mundo, ensayo = self._redes.get()
        lugar = self._carpeta / f"caso-{next(self._numero)}"
        try:
            with Caso(celda, self._vivero, lugar, mundo, ensayo.url) as caso:
                yield caso
        finally:
            self._redes.put((mundo, ensayo))


def _modos(llamada: str) -> tuple[str, ...]:
    if llamada in IRREVOCABLES:
        return ("recibida", "tarde", "aceptada")
    return ("recibida",) if llamada == "leer" else ("recibida", "aceptada")


def _numerar(nombres: Iterable[str]) -> list[tuple[str, int]]:
    veces: Counter[str] = Counter()
    numeradas = []
    for nombre in nombres:
        veces[nombre] += 1
        numeradas.append((nombre, veces[nombre]))
    return numeradas


def _sin_iguales(clase: Clase, muertes: Sequence[Muerte]) -> list[Muerte]:
    """Quita pasadas intermedias de lo repetible; de lo que no tiene vuelta atrás, ninguna."""
    if clase.igual_hasta_salir:
        return [muerte for muerte in muertes if muerte.es_delicada]
    ultima: dict[str, int] = {}
    for muerte in muertes:
        ultima[muerte.que] = max(ultima.get(muerte.que, 0), muerte.vez_total)
    return [
        muerte
        for muerte in muertes
        if muerte.es_delicada or muerte.vez_total in {1, 2, ultima[muerte.que]}
    ]


def _con_vez(puntos: Iterable[str]) -> list[Muerte]:
    # `anotado:medio…` es el mismo instante que «base: nota · confirmada», visto por el obrero.
    pasos = (punto for punto in puntos if not punto.startswith("anotado:medio"))
    return [Muerte(punto=punto, vez=vez) for punto, vez in _numerar(pasos)]


def _rescates(clase: Clase) -> list[Celda]:
    """Muere enviando, y el que viene a rescatar muere también."""
    primeras = (
        Muerte(golpe=Golpe(llamada="publicar", modo="aceptada")),
        Muerte(punto="preparada"),
    )
    segundas = ("fila cambiada, libro sin escribir", "sin confirmar", "confirmada")
    return [
        Celda(clase=clase, muertes=(primera, Muerte(punto=f"base: rescate · {segunda}")))
        for primera in primeras
        for segunda in segundas
    ]


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
