"""La parrilla se importa entera o no se importa, y cada falla dice su fila y su columna."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest
from PIL import Image
from sqlalchemy import func, select

from cola.parrilla.importar import ParrillaConFallas, importar
from conectores.contrato import Red
from piezas.errores import SinPermisoPara
from piezas.medios import Medio
from piezas.personas import Papel
from piezas.versiones import EstadoPieza, Pieza
from tests.fabricas import AHORA, bytes_de_imagen, una_cuenta, una_persona

COLUMNAS = (
    "pieza", "texto", "texto_x", "enlace", "imagenes", "textos_alternativos", "campania",
    "etiquetas", "cuentas", "fecha", "hora", "actividad", "dependencia",
)  # fmt: skip
BUENA = {
    "pieza": "Vacunación",
    "texto": "Este sábado hay vacunación gratuita 💉 en la ciudad.",
    "cuentas": "pagina|trino",
    "fecha": "2026-12-01",
    "hora": "07:30",
}


@pytest.fixture
def sesion(sesiones):
    with sesiones.begin() as abierta:
        una_cuenta(abierta, Red.FACEBOOK, alias="pagina")
        una_cuenta(abierta, Red.X, alias="trino")
        una_cuenta(abierta, Red.WORDPRESS, alias="sitio")
        yield abierta


@pytest.fixture
def traer(sesion, almacen, tmp_path):
    """Escribe una parrilla CSV con esas filas y la importa."""
    quien = una_persona(sesion)

    def _traer(*filas, columnas=COLUMNAS, separador=",", codificacion="utf-8", **opciones):
        salida = io.StringIO()
        escritor = csv.DictWriter(salida, columnas, delimiter=separador, restval="")
        escritor.writeheader()
        escritor.writerows(filas)
        ruta = tmp_path / "parrilla.csv"
        ruta.write_bytes(salida.getvalue().encode(codificacion))
        return importar(sesion, ruta, por=quien.id, almacen=almacen, ahora=AHORA, **opciones)

    return _traer


def _fallas(traer, *filas, **opciones):
    with pytest.raises(ParrillaConFallas) as error:
        traer(*filas, **opciones)
    return [(f.fila, f.columna, f.mensaje) for f in error.value.fallas]


def _donde(traer, *filas, **opciones):
    return [(fila, columna) for fila, columna, _ in _fallas(traer, *filas, **opciones)]


def _piezas(sesion):
    return sesion.scalar(select(func.count()).select_from(Pieza))


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
    assert _donde(traer, BUENA, {**BUENA, "pieza": "Otra", "hora": "25:00"}) == [(3, "hora")]
    assert _piezas(sesion) == 0
    assert sesion.scalar(select(func.count()).select_from(Medio)) == 0


@pytest.mark.parametrize(
    ("cambio", "columna", "dice"),
    [
        ({"pieza": " "}, "pieza", "título"),
        ({"texto": ""}, "texto", "falta"),
        ({"cuentas": ""}, "cuentas", "cuenta"),
        ({"cuentas": "pagina|nadie"}, "cuentas", "«nadie»"),
        ({"cuentas": "pagina|pagina"}, "cuentas", "repetida"),
        ({"fecha": "01/12/2026"}, "fecha", "AAAA-MM-DD"),
        ({"fecha": "2026-02-30"}, "fecha", "2026-02-30"),
        ({"fecha": ""}, "fecha", "falta"),
        ({"hora": "7.30"}, "hora", "HH:MM"),
        ({"hora": "24:00"}, "hora", "HH:MM"),
        ({"hora": ""}, "hora", "falta"),
        ({"enlace": "www.alcaldia.example"}, "enlace", "https://"),
        ({"enlace": "javascript:alert(1)"}, "enlace", "https://"),
        ({"enlace": "https://alcaldia.example/a b"}, "enlace", "https://"),
        ({"enlace": "https://u:c@alcaldia.example/"}, "enlace", "contraseña"),
        ({"etiquetas": "#con-guion"}, "etiquetas", "#con-guion"),
        ({"actividad": "A17"}, "actividad", "A16"),
        ({"texto": "roto \x07"}, "texto", "invisibles"),
        ({"imagenes": "no.jpg", "textos_alternativos": "x"}, "imagenes", "no existe"),
        ({"textos_alternativos": "sobra"}, "textos_alternativos", "imágenes son 0"),
    ],
)
def test_cada_falla_dice_su_fila_su_columna_y_que_hacer(traer, sesion, cambio, columna, dice):
    (falla,) = {f[:2]: f for f in _fallas(traer, BUENA, {**BUENA, "pieza": "B", **cambio})}.values()
    assert falla[:2] == (3, columna)
    assert dice in falla[2]
    assert _piezas(sesion) == 0


def test_se_dicen_todas_las_fallas_de_una_vez(traer):
    mala = {"pieza": "", "texto": "", "cuentas": "nadie", "fecha": "ayer", "hora": "tarde"}
    assert set(_donde(traer, mala)) == {
        (2, "pieza"), (2, "cuentas"), (2, "fecha"), (2, "hora"),
    }  # fmt: skip


def test_faltan_textos_alternativos_o_no_cuadran(traer, tmp_path):
    for nombre in ("a.jpg", "b.jpg"):
        (tmp_path / nombre).write_bytes(bytes_de_imagen())
    con = {**BUENA, "imagenes": "a.jpg|b.jpg"}
    assert _donde(traer, con) == [(2, "textos_alternativos")]
    assert _donde(traer, {**con, "textos_alternativos": "uno"}) == [(2, "textos_alternativos")]
    assert _donde(traer, {**con, "textos_alternativos": "uno| "}) == [(2, "textos_alternativos")]


def test_una_imagen_falsa_cortada_o_desmedida_se_nombra(traer, tmp_path):
    (tmp_path / "falsa.jpg").write_bytes(b"<html><script>alert(1)</script></html>")
    (tmp_path / "vector.png").write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    ruidosa = Image.effect_noise((200, 200), 60)
    ruidosa.save(tmp_path / "entera.jpg")
    entera = (tmp_path / "entera.jpg").read_bytes()
    (tmp_path / "cortada.jpg").write_bytes(entera[: len(entera) // 2])
    Image.new("1", (10_000, 10_000)).save(tmp_path / "bomba.png")
    nombres = ("falsa.jpg", "vector.png", "cortada.jpg", "bomba.png")
    filas = [{**BUENA, "pieza": n, "imagenes": n, "textos_alternativos": "Algo"} for n in nombres]
    fallas = _fallas(traer, *filas)
    assert [f[:2] for f in fallas] == [(n, "imagenes") for n in (2, 3, 4, 5)]
    assert all(nombre in falla[2] for nombre, falla in zip(nombres, fallas, strict=True))
    assert "64 megapíxeles" in fallas[3][2]


def test_el_texto_largo_para_x_se_cuenta_como_x(traer, sesion):
    justo = {**BUENA, "texto_x": "a" * 280}
    traer(justo)
    assert _donde(traer, {**BUENA, "pieza": "B", "texto_x": "a" * 281}) == [(2, "texto_x")]
    # Cuentan el enlace (23) y las etiquetas que se agregan al salir.
    con_enlace = {**BUENA, "pieza": "C", "texto_x": "a" * 250, "etiquetas": "#Salud"}
    assert _donde(traer, {**con_enlace, "enlace": "https://alcaldia.example/"}) == [(2, "texto_x")]
    # El emoji pesa 2.
    assert _donde(traer, {**BUENA, "pieza": "D", "texto_x": "💉" * 141}) == [(2, "texto_x")]


def test_cinco_imagenes_no_caben_en_x_y_si_en_facebook(traer, tmp_path):
    (tmp_path / "a.jpg").write_bytes(bytes_de_imagen())
    fila = {
        **BUENA,
        "imagenes": "|".join(["a.jpg"] * 5),
        "textos_alternativos": "|".join("abcde"),
    }
    ((numero, columna, mensaje),) = _fallas(traer, fila)
    assert (numero, columna) == (2, "imagenes")
    assert "X" in mensaje
    traer({**fila, "cuentas": "pagina"})


def test_un_texto_propio_basta_si_cada_red_lo_tiene(traer, sesion):
    traer({**BUENA, "texto": "", "texto_x": "Solo X", "cuentas": "trino"})
    assert _donde(traer, {**BUENA, "pieza": "B", "texto": "", "texto_x": "Solo X"}) == [
        (2, "texto")
    ]


def test_importar_dos_veces_lo_mismo_es_falla_salvo_que_se_pida(traer, sesion):
    traer(BUENA)
    assert _donde(traer, BUENA) == [(2, "pieza"), (2, "pieza")]
    assert _piezas(sesion) == 1
    traer(BUENA, repetir=True)
    assert _piezas(sesion) == 2


def test_una_fila_repetida_dentro_del_archivo_es_falla(traer):
    fallas = _fallas(traer, BUENA, {**BUENA, "cuentas": "trino"})
    assert [f[:2] for f in fallas] == [(3, "pieza")]
    assert "fila 2" in fallas[0][2]


def test_la_misma_pieza_a_otra_hora_no_es_repetida(traer, sesion):
    traer(BUENA, {**BUENA, "hora": "09:00"})
    assert _piezas(sesion) == 2


def test_las_fechas_pasadas_se_aceptan(traer, sesion):
    traer({**BUENA, "fecha": "2020-01-31", "hora": "7:05"})
    assert _piezas(sesion) == 1


def test_una_cuenta_desactivada_no_recibe_piezas(traer, sesion):
    una_cuenta(sesion, alias="vieja", activa=False)
    assert _donde(traer, {**BUENA, "cuentas": "vieja"}) == [(2, "cuentas")]


def test_otra_codificacion_se_dice_con_su_fila(traer, sesion):
    fallas = _fallas(traer, BUENA, codificacion="utf-16")
    assert "UTF-8" in fallas[0][2]
    sin_emoji = {**BUENA, "texto": "Jornada de vacunación"}
    ((fila, _, mensaje),) = _fallas(traer, sin_emoji, codificacion="cp1252")
    assert (fila, "UTF-8" in mensaje) == (2, True)
    assert _piezas(sesion) == 0


def test_columnas_que_faltan_sobran_o_se_repiten(traer):
    sin_hora = tuple(c for c in COLUMNAS if c != "hora")
    fila = {c: v for c, v in BUENA.items() if c != "hora"}
    assert _donde(traer, fila, columnas=sin_hora) == [(1, "hora")]
    ((_, columna, mensaje),) = _fallas(traer, BUENA, columnas=(*COLUMNAS, "cuenta"))
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


def test_quien_no_redacta_no_importa(sesion, almacen, tmp_path):
    quien = una_persona(sesion, Papel.CONSULTA)
    with pytest.raises(SinPermisoPara):
        importar(sesion, tmp_path / "no.csv", por=quien.id, almacen=almacen, ahora=AHORA)
