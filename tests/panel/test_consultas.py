"""Ninguna pantalla que lista le pregunta más a la base por tener más filas."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from cola.estados import Causa, Estado
from piezas.campanias import Campania, Dependencia
from piezas.comentarios import comentar
from piezas.personas import Papel
from tests.panel.sembrado import una_imagen, una_persona

POCAS, MUCHAS = 3, 30
TOPE = 25
"""Ninguna necesita más, tenga lo que tenga."""
LISTAS = (
    ("jefatura", "/"),
    ("jefatura", "/aprobacion"),
    ("jefatura", "/calendario?mes=2026-12"),
    ("jefatura", "/calendario?mes=2026-12&tabla=si"),
    ("jefatura", "/calendario/eventos?desde=2026-11-30&hasta=2027-01-04"),
    ("jefatura", "/campanias"),
    ("jefatura", "/campanias/1"),
    ("community", "/cola"),
    ("community", "/cola?estado=todas"),
    ("community", "/cola?estado=por_resolver"),
    ("administracion", "/cuentas"),
    ("jefatura", "/dependencias"),
    ("redaccion", "/mediateca"),
    ("redaccion", "/mediateca/1"),
    ("redaccion", "/piezas"),
    ("redaccion", "/piezas/1"),
    ("redaccion", "/piezas/1/versiones"),
    ("redaccion", "/piezas/nueva"),
    ("administracion", "/bitacora"),
    ("administracion", "/usuarios"),
)


def sembrar(panel, desde, hasta):
    """En cada lista, una fila por número: las dos veces hay de todo."""
    with panel.oficina() as oficina:
        for n in range(desde, hasta):
            sesion, imagen = oficina.sesion, una_imagen(texto=str(n)) if n < POCAS else None
            una_persona(sesion, f"p{n}@alcaldia.example", Papel.REDACCION, ahora=panel.ahora)
            sesion.add(Campania(nombre=f"Campaña {n}", creada_en=panel.ahora))
            sesion.add(Dependencia(nombre=f"Secretaría {n}", creada_en=panel.ahora))
            sesion.flush()
            espera = oficina.en_revision(f"Espera {n}", imagen=imagen, campania="Campaña 0")
            jefe = oficina.persona("jefatura@alcaldia.example").id
            autor = oficina.persona("redaccion@alcaldia.example").id
            comentar(sesion, espera.id, "¿La hora?", por=jefe, ahora=panel.ahora, a=[autor])
            oficina.pieza(f"A medias {n}", texto="", campania="Campaña 0")
            oficina.devuelta(f"Vuelve {n}", motivo="Falta la hora de la jornada.")
            oficina.aprobada(f"Sale {n}", para=panel.ahora + timedelta(hours=n + 1))
            oficina.entrega(f"Salió {n}", "x", Estado.PUBLICADA)
            oficina.entrega(f"En duda {n}", "facebook", Estado.EN_DUDA)
            oficina.entrega(f"Detenida {n}", "x", Estado.DETENIDA, causa=Causa.TARDIA)
            oficina.entrega(f"A mano {n}", "grupo", Estado.EN_DUDA)


@contextmanager
def consultas(panel) -> Iterator[list[str]]:
    """Las que se hacen mientras dura el bloque."""
    hechas: list[str] = []

    def anotar(_conexion, _cursor, orden, *_):
        if orden.lstrip().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            hechas.append(" ".join(orden.split()))

    base = panel.servicios.sesiones.kw["bind"]
    event.listen(base, "before_cursor_execute", anotar)
    yield hechas
    event.remove(base, "before_cursor_execute", anotar)


def medir(panel, clientes):
    medidas = {}
    for papel, camino in LISTAS:
        with consultas(panel) as hechas:
            respuesta = clientes[papel].get(camino)
        assert respuesta.status_code == 200, camino
        medidas[camino] = list(hechas)
    return medidas


@pytest.mark.timeout(180)
def test_las_consultas_son_las_mismas_con_pocas_filas_que_con_muchas(panel):
    clientes = {papel: panel.como(papel) for papel, _ in LISTAS}
    sembrar(panel, 0, POCAS)
    pocas = medir(panel, clientes)
    sembrar(panel, POCAS, MUCHAS)
    muchas = medir(panel, clientes)
    crecen = {
        camino: [orden for orden in ordenes if ordenes.count(orden) > pocas[camino].count(orden)]
        for camino, ordenes in muchas.items()
        if len(ordenes) > len(pocas[camino])
    }
    assert crecen == {}
    assert {camino: len(o) for camino, o in muchas.items() if len(o) > TOPE} == {}
