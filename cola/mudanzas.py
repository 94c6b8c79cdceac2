"""Mudanzas: pasar a otro momento lo que todavía no ha salido, una pieza o muchas, todas o ninguna.

El momento vive en dos sitios: el deseo de la pieza (`Momento`) y, una vez aprobada, su fila de la
cola. Aquí se mueven juntos, venga el cambio de donde venga, y la aprobación se conserva: la hora
no es parte de lo que se aprobó.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cola.errores import NoSePuede
from cola.estados import EN_MANOS, Causa, Estado
from cola.filas import escribir_filas, leer_filas
from cola.publicaciones import Publicacion
from cola.transiciones import Fila, reprogramar
from piezas.bitacora import anotar
from piezas.personas import Papel, Persona
from piezas.redaccion import CERRADAS
from piezas.usuarios import ESCRIBEN, persona_de
from piezas.versiones import EstadoPieza, Momento, Pieza

MUEVEN_APROBADAS = frozenset({Papel.COMMUNITY, Papel.JEFATURA})
ESPERAN = frozenset({Causa.TARDIA, Causa.PAUSA, Causa.CUENTA})
"""Lo detenido por estas causas vuelve a la fila al darle otra hora."""
TOPE = 500
"""Cuántas se mueven de una vez."""

_FRASES = {
    Estado.TOMADA: "Ya la tomó el motor y va de salida: no se movió.",
    Estado.ENVIANDO: "Se está enviando en este momento: no se movió.",
    Estado.PUBLICADA: "Ya se publicó: no se mueve.",
    Estado.RETIRADA: "Se retiró de la red: no se mueve.",
    Estado.EN_DUDA: "Está en duda si salió: resuélvala en la cola antes de moverla.",
    Estado.FALLIDA: "Falló: revísela en la cola y reinténtela.",
    Estado.CANCELADA: "Está cancelada: no se mueve.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mudanza:
    """Lo que alguien pide: esa pieza en esa cuenta, de una hora a otra.

    `de` es la hora que la persona estaba viendo; si ya es otra, no se mueve nada a ciegas.
    """

    pieza_id: int
    cuenta_id: int
    para: datetime
    de: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resultado:
    """Qué pasó con cada pedido; `frase` dice por qué no se pudo."""

    pedido: Mudanza
    de: datetime | None = None
    frase: str | None = None

    @property
    def cabe(self) -> bool:
        """Si ese pedido se puede hacer."""
        return self.frase is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tanda:
    """El resultado de un lote: o se movieron todas o ninguna."""

    resultados: tuple[Resultado, ...]

    @property
    def movida(self) -> bool:
        """Si el lote se hizo."""
        return all(resultado.cabe for resultado in self.resultados)


@dataclass(slots=True)
class _Escena:
    """Lo leído y bloqueado de la base para un lote."""

    persona: Persona
    ahora: datetime
    piezas: dict[int, Pieza]
    momentos: dict[tuple[int, int], Momento]
    filas: dict[tuple[int, int], Fila]


def mover_varias(
    sesion: Session, pedidos: Sequence[Mudanza], *, por: int, ahora: datetime
) -> Tanda:
    """Mueve el lote si todo él se puede; si algo no, no mueve nada y dice qué y por qué."""
    persona = persona_de(sesion, por, *ESCRIBEN)
    if len(pedidos) > TOPE:
        raise NoSePuede(f"Se mueven hasta {TOPE} de una vez. Elija menos.")
    escena = _leer(sesion, pedidos, persona, ahora)
    tanda = Tanda(resultados=tuple(_juzgar(escena, pedido) for pedido in pedidos))
    if tanda.movida:
        _mover(sesion, escena, tanda.resultados)
    return tanda


def igualar_filas(sesion: Session, pieza_id: int, *, por: int, ahora: datetime) -> int:
    """Lleva las filas de la cola a la hora que dice la pieza aprobada; devuelve cuántas cambió.

    Lanza `NoSePuede` si alguna ya no se deja mover: la hora vieja y la nueva no quedan distintas.
    """
    momentos = sesion.scalars(select(Momento).where(Momento.pieza_id == pieza_id)).all()
    escena = _leer(
        sesion,
        [
            Mudanza(pieza_id=pieza_id, cuenta_id=m.cuenta_id, para=m.programada_para)
            for m in momentos
        ],
        persona_de(sesion, por, *ESCRIBEN),
        ahora,
    )
    distintas = [
        Resultado(
            pedido=Mudanza(pieza_id=pieza_id, cuenta_id=m.cuenta_id, para=m.programada_para),
            de=fila.programada_para,
        )
        for m in momentos
        if (fila := escena.filas.get((pieza_id, m.cuenta_id))) is not None
        and fila.estado in (Estado.PROGRAMADA, Estado.DETENIDA, *EN_MANOS)
        and fila.programada_para != m.programada_para
    ]
    for resultado in distintas:
        if frase := _por_que_no(escena, resultado.pedido):
            raise NoSePuede(frase)
    _mover(sesion, escena, distintas)
    return len(distintas)


def _leer(
    sesion: Session, pedidos: Sequence[Mudanza], persona: Persona, ahora: datetime
) -> _Escena:
    ids = sorted({pedido.pieza_id for pedido in pedidos})
    # Primero la pieza y después su fila, como al aprobar: dos lotes no se esperan en cruz.
    piezas = sesion.scalars(
        select(Pieza)
        .where(Pieza.id.in_(ids))
        .order_by(Pieza.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    vivas = {
        (r.pieza_id, r.cuenta_id): r.id
        for r in sesion.execute(
            select(Publicacion.id, Publicacion.pieza_id, Publicacion.cuenta_id).where(
                Publicacion.pieza_id.in_(ids), Publicacion.estado != Estado.CANCELADA
            )
        )
    }
    filas = leer_filas(sesion, sorted(vivas.values()))
    momentos = sesion.scalars(
        select(Momento).where(Momento.pieza_id.in_(ids)).execution_options(populate_existing=True)
    )
    return _Escena(
        persona=persona,
        ahora=ahora,
        piezas={pieza.id: pieza for pieza in piezas},
        momentos={(m.pieza_id, m.cuenta_id): m for m in momentos},
        filas={par: filas[fila_id] for par, fila_id in vivas.items() if fila_id in filas},
    )


def _juzgar(escena: _Escena, pedido: Mudanza) -> Resultado:
    de = _hora_de(escena, pedido)
    frase = _por_que_no(escena, pedido)
    if frase is None and pedido.de is not None and pedido.de != de:
        frase = "Alguien la movió mientras tanto: mire la hora nueva y decida otra vez."
    return Resultado(pedido=pedido, de=de, frase=frase)


def _hora_de(escena: _Escena, pedido: Mudanza) -> datetime | None:
    par = (pedido.pieza_id, pedido.cuenta_id)
    if (fila := escena.filas.get(par)) is not None:
        return fila.programada_para
    momento = escena.momentos.get(par)
    return None if momento is None else momento.programada_para


def _por_que_no(escena: _Escena, pedido: Mudanza) -> str | None:
    """La razón por la que un pedido no se puede, o `None`."""
    pieza = escena.piezas.get(pedido.pieza_id)
    if pieza is None or (pedido.pieza_id, pedido.cuenta_id) not in escena.momentos:
        return "Esa pieza ya no va a esa cuenta."
    if pieza.estado in CERRADAS:
        return f"La pieza está {pieza.estado.value}: ya no se programa."
    if frase := _falta_permiso(pieza, escena.persona):
        return frase
    fila = escena.filas.get((pedido.pieza_id, pedido.cuenta_id))
    if fila is not None and (frase := _fila_quieta(fila, pieza)):
        return frase
    if pedido.para < escena.ahora:
        return "Esa hora ya pasó: elija una que esté por venir."
    return None


def _falta_permiso(pieza: Pieza, persona: Persona) -> str | None:
    if not persona.papeles.isdisjoint(MUEVEN_APROBADAS):
        return None
    if pieza.estado is EstadoPieza.APROBADA:
        return "Una pieza aprobada la mueve quien maneja las redes o la jefatura."
    editor = None if pieza.version is None else pieza.version.editor_id
    if persona.id in (pieza.autor_id, editor):
        return None
    return "Esa pieza es de otra persona: pídale que la mueva, o a quien maneja las redes."


def _fila_quieta(fila: Fila, pieza: Pieza) -> str | None:
    if fila.estado in _FRASES:
        return _FRASES[fila.estado]
    if fila.hay_algo_publico:
        return "Una parte ya salió a la red: complétela desde la cola."
    sigue_detenida = fila.estado is Estado.DETENIDA and fila.causa not in ESPERAN
    if sigue_detenida and pieza.estado is EstadoPieza.APROBADA:
        return "Está detenida por otra razón que su hora: decida primero en la cola."
    return None


def _mover(sesion: Session, escena: _Escena, resultados: Sequence[Resultado]) -> None:
    pares: list[tuple[Fila, Fila]] = []
    for resultado in resultados:
        pedido = resultado.pedido
        par = (pedido.pieza_id, pedido.cuenta_id)
        if (fila := escena.filas.get(par)) is not None:
            # El estado y la ficha van en el WHERE: si el motor llegó antes, no se escribe nada.
            pares.append((fila, _movida(fila, pedido.para)))
        escena.momentos[par].programada_para = pedido.para
        anotar(
            sesion,
            "mover",
            quien=escena.persona.correo,
            persona_id=escena.persona.id,
            ahora=escena.ahora,
            objeto="pieza",
            objeto_id=pedido.pieza_id,
            de=None if resultado.de is None else resultado.de.isoformat(),
            a=pedido.para.isoformat(),
            motivo=f"cuenta {pedido.cuenta_id}",
        )
    escribir_filas(sesion, pares)
    sesion.flush()


def _movida(fila: Fila, para: datetime) -> Fila:
    if fila.estado is Estado.DETENIDA and fila.causa not in ESPERAN:
        # Espera una aprobación nueva: cambia la hora, no lo que la detiene.
        return replace(fila, programada_para=para)
    return reprogramar(fila, para=para)
