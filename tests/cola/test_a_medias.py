"""Una entrega a medias cuya pieza se edita: no sale más, y una persona puede cerrarla."""

import pytest

from cola.avisos import ClaseAviso
from cola.cuentas import Cuenta
from cola.desenlaces import Avanza
from cola.dudas import resolver
from cola.edicion import editar
from cola.errores import NoSePuede
from cola.estados import Estado
from cola.programacion import aprobar_y_programar
from cola.publicaciones import Publicacion
from cola.salidas import Puerta
from conectores.contrato import Recibo, Red
from tests import fabricas

PRIMERO = Recibo(
    id_remoto="1790000000000000001", url="https://x.com/alcaldia/status/1790000000000000001"
)


def a_medias(escena) -> int:
    """Un hilo con su primer segmento afuera y el segundo esperando en la fila."""
    (una,) = escena.aprobada(escena.cuenta(Red.X, alias="equis"))
    (toma,) = escena.tomar()
    assert escena.salir(toma) is Puerta.ABIERTA
    escena.cerrar(toma, Avanza(paso="publicar", recibo=PRIMERO))
    escena.pasa(seconds=escena.reglas.arriendo.total_seconds() + 1)
    escena.rescatar()
    with escena.sesiones.begin() as sesion:
        # Lo que pudo salir después del rescate se miró y no estaba: vuelve a la fila.
        resolver(
            sesion, una, salio=False, reenviar=True, quien="c", persona_id=None, ahora=escena.ahora
        )
    assert escena.estado(una) == "programada"
    return una


def editar_texto(escena, publicacion_id: int) -> int:
    with escena.sesiones.begin() as sesion:
        fila = sesion.get_one(Publicacion, publicacion_id)
        cuenta = sesion.get_one(Cuenta, fila.cuenta_id)
        borrador = fabricas.un_borrador(
            cuenta, texto="Otro texto", programada_para=fila.programada_para
        )
        editar(sesion, fila.pieza_id, borrador, por=escena.autor_id, ahora=escena.ahora)
        return fila.pieza_id


def aprobar(escena, pieza_id: int) -> list[int]:
    with escena.sesiones.begin() as sesion:
        hechas = aprobar_y_programar(
            sesion,
            pieza_id,
            por=escena.jefe_id,
            ahora=escena.ahora,
            sello=escena.sello,
            almacen=escena.almacen,
            tolerancia=escena.reglas.tolerancia,
        )
        return [p.id for p in hechas]


def test_lo_que_va_por_la_mitad_y_se_edita_queda_en_manos_de_una_persona(escena):
    una = a_medias(escena)
    editar_texto(escena, una)
    (toma,) = escena.tomar()
    assert escena.salir(toma, paso="segmento-2") is Puerta.CERRADA
    fila = escena.fila(una)
    assert (fila.estado, fila.requiere_persona) == (Estado.EN_DUDA, True)
    assert "pegue su dirección" in fila.motivo
    assert [clase for clase, _ in escena.avisos()][-1] is ClaseAviso.DUDA


def test_a_medias_se_cierra_con_su_direccion_y_la_pieza_se_puede_aprobar(escena):
    una = a_medias(escena)
    pieza = editar_texto(escena, una)
    with pytest.raises(NoSePuede, match="ya salió por «equis»"):
        aprobar(escena, pieza)
    (toma,) = escena.tomar()
    escena.salir(toma, paso="segmento-2")
    with escena.sesiones.begin() as sesion:
        resolver(
            sesion, una, salio=True, url=PRIMERO.url, quien="c", persona_id=None, ahora=escena.ahora
        )
    assert escena.estado(una) == "publicada"
    assert aprobar(escena, pieza) == []  # lo que ya salió en una cuenta no se repite en ella
