"""Un mundo pequeño, recorrido entero: dos motores que mueren, una red que acepta tarde y lee tarde.

Cada paso de la publicación lo da la función de transición real; el mundo solo pone el azar. Un
estado es un valor: se recorren todos, a lo ancho, y en cada uno se exigen los invariantes.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from cola import reintentos, transiciones
from cola.desenlaces import Publicada
from cola.errores import ArriendoPerdido
from cola.estados import Estado
from cola.reintentos import Momento
from cola.transiciones import Fila
from conectores.contrato import Recibo, Red
from conectores.errores import NoSalio, SinRespuesta

INICIO = datetime(2026, 12, 1, 12, tzinfo=UTC)
ARRIENDO = 3
ACEPTA_TARDE = 2
SE_LEE_TARDE = 1
PLAZO = 1


def en(segundo: float) -> datetime:
    return INICIO + timedelta(seconds=segundo)


@dataclass(frozen=True, slots=True)
class Mano:
    """Un motor con la entrega en la mano. `llamada`: el momento en que mandó la petición."""

    fase: str  # tomada · marcada · llamando · mirando
    ficha: int
    marcada: int = 0
    peticion: int | None = None
    visto: bool | None = None


@dataclass(frozen=True, slots=True)
class Peticion:
    """Algo que viaja hacia la red: la acepta antes de `limite`, o se pierde."""

    id: int
    limite: int
    aceptada: bool | None = None


@dataclass(frozen=True, slots=True)
class Mundo:
    t: int
    fila: Fila
    motores: tuple[Mano | None, Mano | None]
    peticiones: tuple[Peticion, ...] = ()
    visibles_desde: tuple[int, ...] = ()
    """Una por publicación que la red aceptó: cuándo se puede leer."""


@dataclass(frozen=True)
class Reglas:
    """Las reglas bajo prueba. Por omisión, las de verdad; un mutante cambia una."""

    esperas: tuple[float, ...] = (3.0, float(PLAZO + ACEPTA_TARDE + SE_LEE_TARDE))
    tras_llamada_muda: Callable[..., object] = reintentos.decidir
    rescatar: Callable[..., Fila] = transiciones.rescatar
    puede_llamar: Callable[[timedelta, timedelta], bool] = reintentos.puede_llamar
    red: Red = Red.X
    horizonte: int = 8


def inicial() -> Mundo:
    fila = Fila(id=1, estado=Estado.PROGRAMADA, programada_para=en(0), vence=en(0))
    return Mundo(t=0, fila=fila, motores=(None, None))


def _momento(fila: Fila, reglas: Reglas) -> Momento:
    return Momento(
        red=reglas.red,
        paso=fila.paso or "publicar",
        salida_en=fila.salida_en,
        fallos=fila.fallos,
        reenvios=fila.reenvios,
        miradas=fila.miradas,
        avance={},
    )


def _con(m: Mundo, quien: int, mano: Mano | None, **cambios: object) -> Mundo:
    motores = tuple(
        # Los dos motores son iguales: ordenarlos quita la mitad de los estados.
        sorted((mano if i == quien else otro for i, otro in enumerate(m.motores)), key=repr)
    )
    return replace(m, motores=motores, **cambios)  # type: ignore[arg-type]


def siguientes(m: Mundo, reglas: Reglas) -> Iterator[tuple[str, Mundo]]:
    yield from _tiempo(m, reglas)
    yield from _red(m)
    if m.fila.arriendo_hasta is not None and m.fila.arriendo_hasta <= en(m.t):
        fila = reglas.rescatar(m.fila, ahora=en(m.t), esperas=reglas.esperas)
        yield "rescatar", replace(m, fila=fila)
    for quien, mano in enumerate(m.motores):
        if mano is None:
            yield from _tomar(m, quien)
        else:
            yield f"muere {quien}", _con(m, quien, None)
            yield from _avanzar(m, quien, mano, reglas)


def _tiempo(m: Mundo, reglas: Reglas) -> Iterator[tuple[str, Mundo]]:
    # El reloj no pasa por encima de una petición sin decidir: su límite es una promesa.
    if m.t < reglas.horizonte and all(
        p.aceptada is not None or p.limite > m.t for p in m.peticiones
    ):
        yield "pasa un segundo", replace(m, t=m.t + 1)


def _red(m: Mundo) -> Iterator[tuple[str, Mundo]]:
    for i, p in enumerate(m.peticiones):
        if p.aceptada is None:
            resto = (*m.peticiones[:i], *m.peticiones[i + 1 :])
            si, no = replace(p, aceptada=True), replace(p, aceptada=False)
            visibles = (*m.visibles_desde, m.t + SE_LEE_TARDE)
            yield "la red acepta", replace(m, peticiones=(*resto, si), visibles_desde=visibles)
            yield "la red la pierde", replace(m, peticiones=(*resto, no))


def _tomar(m: Mundo, quien: int) -> Iterator[tuple[str, Mundo]]:
    fila, ahora = m.fila, en(m.t)
    hasta = en(m.t + ARRIENDO)
    if fila.estado is Estado.PROGRAMADA and fila.vence is not None and fila.vence <= ahora:
        tomada = transiciones.tomar(fila, dueno="motor", hasta=hasta)
        yield f"toma {quien}", _con(m, quien, Mano("tomada", tomada.ficha), fila=tomada)
    libre = fila.arriendo_hasta is None
    if fila.estado is Estado.EN_DUDA and libre and fila.mirar_en and fila.mirar_en <= ahora:
        tomada = transiciones.tomar_mirada(fila, dueno="motor", hasta=hasta)
        yield f"toma mirada {quien}", _con(m, quien, Mano("mirando", tomada.ficha), fila=tomada)


def _avanzar(m: Mundo, quien: int, mano: Mano, reglas: Reglas) -> Iterator[tuple[str, Mundo]]:
    fases = {"tomada": _marcar, "marcada": _llamar, "llamando": _responder, "mirando": _mirar}
    yield from fases[mano.fase](m, quien, mano, reglas)


def _marcar(m: Mundo, quien: int, mano: Mano, reglas: Reglas) -> Iterator[tuple[str, Mundo]]:
    try:
        fila = transiciones.marcar_salida(
            m.fila, ficha=mano.ficha, paso="publicar", ahora=en(m.t), hasta=en(m.t + ARRIENDO)
        )
    except ArriendoPerdido:
        yield f"pierde el arriendo {quien}", _con(m, quien, None)
        return
    yield f"marca {quien}", _con(m, quien, replace(mano, fase="marcada", marcada=m.t), fila=fila)


def _llamar(m: Mundo, quien: int, mano: Mano, reglas: Reglas) -> Iterator[tuple[str, Mundo]]:
    pasado = timedelta(seconds=m.t - mano.marcada)
    if not reglas.puede_llamar(pasado, timedelta(seconds=PLAZO)):
        yield from _cerrar(m, quien, mano, reglas, NoSalio(), salio=False)
        return
    nueva = Peticion(id=len(m.peticiones), limite=m.t + ACEPTA_TARDE)
    mano = replace(mano, fase="llamando", peticion=nueva.id)
    yield f"llama {quien}", _con(m, quien, mano, peticiones=(*m.peticiones, nueva))


def _responder(m: Mundo, quien: int, mano: Mano, reglas: Reglas) -> Iterator[tuple[str, Mundo]]:
    peticion = next(p for p in m.peticiones if p.id == mano.peticion)
    if peticion.aceptada:
        recibo = Recibo(id_remoto=str(peticion.id), url="https://red.example/1")
        yield from _aplicar(m, quien, mano, Publicada(recibo), "responde bien")
    yield from _cerrar(m, quien, mano, reglas, SinRespuesta(), salio=True)


def _cerrar(
    m: Mundo, quien: int, mano: Mano, reglas: Reglas, error: NoSalio | SinRespuesta, *, salio: bool
) -> Iterator[tuple[str, Mundo]]:
    decidir = reglas.tras_llamada_muda if salio else reintentos.decidir
    desenlace = decidir(
        error,
        _momento(m.fila, reglas),
        salio=salio,
        ahora=en(m.t),
        esperas=reglas.esperas,
        azar=_SinAzar(),
    )
    yield from _aplicar(m, quien, mano, desenlace, type(error).__name__)


class _SinAzar(Random):
    def uniform(self, a: float, b: float) -> float:
        return 0.0  # reintentar de inmediato: lo más peligroso


def _mirar(m: Mundo, quien: int, mano: Mano, reglas: Reglas) -> Iterator[tuple[str, Mundo]]:
    if mano.visto is None:
        visto = any(desde <= m.t for desde in m.visibles_desde)
        yield f"lee la red {quien}", _con(m, quien, replace(mano, visto=visto))
        return
    recibo = Recibo(id_remoto="0", url="https://red.example/1") if mano.visto else None
    desenlace = reintentos.tras_mirar(
        recibo, _momento(m.fila, reglas), ahora=en(m.t), esperas=reglas.esperas
    )
    yield from _aplicar(m, quien, mano, desenlace, f"vio {mano.visto}")


def _aplicar(
    m: Mundo, quien: int, mano: Mano, desenlace: object, nombre: str
) -> Iterator[tuple[str, Mundo]]:
    try:
        fila = transiciones.cerrar(m.fila, desenlace, ficha=mano.ficha, ahora=en(m.t))  # type: ignore[arg-type]
    except ArriendoPerdido:
        fila = m.fila
    yield f"{nombre} {quien}", _con(m, quien, None, fila=fila)


def falla_en(m: Mundo) -> str | None:
    """El invariante roto, o `None`."""
    aceptadas = len(m.visibles_desde)
    pendientes = any(p.aceptada is None for p in m.peticiones)
    fila = m.fila
    reglas = (
        (aceptadas <= 1, "dos publicaciones en la red"),
        (fila.estado is not Estado.PUBLICADA or aceptadas == 1, "publicada sin estar en la red"),
        (
            fila.estado is not Estado.FALLIDA or (aceptadas == 0 and not pendientes),
            "fallida y está en la red",
        ),
        (aceptadas == 0 or fila.intentos > 0, "salió sin intento anotado"),
        (
            fila.estado is not Estado.PUBLICADA or bool(fila.id_remoto and fila.url),
            "publicada sin id o sin dirección",
        ),
    )
    return next((frase for vale, frase in reglas if not vale), None)


@dataclass(frozen=True)
class Resultado:
    estados: int
    falla: str | None = None
    camino: tuple[str, ...] = ()


def recorrer(reglas: Reglas, limite: int = 2_000_000) -> Resultado:
    """A lo ancho: la primera falla que aparece es la más corta."""
    raiz = inicial()
    de_donde: dict[Mundo, tuple[Mundo, str] | None] = {raiz: None}
    frontera = deque([raiz])
    while frontera and len(de_donde) < limite:
        m = frontera.popleft()
        falla = falla_en(m)
        if falla is not None:
            return Resultado(len(de_donde), falla, _camino(m, de_donde))
        for nombre, proximo in siguientes(m, reglas):
            if proximo not in de_donde:
                de_donde[proximo] = (m, nombre)
                frontera.append(proximo)
    return Resultado(len(de_donde))


def _camino(m: Mundo, de_donde: dict[Mundo, tuple[Mundo, str] | None]) -> tuple[str, ...]:
    pasos: list[str] = []
    previo = de_donde[m]
    while previo is not None:
        m, nombre = previo
        pasos.append(nombre)
        previo = de_donde[m]
    return tuple(reversed(pasos))
