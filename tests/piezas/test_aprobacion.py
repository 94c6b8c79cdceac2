"""Nada sale sin la aprobación de otra persona, que sella lo que va a salir."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from conectores.contrato import Red
from piezas.aprobacion import aprobacion_vigente, aprobar, pedir_revision, sobres_vigentes, vigentes
from piezas.bitacora import Anotacion, asentar
from piezas.composicion import adelantar_copias
from piezas.envios import abrir, huella
from piezas.errores import CuatroOjos, EstadoNoPermite, MedioFalta, NoEncontrada, SinPermisoPara
from piezas.ingreso import copia
from piezas.medios import Copia
from piezas.personas import Papel
from piezas.redaccion import cambiar_momento, guardar_version
from piezas.versiones import EstadoPieza, Version
from tests.fabricas import (
    AHORA,
    un_borrador,
    un_medio,
    una_cuenta,
    una_persona,
    una_pieza,
    una_pieza_aprobada,
)


def test_aprobar_sella_un_sobre_por_cuenta_y_queda_vigente(sesion, sello, almacen):
    cuentas = (una_cuenta(sesion, Red.FACEBOOK), una_cuenta(sesion, Red.X))
    pieza, sobres = una_pieza_aprobada(sesion, *cuentas, sello=sello, almacen=almacen)
    assert pieza.estado is EstadoPieza.APROBADA
    assert {s.cuenta_id for s in sobres} == {c.id for c in cuentas}
    assert all(s.huella == huella(s.contenido) for s in sobres)
    assert aprobacion_vigente(sesion, pieza.version_vigente_id, sello)
    aprobadas = sobres_vigentes(sesion, [pieza.version_vigente_id], sello)
    assert aprobadas == {pieza.version_vigente_id: {s.cuenta_id: s.huella for s in sobres}}


def test_el_sobre_abre_con_los_bytes_de_la_copia(sesion, sello, almacen):
    autor = una_persona(sesion)
    medio = un_medio(sesion, almacen, autor)
    _, (sobre,) = una_pieza_aprobada(
        sesion, por=autor, medios=(medio,), sello=sello, almacen=almacen
    )
    (adjunto,) = abrir(sobre.contenido, almacen.camino).adjuntos
    assert adjunto.texto_alternativo == "Una enfermera con un carné."
    assert almacen.comprobar(adjunto.huella)
    assert adjunto.nombre.startswith("pub-")
    assert adjunto.archivo.stat().st_size == adjunto.peso_bytes


def test_el_autor_no_aprueba_aunque_sea_jefe(sesion, jefe, sello, almacen):
    pieza = una_pieza(sesion, por=jefe)
    pedir_revision(sesion, pieza.id, por=jefe.id, ahora=AHORA)
    with pytest.raises(CuatroOjos):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)
    assert not vigentes(sesion, [pieza.version_vigente_id], sello)


def test_el_ultimo_editor_no_aprueba(sesion, jefe, sello, almacen):
    cuenta = una_cuenta(sesion)
    pieza = una_pieza(sesion, cuenta)
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    borrador = un_borrador(cuenta, texto="Corregido por la jefatura.")
    guardar_version(sesion, pieza.id, borrador, por=jefe.id, ahora=AHORA)
    with pytest.raises(CuatroOjos):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)


def test_el_autor_no_aprueba_aunque_otra_persona_haya_editado_despues(sesion, jefe, sello, almacen):
    cuenta = una_cuenta(sesion)
    pieza = una_pieza(sesion, cuenta, por=jefe)
    otra = una_persona(sesion)
    guardar_version(sesion, pieza.id, un_borrador(cuenta, texto="Otro."), por=otra.id, ahora=AHORA)
    pedir_revision(sesion, pieza.id, por=otra.id, ahora=AHORA)
    with pytest.raises(CuatroOjos):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)


def test_quien_solo_cambio_el_momento_si_puede_aprobar(sesion, jefe, sello, almacen):
    cuenta = una_cuenta(sesion)
    pieza = una_pieza(sesion, cuenta)
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    despues = AHORA + timedelta(hours=1)
    cambiar_momento(sesion, pieza.id, cuenta.id, despues, por=jefe.id, ahora=AHORA)
    aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)
    assert aprobacion_vigente(sesion, pieza.version_vigente_id, sello)


@pytest.mark.parametrize("papel", [p for p in Papel if p is not Papel.JEFATURA])
def test_solo_la_jefatura_aprueba(sesion, sello, almacen, papel):
    pieza = una_pieza(sesion)
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    otra = una_persona(sesion, papel)
    with pytest.raises(SinPermisoPara):
        aprobar(sesion, pieza.id, por=otra.id, ahora=AHORA, sello=sello, almacen=almacen)


def test_una_jefa_desactivada_no_aprueba(sesion, jefe, sello, almacen):
    pieza = una_pieza(sesion)
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    jefe.activa = False
    with pytest.raises(SinPermisoPara, match="desactivado"):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)


def test_un_borrador_que_no_se_envio_no_se_aprueba(sesion, jefe, sello, almacen):
    pieza = una_pieza(sesion)
    with pytest.raises(EstadoNoPermite, match="borrador"):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)


def test_una_pieza_que_no_existe_se_dice(sesion, jefe, sello, almacen):
    with pytest.raises(NoEncontrada):
        aprobar(sesion, 999, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)


def test_un_archivo_danado_no_se_sella(sesion, jefe, sello, almacen):
    autor = una_persona(sesion)
    medio = un_medio(sesion, almacen, autor)
    pieza = una_pieza(sesion, por=autor, medios=(medio,))
    pedir_revision(sesion, pieza.id, por=autor.id, ahora=AHORA)
    hecha = copia(sesion, almacen, medio, Red.FACEBOOK)
    camino = almacen.camino(hecha.huella)
    camino.write_bytes(camino.read_bytes() + b"x")
    with pytest.raises(MedioFalta):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)
    camino.unlink()
    with pytest.raises(MedioFalta):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)


def test_cada_paso_deja_una_linea_en_la_bitacora(sesion, jefe, sello, almacen):
    pieza, _ = una_pieza_aprobada(sesion, sello=sello, almacen=almacen, jefe=jefe)
    asentar(sesion)
    lineas = sesion.execute(
        select(Anotacion.accion, Anotacion.quien, Anotacion.de, Anotacion.a)
        .where(Anotacion.objeto == "pieza", Anotacion.objeto_id == pieza.id)
        .order_by(Anotacion.id)
    ).all()
    autor = pieza.autor.correo
    assert [tuple(linea) for linea in lineas] == [
        ("crear pieza", autor, None, "borrador"),
        ("enviar a revisión", autor, "borrador", "en_revision"),
        ("aprobar", jefe.correo, "en_revision", "aprobada"),
    ]


def test_las_copias_se_pueden_adelantar_y_aprobar_las_usa(sesiones, sello, almacen):
    with sesiones.begin() as sesion:
        autor, jefe = una_persona(sesion), una_persona(sesion, Papel.JEFATURA)
        medio = un_medio(sesion, almacen, autor)
        pieza = una_pieza(sesion, por=autor, medios=(medio,))
        pedir_revision(sesion, pieza.id, por=autor.id, ahora=AHORA)
    adelantar_copias(sesiones, almacen, pieza.id)
    with sesiones.begin() as sesion:
        antes = sesion.scalars(select(Copia.huella)).all()
        assert len(antes) == 1
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)
        assert sesion.scalars(select(Copia.huella)).all() == antes


def test_la_clave_de_cada_sobre_es_propia_de_version_y_cuenta(sesion, sello, almacen):
    cuentas = (una_cuenta(sesion), una_cuenta(sesion))
    pieza, sobres = una_pieza_aprobada(sesion, *cuentas, sello=sello, almacen=almacen)
    claves = {abrir(s.contenido, almacen.camino).clave for s in sobres}
    version = sesion.get_one(Version, pieza.version_vigente_id)
    assert claves == {sello.clave_de(version.id, c.id, version.hash_contenido) for c in cuentas}
    assert len(claves) == 2
