"""La parrilla sale con lo que pasó, sin fórmulas vivas, y se puede volver a importar."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from cola.errores import NoSePuede
from cola.estados import Estado
from cola.parrilla.exportar import ENCABEZADO, exportar
from cola.parrilla.importar import importar
from cola.publicaciones import Publicacion
from conectores.contrato import Red
from piezas.versiones import Pieza
from tests.fabricas import AHORA, un_medio, una_cuenta, una_persona, una_pieza

DIA = timedelta(days=1)


@pytest.fixture
def sesion(sesiones):
    with sesiones.begin() as abierta:
        yield abierta


def _sacar_csv(sesion, tmp_path, desde=AHORA, hasta=AHORA + DIA):
    ruta = tmp_path / "salida.csv"
    exportar(sesion, ruta, desde=desde, hasta=hasta)
    return list(csv.DictReader(io.StringIO(ruta.read_bytes().decode("utf-8-sig"), newline="")))


def test_lleva_las_columnas_de_la_parrilla_el_estado_y_la_direccion(sesion, tmp_path, almacen):
    pagina = una_cuenta(sesion, alias="pagina")
    trino = una_cuenta(sesion, Red.X, alias="trino")
    autor = una_persona(sesion)
    medio = un_medio(sesion, almacen, autor)
    pieza = una_pieza(sesion, pagina, trino, por=autor, medios=(medio,), campania="Vacunas")
    sesion.add(
        Publicacion(
            pieza_id=pieza.id,
            version_id=pieza.version_vigente_id,
            cuenta_id=pagina.id,
            clave="pub-1",
            sobre="{}",
            huella_sobre="x",
            estado=Estado.PUBLICADA,
            programada_para=AHORA,
            publicada_en=AHORA,
            id_remoto="1_2",
            url="https://facebook.example/1_2",
            creada_en=AHORA,
        )
    )
    (fila,) = _sacar_csv(sesion, tmp_path)
    assert tuple(fila) == ENCABEZADO
    assert fila["cuentas"] == "pagina|trino"
    assert fila["estado"] == "publicada|borrador"
    assert fila["url"] == "https://facebook.example/1_2|"
    assert (fila["fecha"], fila["hora"]) == ("2026-12-01", "07:00")
    assert fila["imagenes"] == "foto.jpg"
    assert fila["textos_alternativos"] == "Una enfermera con un carné."
    assert fila["campania"] == "Vacunas"


def test_el_periodo_incluye_el_comienzo_y_no_el_fin(sesion, tmp_path):
    una_pieza(sesion, programada_para=AHORA)
    una_pieza(sesion, programada_para=AHORA + DIA)
    assert len(_sacar_csv(sesion, tmp_path)) == 1


@pytest.mark.parametrize("signo", ["=", "+", "-", "@"])
def test_una_celda_que_seria_formula_sale_inerte(sesion, tmp_path, signo):
    maligno = f'{signo}HYPERLINK("http://malo.example","clic")'
    una_pieza(sesion, titulo=maligno, texto=maligno)
    (fila,) = _sacar_csv(sesion, tmp_path)
    assert fila["pieza"] == fila["texto"] == f"'{maligno}"
    ruta = tmp_path / "salida.xlsx"
    assert exportar(sesion, ruta, desde=AHORA, hasta=AHORA + DIA) == 1
    celda = openpyxl.load_workbook(ruta).active["A2"]
    assert (celda.value, celda.data_type) == (maligno, "s")


@pytest.mark.parametrize("final", ["csv", "xlsx"])
def test_lo_exportado_se_vuelve_a_importar_igual(sesion, tmp_path, almacen, final):
    autor = una_persona(sesion)
    texto = '@alcaldia avisa: «hoy», "mañana"\n\n- sin cita; 💉'
    pieza = una_pieza(
        sesion, una_cuenta(sesion), por=autor, texto=texto, etiquetas=("#Salud", "Bga"),
        enlace="https://alcaldia.example/a?b=1&c=2", dependencia="Secretaría de Salud",
    )  # fmt: skip
    ruta = tmp_path / f"salida.{final}"
    exportar(sesion, ruta, desde=AHORA, hasta=AHORA + DIA)
    (nueva_id,) = importar(
        sesion, ruta, por=autor.id, almacen=almacen, ahora=AHORA, repetir=True
    ).piezas
    nueva = sesion.get_one(Pieza, nueva_id)
    assert nueva.version.hash_contenido == pieza.version.hash_contenido
    assert nueva.dependencia_id == pieza.dependencia_id
    momentos = sesion.scalars(select(Pieza)).all()
    assert {m.programada_para for p in momentos for m in p.momentos} == {AHORA}


def test_una_pieza_con_cuentas_a_horas_distintas_ocupa_una_fila_por_hora(sesion, tmp_path):
    from piezas.redaccion import cambiar_momento

    cuentas = (una_cuenta(sesion, alias="a"), una_cuenta(sesion, alias="b"))
    pieza = una_pieza(sesion, *cuentas)
    despues = AHORA + timedelta(hours=2)
    cambiar_momento(sesion, pieza.id, cuentas[1].id, despues, por=pieza.autor_id, ahora=AHORA)
    filas = _sacar_csv(sesion, tmp_path)
    assert [(f["cuentas"], f["hora"]) for f in filas] == [("a", "07:00"), ("b", "09:00")]


def test_otro_final_no_se_exporta(sesion, tmp_path):
    with pytest.raises(NoSePuede):
        exportar(sesion, tmp_path / "salida.pdf", desde=AHORA, hasta=AHORA + DIA)
