"""El archivo de la parrilla: codificación, columnas, CSV mal armados y XLSX hostiles."""

import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest
from sqlalchemy import select

from cola.parrilla.importar import ParrillaConFallas, importar
from piezas.versiones import Pieza
from tests.cola.parrilla.filas import BUENA, COLUMNAS, contar_piezas, donde, fallas_de
from tests.fabricas import AHORA, una_persona


def test_otra_codificacion_se_dice_con_su_fila(traer, sesion):
    fallas = fallas_de(traer, BUENA, codificacion="utf-16")
    assert "UTF-8" in fallas[0][2]
    sin_emoji = {**BUENA, "texto": "Jornada de vacunación"}
    ((fila, _, mensaje),) = fallas_de(traer, sin_emoji, codificacion="cp1252")
    assert (fila, "UTF-8" in mensaje) == (2, True)
    assert contar_piezas(sesion) == 0


def test_columnas_que_faltan_sobran_o_se_repiten(traer):
    sin_hora = tuple(c for c in COLUMNAS if c != "hora")
    fila = {c: v for c, v in BUENA.items() if c != "hora"}
    assert donde(traer, fila, columnas=sin_hora) == [(1, "hora")]
    ((_, columna, mensaje),) = fallas_de(traer, BUENA, columnas=(*COLUMNAS, "cuenta"))
    assert (columna, "«cuentas»" in mensaje) == ("cuenta", True)


@pytest.mark.parametrize(
    ("contenido", "esperado"),
    [
        ("pieza,texto,cuentas,fecha,hora\nA,B,pagina,2026-12-01\n", (2, None)),
        ("pieza,texto,cuentas,fecha,hora\nA,B,C,pagina,2026-12-01,07:00\n", (2, None)),
        ('pieza,texto,cuentas,fecha,hora\nA,"B,pagina,2026-12-01,07:00\n', (2, None)),
        ("pieza,pieza,texto,cuentas,fecha,hora\nA,A,B,pagina,2026-12-01,07:00\n", (1, "pieza")),
        ("pieza,texto,cuentas,fecha,hora\n", (None, None)),
        ("", (None, None)),
        ("pieza,texto\0", (None, None)),
    ],
)
def test_un_csv_mal_armado_dice_donde(sesion, almacen, tmp_path, contenido, esperado):
    ruta = tmp_path / "p.csv"
    ruta.write_text(contenido)
    quien = una_persona(sesion)
    with pytest.raises(ParrillaConFallas) as error:
        importar(sesion, ruta, por=quien.id, almacen=almacen, ahora=AHORA)
    (falla,) = error.value.fallas
    assert (falla.fila, falla.columna) == esperado
    assert str(falla).endswith(".")


def test_las_filas_en_blanco_no_cuentan_pero_numeran(sesion, almacen, tmp_path):
    ruta = tmp_path / "p.csv"
    ruta.write_text("pieza,texto,cuentas,fecha,hora\n,,,,\n\nA,B,pagina,2026-12-01,99:00\n,,,,\n")
    quien = una_persona(sesion)
    with pytest.raises(ParrillaConFallas) as error:
        importar(sesion, ruta, por=quien.id, almacen=almacen, ahora=AHORA)
    assert [f.fila for f in error.value.fallas] == [4]


def test_el_encabezado_admite_tildes_mayusculas_y_cualquier_orden(sesion, almacen, tmp_path):
    ruta = tmp_path / "p.csv"
    ruta.write_text("HORA;Campaña;Fecha;Cuentas;Texto;Pieza\n07:00;C;2026-12-01;pagina;B;A\n")
    quien = una_persona(sesion)
    importar(sesion, ruta, por=quien.id, almacen=almacen, ahora=AHORA)
    assert sesion.scalars(select(Pieza)).one().campania.nombre == "C"


def _libro(ruta, *filas):
    libro = openpyxl.Workbook()
    for fila in filas:
        libro.active.append(fila)
    libro.save(ruta)


def test_un_xlsx_con_celdas_de_fecha_y_hora_vale_lo_mismo(sesion, almacen, tmp_path):
    ruta = tmp_path / "p.xlsx"
    momento = datetime(2026, 12, 1, 7, 30)  # noqa: DTZ001 (una celda no tiene zona)
    _libro(
        ruta,
        ("pieza", "texto", "cuentas", "fecha", "hora"),
        (2026, "Renglón 1\nRenglón 2 🎉", "pagina", momento.date(), momento.time()),
        ("B", "Otro", "pagina", "2026-12-02", "08:00"),
    )
    quien = una_persona(sesion)
    importar(sesion, ruta, por=quien.id, almacen=almacen, ahora=AHORA)
    primera, segunda = sesion.scalars(select(Pieza).order_by(Pieza.id)).all()
    assert (primera.titulo, primera.version.texto) == ("2026", "Renglón 1\nRenglón 2 🎉")
    assert primera.momentos[0].programada_para == datetime(2026, 12, 1, 12, 30, tzinfo=UTC)
    assert segunda.momentos[0].programada_para == datetime(2026, 12, 2, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize("como", ["texto", "bomba", "entidades", "cortado"])
def test_un_xlsx_falso_u_hostil_no_se_abre(sesion, almacen, tmp_path, como):
    ruta = tmp_path / "p.xlsx"
    _libro(ruta, ("pieza", "texto", "cuentas", "fecha", "hora"), ("A", "B", "pagina", "x", "y"))
    bueno = ruta.read_bytes()
    if como == "texto":
        ruta.write_text("pieza,texto")
    elif como == "cortado":
        ruta.write_bytes(bueno[: len(bueno) // 2])
    else:
        malo = b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>" if como == "entidades" else b" " * 50_000_000
        with zipfile.ZipFile(ruta, "a", zipfile.ZIP_DEFLATED) as paquete:
            paquete.writestr("xl/extra.xml", malo)
    quien = una_persona(sesion)
    with pytest.raises(ParrillaConFallas) as error:
        importar(sesion, ruta, por=quien.id, almacen=almacen, ahora=AHORA)
    (falla,) = error.value.fallas
    assert (falla.fila, falla.columna) == (None, None)
    assert "XLSX" in falla.mensaje


def test_un_archivo_que_no_existe_o_de_otro_tipo_se_dice(sesion, almacen, tmp_path):
    quien = una_persona(sesion)
    (tmp_path / "p.ods").write_bytes(b"x")
    for nombre, dice in (("no.csv", "No existe"), ("p.ods", ".csv")):
        with pytest.raises(ParrillaConFallas, match=dice):
            importar(sesion, tmp_path / nombre, por=quien.id, almacen=almacen, ahora=AHORA)
