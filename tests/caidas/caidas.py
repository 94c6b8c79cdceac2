"""La matriz de caídas: matar el proceso en cada punto de cada clase de entrega, y volver.

Los puntos no se escriben a mano: se corre cada clase una vez sin matar a nadie y se anotan todos
los que pasó, dentro del proceso y en la red. Cada uno es una celda.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue

from publicador.ensayo.averias import IRREVOCABLES
from publicador.ensayo.servidor import Ensayo
from tests.caidas.bulto import Vivero
from tests.caidas.caso import Caso
from tests.caidas.celdas import Celda, Muerte, Resultado, final_declarado
from tests.caidas.clases import CLASES, LARGO, Clase
from tests.caidas.verdugo import Golpe, MundoVerdugo

A_LA_VEZ = 6
MUERTO = -9


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
