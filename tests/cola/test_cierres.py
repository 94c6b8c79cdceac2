"""Los desenlaces se guardan completos y en orden, de a uno o en lote."""

import json
from datetime import timedelta

from sqlalchemy import select

from cola.cierres import Cierre, cerrar_tomas
from cola.desenlaces import Avanza, Espera, Publicada
from cola.estados import Estado
from cola.publicaciones import Intento, Suceso
from cola.salidas import Puerta
from conectores.contrato import Recibo, Red
from tests.cola.escena import RECIBO


def test_el_camino_entero_deja_recibo_y_libro(escena):
    (una,) = escena.aprobada(escena.cuenta())
    (toma,) = escena.tomar()
    assert escena.salir(toma) is Puerta.ABIERTA
    assert escena.cerrar(toma, Publicada(RECIBO), Suceso.ACEPTADO)
    fila = escena.fila(una)
    assert (fila.estado, fila.id_remoto, fila.url) == (Estado.PUBLICADA, "1001_7", RECIBO.url)
    with escena.sesiones() as sesion:
        libro = sesion.scalars(select(Intento).order_by(Intento.id)).all()
    assert [linea.suceso for linea in libro] == [Suceso.SALIDA, Suceso.ACEPTADO]
    assert libro[1].id_remoto == "1001_7"


def test_el_ultimo_paso_y_el_final_de_dos_entregas_se_guardan_en_el_mismo_lote(escena):
    """Llegan juntos si el disco se demora; cada fila se escribe una vez, con todo lo suyo."""
    (una,), (otra,) = escena.aprobada(escena.cuenta()), escena.aprobada(escena.cuenta())
    tomas = {toma.id: toma for toma in escena.tomar()}
    for toma in tomas.values():
        escena.salir(toma)
    final = Recibo(id_remoto="1001_9", url="https://www.facebook.com/1001_9")
    juntos = [
        Cierre(toma=tomas[otra], desenlace=Publicada(RECIBO), paso="publicar", suceso=None),
        Cierre(toma=tomas[una], desenlace=Avanza("publicar", final), paso="publicar", suceso=None),
        Cierre(toma=tomas[una], desenlace=Publicada(final), paso="publicar", suceso=None),
    ]
    with escena.sesiones.begin() as sesion:
        assert cerrar_tomas(sesion, juntos, ahora=escena.ahora) == [True, True, True]
    assert (escena.estado(una), escena.estado(otra)) == ("publicada", "publicada")
    assert json.loads(escena.fila(una).avance)["publicar"] == "1001_9"


def test_dos_desenlaces_de_la_misma_entrega_en_un_lote_se_guardan_en_orden(escena):
    (otra,) = escena.aprobada(escena.cuenta())
    (hilo,) = escena.aprobada(escena.cuenta(Red.X))
    tomas = {toma.id: toma for toma in escena.tomar()}
    for toma in tomas.values():
        escena.salir(toma, "segmento-0" if toma.id == hilo else "publicar")
    parcial = Recibo(id_remoto="9", url="https://x.example/9", completo=False)
    luego = escena.ahora + timedelta(seconds=30)
    lote = [
        (otra, Espera(luego, "la red procesa", es_fallo=False), None),
        (hilo, Avanza("segmento-0", parcial), Suceso.ACEPTADO),
        (hilo, Espera(luego, "la red procesa", es_fallo=False), None),
    ]
    with escena.sesiones.begin() as sesion:
        cierres = [
            Cierre(toma=tomas[i], desenlace=d, paso="segmento-0", suceso=s) for i, d, s in lote
        ]
        assert cerrar_tomas(sesion, cierres, ahora=escena.ahora) == [True, True, True]
    assert [escena.estado(i) for i in (otra, hilo)] == ["programada", "programada"]
    assert '"segmento-0": "9"' in escena.fila(hilo).avance
