"""Dos respuestas a la vez por el mismo enlace: queda una, en las dos bases."""

from datetime import timedelta
from threading import Barrier, Thread

from piezas.errores import EnlaceNoSirve
from piezas.revisores import EnlaceRevision, invitar, opinar
from tests.fabricas import una_cuenta, una_pieza

UN_DIA = timedelta(days=1)


def test_dos_respuestas_a_la_vez_dejan_una(sesiones, ahora):
    with sesiones.begin() as sesion:
        pieza = una_pieza(sesion, una_cuenta(sesion))
        _, secreto = invitar(
            sesion, pieza.id, para="Ana, Prensa", plazo=UN_DIA, por=pieza.autor_id, ahora=ahora
        )
    salida, resultados = Barrier(2), []

    def responder(opinion: str) -> None:
        salida.wait()
        try:
            with sesiones.begin() as sesion:
                opinar(sesion, secreto, opinion=opinion, comentario="Texto largo", ahora=ahora)
            resultados.append(opinion)
        except EnlaceNoSirve:
            resultados.append(None)

    hilos = [Thread(target=responder, args=(o,)) for o in ("visto_bueno", "observaciones")]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    with sesiones() as sesion:
        fila = sesion.query(EnlaceRevision).one()
    assert sorted(resultados, key=str) == sorted([None, fila.opinion.value], key=str)
