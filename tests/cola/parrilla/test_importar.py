"""La parrilla se importa entera o no se importa, y lo repetido se nota."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from cola.parrilla.importar import importar
from piezas.errores import SinPermisoPara
from piezas.medios import Medio
from piezas.personas import Papel
from piezas.versiones import EstadoPieza, Pieza
from tests.cola.parrilla.filas import BUENA, contar_piezas, donde, fallas_de
from tests.fabricas import AHORA, bytes_de_imagen, una_persona


def test_una_fila_es_una_pieza_en_borrador_con_su_momento_de_bogota(traer, sesion):
    (pieza_id,) = traer(
        {**BUENA, "etiquetas": "#Salud Bga", "campania": "Vacunas al día", "actividad": "a6"}
    ).piezas
    pieza = sesion.get_one(Pieza, pieza_id)
    assert pieza.estado is EstadoPieza.BORRADOR
    assert pieza.version.texto == BUENA["texto"]
    assert pieza.version.etiquetas == "#Salud Bga"
    assert (pieza.campania.nombre, pieza.actividad) == ("Vacunas al día", "A6")
    assert {m.programada_para for m in pieza.momentos} == {
        datetime(2026, 12, 1, 12, 30, tzinfo=UTC)
    }
    assert {d.alias for d in pieza.version.destinos} == {"pagina", "trino"}


@pytest.mark.parametrize("separador", [",", ";"])
@pytest.mark.parametrize("codificacion", ["utf-8", "utf-8-sig"])
def test_acepta_coma_o_punto_y_coma_con_o_sin_marca(traer, sesion, separador, codificacion):
    fila = {**BUENA, "texto": "Con coma, punto y coma; y «comillas»\ny otro renglón"}
    traer(fila, separador=separador, codificacion=codificacion)
    assert sesion.scalars(select(Pieza)).one().version.texto == fila["texto"]


def test_con_en_revision_quedan_listas_para_aprobar(traer, sesion):
    traer(BUENA, en_revision=True)
    assert sesion.scalars(select(Pieza.estado)).one() is EstadoPieza.EN_REVISION


def test_las_imagenes_se_buscan_junto_a_la_parrilla_o_por_camino_absoluto(traer, sesion, tmp_path):
    (tmp_path / "año.png").write_bytes(bytes_de_imagen("PNG"))
    aparte = tmp_path / "aparte"
    aparte.mkdir()
    (aparte / "otra.webp").write_bytes(bytes_de_imagen("WEBP", (40, 30)))
    fila = {
        **BUENA,
        "imagenes": f"año.png | {aparte / 'otra.webp'}",
        "textos_alternativos": "Una niña | Un niño",
    }
    traer(fila, {**fila, "pieza": "Otra"})
    piezas = sesion.scalars(select(Pieza).order_by(Pieza.id)).all()
    assert [m.texto_alternativo for m in piezas[0].version.medios] == ["Una niña", "Un niño"]
    # La misma imagen en dos filas es un solo medio.
    assert sesion.scalar(select(func.count()).select_from(Medio)) == 2


def test_una_sola_fila_mala_no_deja_nada_importado(traer, sesion):
    assert donde(traer, BUENA, {**BUENA, "pieza": "Otra", "hora": "25:00"}) == [(3, "hora")]
    assert contar_piezas(sesion) == 0
    assert sesion.scalar(select(func.count()).select_from(Medio)) == 0


def test_importar_dos_veces_lo_mismo_es_falla_salvo_que_se_pida(traer, sesion):
    traer(BUENA)
    assert donde(traer, BUENA) == [(2, "pieza"), (2, "pieza")]
    assert contar_piezas(sesion) == 1
    traer(BUENA, repetir=True)
    assert contar_piezas(sesion) == 2


def test_una_fila_repetida_dentro_del_archivo_es_falla(traer):
    fallas = fallas_de(traer, BUENA, {**BUENA, "cuentas": "trino"})
    assert [f[:2] for f in fallas] == [(3, "pieza")]
    assert "fila 2" in fallas[0][2]


def test_la_misma_pieza_a_otra_hora_no_es_repetida(traer, sesion):
    traer(BUENA, {**BUENA, "hora": "09:00"})
    assert contar_piezas(sesion) == 2


def test_las_fechas_pasadas_se_aceptan(traer, sesion):
    traer({**BUENA, "fecha": "2020-01-31", "hora": "7:05"})
    assert contar_piezas(sesion) == 1


def test_quien_no_redacta_no_importa(sesion, almacen, tmp_path):
    quien = una_persona(sesion, Papel.CONSULTA)
    with pytest.raises(SinPermisoPara):
        importar(sesion, tmp_path / "no.csv", por=quien.id, almacen=almacen, ahora=AHORA)
