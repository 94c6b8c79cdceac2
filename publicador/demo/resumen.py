"""El resumen de `demo --terminar`: lo que dice la cola, cotejado con lo que tienen las redes."""

from collections import Counter
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cola.estados import Estado
from cola.publicaciones import Publicacion
from conectores.contrato import Red
from piezas.versiones import EstadoPieza, Pieza
from publicador.ensayo.mundo import Mundo

FALTA: Final = (
    "La recolección de métricas llega en una versión próxima: «metricas» va nulo.",
    "El diagnóstico mensual llega en una versión próxima: «diagnostico» va nulo.",
)
SE_APAGA: Final = (
    "Las direcciones son de las redes de ensayo, que se apagan al terminar. "
    "Para verlas en marcha, corra «publicador demo»."
)


def resumir(sesion: Session, mundo: Mundo) -> dict[str, Any]:
    """Un documento con cuentas, direcciones y el cotejo; nada se inventa."""
    consulta = (
        select(Publicacion)
        .options(joinedload(Publicacion.pieza), joinedload(Publicacion.cuenta))
        .order_by(Publicacion.programada_para, Publicacion.id)
    )
    entregas = list(sesion.scalars(consulta))
    estados = Counter(sesion.scalars(select(Pieza.estado)))
    return {
        "entregas": {
            "total": len(entregas),
            "por_estado": {e.value: n for e in Estado if (n := _cuantas(entregas, e))},
        },
        "piezas": {
            "total": estados.total(),
            "por_estado": {e.value: estados[e] for e in EstadoPieza if estados[e]},
        },
        "redes": {red.value: _de_una_red(entregas, red) for red in Red if _las_de(entregas, red)},
        "cotejo": cotejar(entregas, mundo),
        "esperan_a_una_persona": [
            {"pieza": p.pieza.titulo, "cuenta": p.cuenta.alias, "motivo": p.motivo}
            for p in entregas
            if p.requiere_persona
        ],
        "metricas": None,
        "diagnostico": None,
        "advertencias": [*FALTA, SE_APAGA],
    }


def salio_bien(resumen: dict[str, Any]) -> bool:
    """Si todo lo que debía salir salió, una vez, y está en su red."""
    cotejo = resumen["cotejo"]
    malas = ("faltan_en_la_red", "sobran_en_la_red", "repetidas")
    fuera = (Estado.FALLIDA.value, Estado.DETENIDA.value)
    por_estado = resumen["entregas"]["por_estado"]
    return not any(cotejo[mala] for mala in malas) and not any(e in por_estado for e in fuera)


def cotejar(entregas: list[Publicacion], mundo: Mundo) -> dict[str, int]:
    """Cada publicada, buscada en su red: debe estar, y una sola vez."""
    publicadas = [
        p for p in entregas if p.estado is Estado.PUBLICADA and p.cuenta.red is not Red.MANUAL
    ]
    ids = [(p.cuenta.red.value, p.id_remoto or "") for p in publicadas]
    raices = {
        (e.red, e.id)
        for e in mundo.entradas()
        if e.red != "correo" and not e.borrada and not e.en_respuesta_a
    }
    return {
        "publicadas": len(publicadas),
        "faltan_en_la_red": sum(uno not in raices for uno in ids),
        "sobran_en_la_red": len(raices - set(ids)),
        "repetidas": len(ids) - len(set(ids)),
    }


def _cuantas(entregas: list[Publicacion], estado: Estado) -> int:
    return sum(p.estado is estado for p in entregas)


def _las_de(entregas: list[Publicacion], red: Red) -> list[Publicacion]:
    return [p for p in entregas if p.cuenta.red is red]


def _de_una_red(entregas: list[Publicacion], red: Red) -> dict[str, Any]:
    suyas = _las_de(entregas, red)
    return {
        "por_estado": {e.value: n for e in Estado if (n := _cuantas(suyas, e))},
        "publicadas": [
            {
                "pieza": p.pieza.titulo,
                "cuenta": p.cuenta.alias,
                "id_remoto": p.id_remoto,
                "url": p.url,
            }
            for p in suyas
            if p.estado is Estado.PUBLICADA
        ],
    }
