"""La segunda firma: una pieza marcada no se aprueba sin jurídica sobre esa misma versión."""

from dataclasses import replace

import pytest

from piezas.aprobacion import aprobacion_vigente, aprobar, pedir_revision
from piezas.errores import CuatroOjos, DatosInvalidos, EstadoNoPermite, FaltaJuridica
from piezas.impedimentos import impedimentos
from piezas.juridica import dar_visto_bueno, exigir_juridica, levantar_exigencia
from piezas.personas import Papel
from piezas.redaccion import guardar_version
from piezas.versiones import EstadoPieza
from tests.fabricas import un_borrador, una_cuenta, una_persona, una_pieza

MOTIVO = "Inauguración o entrega de obra"


@pytest.fixture
def abogada(sesion):
    return una_persona(sesion, Papel.JURIDICA)


@pytest.fixture
def marcada(sesion, ahora, jefe):
    cuenta = una_cuenta(sesion)
    pieza = una_pieza(sesion, cuenta)
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=ahora)
    exigir_juridica(sesion, pieza.id, motivo=MOTIVO, por=jefe.id, ahora=ahora)
    return pieza, cuenta


def test_sin_la_firma_no_se_aprueba_y_se_dice_por_que(sesion, marcada, jefe, ahora, sello, almacen):
    pieza, _ = marcada
    with pytest.raises(FaltaJuridica, match="entrega de obra"):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=ahora, sello=sello, almacen=almacen)
    assert impedimentos(sesion, pieza, jefe) == (f"Falta el visto bueno de jurídica: {MOTIVO}.",)


def test_con_la_firma_de_otra_persona_se_aprueba(
    sesion, marcada, jefe, abogada, ahora, sello, almacen
):
    pieza, _ = marcada
    dar_visto_bueno(sesion, pieza.id, por=abogada.id, ahora=ahora)
    assert impedimentos(sesion, pieza, jefe) == ()
    aprobar(sesion, pieza.id, por=jefe.id, ahora=ahora, sello=sello, almacen=almacen)
    assert aprobacion_vigente(sesion, pieza.version.id, sello)


def test_la_firma_vale_para_esa_version_y_no_para_la_siguiente(
    sesion, marcada, jefe, abogada, ahora, sello, almacen
):
    pieza, cuenta = marcada
    dar_visto_bueno(sesion, pieza.id, por=abogada.id, ahora=ahora)
    guardar_version(
        sesion,
        pieza.id,
        replace(un_borrador(cuenta), texto="Otra cosa."),
        por=pieza.autor_id,
        ahora=ahora,
    )
    with pytest.raises(FaltaJuridica):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=ahora, sello=sello, almacen=almacen)


def test_quien_firma_no_es_quien_aprueba(sesion, marcada, ahora, sello, almacen):
    pieza, _ = marcada
    ambas = una_persona(sesion, Papel.JURIDICA, Papel.JEFATURA)
    dar_visto_bueno(sesion, pieza.id, por=ambas.id, ahora=ahora)
    with pytest.raises(CuatroOjos, match="otra persona"):
        aprobar(sesion, pieza.id, por=ambas.id, ahora=ahora, sello=sello, almacen=almacen)


def test_quien_escribio_no_firma(sesion, ahora):
    autora = una_persona(sesion, Papel.REDACCION, Papel.JURIDICA)
    pieza = una_pieza(sesion, una_cuenta(sesion), por=autora)
    pedir_revision(sesion, pieza.id, por=autora.id, ahora=ahora)
    exigir_juridica(sesion, pieza.id, motivo=MOTIVO, por=autora.id, ahora=ahora)
    with pytest.raises(CuatroOjos):
        dar_visto_bueno(sesion, pieza.id, por=autora.id, ahora=ahora)


def test_marcar_lo_ya_aprobado_tumba_la_aprobacion(sesion, jefe, ahora, sello, almacen):
    pieza = una_pieza(sesion, una_cuenta(sesion))
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=ahora)
    aprobar(sesion, pieza.id, por=jefe.id, ahora=ahora, sello=sello, almacen=almacen)
    assert exigir_juridica(sesion, pieza.id, motivo=MOTIVO, por=jefe.id, ahora=ahora)
    assert pieza.estado is EstadoPieza.EN_REVISION
    assert not aprobacion_vigente(sesion, pieza.version.id, sello)


def test_solo_juridica_quita_la_marca_y_dice_por_que(sesion, marcada, abogada, jefe, ahora):
    pieza, _ = marcada
    with pytest.raises(DatosInvalidos):
        levantar_exigencia(sesion, pieza.id, motivo="no", por=abogada.id, ahora=ahora)
    levantar_exigencia(
        sesion, pieza.id, motivo="Solo informa un horario.", por=abogada.id, ahora=ahora
    )
    assert impedimentos(sesion, pieza, jefe) == ()
    with pytest.raises(EstadoNoPermite):
        dar_visto_bueno(sesion, pieza.id, por=abogada.id, ahora=ahora)
