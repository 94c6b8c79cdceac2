"""Sin autorización no hay entrega: ni se envía, ni se aprueba, y lo revocado se sabe dónde está."""

from datetime import date, timedelta

import pytest

from piezas.aprobacion import aprobar, pedir_revision
from piezas.autorizaciones import Permiso, registrar_autorizacion, revocar_autorizacion
from piezas.derechos import faltas_de, versiones_sin_derechos
from piezas.errores import DatosInvalidos, EstadoNoPermite, NoCabe, SinPermisoPara
from piezas.fichas import Ficha, guardar_ficha
from piezas.personas import Papel
from piezas.recortes import Caja, preparar_recorte, registrar_recorte
from tests.fabricas import AHORA, bytes_de_imagen, un_medio, una_persona, una_pieza

HOY = date(2026, 12, 1)


@pytest.fixture
def autor(sesion):
    return una_persona(sesion)


@pytest.fixture
def foto(sesion, almacen, autor):
    return un_medio(sesion, almacen, autor, datos=bytes_de_imagen(medida=(900, 600)))


def marcar(sesion, medio, por, **marcas):
    return guardar_ficha(sesion, medio.id, Ficha(**marcas), por=por.id, ahora=AHORA)


def un_permiso(**cambios):
    campos = {"quien": "Rosa Peña", "referencia": "Folio 12", "fecha": date(2026, 11, 20)}
    return Permiso(**(campos | cambios))


def autorizar(sesion, medio, por, **cambios):
    return registrar_autorizacion(sesion, medio.id, un_permiso(**cambios), por=por.id, ahora=AHORA)


def falta(sesion, medio, ahora=AHORA):
    return faltas_de(sesion, [medio.id], ahora=ahora).get(medio.id)


def test_sin_nadie_reconocible_no_se_pide_nada(sesion, foto):
    assert falta(sesion, foto) is None


def test_una_persona_sin_autorizacion_frena_y_con_ella_sale(sesion, foto, autor):
    marcar(sesion, foto, autor, hay_personas=True)
    assert "persona identificable" in falta(sesion, foto)
    autorizar(sesion, foto, autor)
    assert falta(sesion, foto) is None


def test_la_de_un_adulto_no_sirve_para_un_menor(sesion, foto, autor):
    marcar(sesion, foto, autor, hay_menores=True)
    autorizar(sesion, foto, autor)
    assert "menor de edad" in falta(sesion, foto)
    autorizar(sesion, foto, autor, quien="S. P.", es_menor=True, representante="Rosa Peña")
    assert falta(sesion, foto) is None


def test_quitar_la_marca_no_libra_de_lo_revocado(sesion, foto, autor):
    fila = autorizar(sesion, foto, autor)
    revocar_autorizacion(
        sesion, fila.id, motivo="Pidió que la quitáramos.", por=autor.id, ahora=AHORA
    )
    marcar(sesion, foto, autor)
    assert "se revocó" in falta(sesion, foto)
    autorizar(sesion, foto, autor, quien="rosa peña")
    assert falta(sesion, foto) is None


def test_una_vencida_frena_desde_el_dia_siguiente(sesion, foto, autor):
    autorizar(sesion, foto, autor, vence=HOY)
    assert falta(sesion, foto) is None
    assert "venció" in falta(sesion, foto, AHORA + timedelta(days=1))


def test_basta_que_una_de_dos_personas_revoque(sesion, foto, autor):
    autorizar(sesion, foto, autor)
    otra = autorizar(sesion, foto, autor, quien="Luis Gil")
    revocar_autorizacion(sesion, otra.id, motivo="Ya no quiere salir.", por=autor.id, ahora=AHORA)
    assert "se revocó" in falta(sesion, foto)


def test_un_recorte_hereda_los_permisos_de_su_original(sesion, almacen, foto, autor):
    caja = Caja(x=0, y=0, ancho=600, alto=600)
    listo = preparar_recorte(almacen, foto, caja, "1x1")
    recorte = registrar_recorte(sesion, foto.id, listo, caja, "1x1", por=autor.id, ahora=AHORA)
    assert recorte.id != foto.id
    marcar(sesion, recorte, autor, hay_personas=True)
    assert foto.hay_personas
    assert "persona identificable" in falta(sesion, recorte)
    autorizar(sesion, recorte, autor)
    assert falta(sesion, foto) is None
    assert falta(sesion, recorte) is None


def test_no_se_envia_a_revision_ni_se_aprueba_sin_permiso(sesion, almacen, sello, foto, autor):
    marcar(sesion, foto, autor, hay_personas=True)
    pieza = una_pieza(sesion, por=autor, medios=(foto,))
    with pytest.raises(NoCabe, match="falta su autorización"):
        pedir_revision(sesion, pieza.id, por=autor.id, ahora=AHORA)
    fila = autorizar(sesion, foto, autor)
    pedir_revision(sesion, pieza.id, por=autor.id, ahora=AHORA)
    revocar_autorizacion(sesion, fila.id, motivo="Lo pidió por escrito.", por=autor.id, ahora=AHORA)
    jefe = una_persona(sesion, Papel.JEFATURA)
    with pytest.raises(NoCabe, match="se revocó"):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)
    assert versiones_sin_derechos(sesion, [pieza.version_vigente_id], ahora=AHORA)


@pytest.mark.parametrize(
    ("cambios", "frase"),
    [
        ({"quien": "  "}, "quién autoriza"),
        ({"referencia": ""}, "documento firmado"),
        ({"fecha": None}, "fecha de la firma"),
        ({"fecha": date(2027, 1, 1)}, "en el futuro"),
        ({"vence": date(2026, 1, 1)}, "vence antes"),
        ({"es_menor": True}, "representante legal"),
    ],
)
def test_una_autorizacion_a_medias_no_se_registra(sesion, foto, autor, cambios, frase):
    with pytest.raises(DatosInvalidos, match=frase):
        autorizar(sesion, foto, autor, **cambios)


def test_revocar_pide_motivo_y_se_hace_una_vez(sesion, foto, autor):
    fila = autorizar(sesion, foto, autor)
    with pytest.raises(DatosInvalidos, match="por qué"):
        revocar_autorizacion(sesion, fila.id, motivo="no", por=autor.id, ahora=AHORA)
    revocar_autorizacion(sesion, fila.id, motivo="Lo pidió ayer.", por=autor.id, ahora=AHORA)
    with pytest.raises(EstadoNoPermite):
        revocar_autorizacion(sesion, fila.id, motivo="Lo pidió ayer.", por=autor.id, ahora=AHORA)


def test_quien_solo_consulta_no_toca_los_permisos(sesion, foto):
    with pytest.raises(SinPermisoPara):
        autorizar(sesion, foto, una_persona(sesion, Papel.CONSULTA))
