"""Parrillas malas por la línea de órdenes: cada una con su frase, y nada a medias."""

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from tests.oficina import LEE, MANDA, MANEJA, REDACTA, Hecho, Oficina

COLUMNAS = (
    "pieza", "texto", "texto_x", "enlace", "imagenes", "textos_alternativos", "etiquetas",
    "cuentas", "fecha", "hora",
)  # fmt: skip
BUENA = {
    "pieza": "Vacunación",
    "texto": "Este sábado hay vacunación gratuita 💉",
    "cuentas": "fb|x|web",
    "fecha": "2026-12-01",
    "hora": "07:30",
}


def en_csv(*filas: dict[str, str], columnas: tuple[str, ...] = COLUMNAS, sep: str = ";") -> bytes:
    salida = io.StringIO()
    escritor = csv.DictWriter(salida, columnas, delimiter=sep, restval="")
    escritor.writeheader()
    escritor.writerows(filas)
    return salida.getvalue().encode()


def con(**cambios: str) -> bytes:
    """Una fila buena y otra con un cambio: el cambio está en la fila 3."""
    return en_csv(BUENA, {**BUENA, "pieza": "Otra", **cambios})


def con_imagen(nombre: str) -> bytes:
    return con(imagenes=nombre, textos_alternativos="Lo que se ve")


@pytest.fixture
def importar(oficina: Oficina, tmp_path: Path) -> Callable[..., Hecho]:
    carpeta = tmp_path / "parrilla"
    carpeta.mkdir()

    def _importar(contenido: bytes, nombre: str = "p.csv", *opciones: str, como=REDACTA) -> Hecho:
        (carpeta / nombre).write_bytes(contenido)
        return oficina.orden("parrilla", "importar", carpeta / nombre, "--como", como, *opciones)

    return _importar


def rechazada(oficina: Oficina, hacer: Callable[[], Hecho], *palabras: str) -> None:
    """Sale con 1, lo dice por la salida de errores y en la base no cambia nada."""
    antes = oficina.volcado()
    hecho = hacer()
    assert hecho.codigo == 1, hecho
    assert hecho.salida == ""
    for palabra in palabras:
        assert palabra in hecho.errores, hecho.errores
    assert "Traceback" not in hecho.errores
    assert oficina.volcado() == antes


def xlsx(renglones: list[list[object]]) -> bytes:
    libro = openpyxl.Workbook()
    for renglon in renglones:
        libro.active.append(renglon)
    salida = io.BytesIO()
    libro.save(salida)
    return salida.getvalue()


def xlsx_inflado() -> bytes:
    """Un XLSX de pocos kilobytes que al abrirlo ocupa cientos de megas."""
    salida = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx([["pieza"]]))) as bueno,
        zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED) as malo,
    ):
        for miembro in bueno.namelist():
            relleno = b" " * (60 * 1024 * 1024) if "sheet1" in miembro else b""
            malo.writestr(miembro, bueno.read(miembro) + relleno)
    return salida.getvalue()


HOY = [list(COLUMNAS), [BUENA.get(c, "") for c in COLUMNAS]]
MALAS: dict[str, tuple[bytes, str, tuple[str, ...]]] = {
    "latin-1": (en_csv({**BUENA, "texto": "ñ"}).decode().encode("latin-1"), "p.csv", ("UTF-8",)),
    "utf-16": (con().decode().encode("utf-16"), "p.csv", ("UTF-8",)),
    "vacía": (b"", "p.csv", ("vacía",)),
    "solo encabezado": (en_csv(), "p.csv", ("no tiene filas",)),
    "comillas abiertas": (con() + b'"abierta;', "p.csv", ("comillas",)),
    "sin fecha ni cuentas": (
        en_csv({"pieza": "a", "texto": "b"}, columnas=("pieza", "texto")),
        "p.csv",
        ("Fila 1", "«cuentas»: falta esta columna", "«fecha»", "«hora»"),
    ),
    "columna ajena": (
        en_csv({**BUENA, "etiqueta": "a"}, columnas=(*COLUMNAS, "etiqueta")),
        "p.csv",
        ("Fila 1, columna «etiqueta»: esta columna no existe", "¿Quiso decir «etiquetas»?"),
    ),
    "fecha al revés": (con(fecha="01/12/2026"), "p.csv", ("Fila 3, columna «fecha»", "AAAA-MM-")),
    "30 de febrero": (con(fecha="2026-02-30"), "p.csv", ("Fila 3, columna «fecha»",)),
    "hora 25": (con(hora="25:00"), "p.csv", ("Fila 3, columna «hora»", "HH:MM")),
    "hora a. m.": (con(hora="7 a. m."), "p.csv", ("Fila 3, columna «hora»", "«7 a. m.»")),
    "cuenta desconocida": (
        con(cuentas="fb|tuiter"),
        "p.csv",
        ("Fila 3, columna «cuentas»: no existe la cuenta «tuiter»", "«fb», «web», «x»"),
    ),
    "sin cuentas": (con(cuentas=""), "p.csv", ("Fila 3, columna «cuentas»",)),
    "imagen que no está": (
        con_imagen("no está.jpg"),
        "p.csv",
        ("Fila 3, columna «imagenes»: no existe el archivo «no está.jpg»",),
    ),
    "sin texto alternativo": (
        con(imagenes="buena.jpg"),
        "p.csv",
        ("Fila 3, columna «textos_alternativos»: falta",),
    ),
    "largo para X": (
        con(texto="ñ" * 281, cuentas="x"),
        "p.csv",
        ("Fila 3, columna «texto»", "no cabe en X: mide 281 y el máximo es 280; sobran 1"),
    ),
    "emojis largos para X": (
        # 141 familias: cada una cuenta 2 y no las siete letras que ocupa.
        con(texto="👨‍👩‍👧‍👦" * 141, cuentas="x"),
        "p.csv",
        ("mide 282 y el máximo es 280; sobran 2",),
    ),
    "con el enlace ya no cabe en X": (
        con(texto="a" * 256, enlace="https://www.example.org/", cuentas="x"),
        "p.csv",
        ("mide 281 y el máximo es 280; sobran 1",),
    ),
    "enlace sin https": (con(enlace="www.example.org"), "p.csv", ("Fila 3, columna «enlace»",)),
    "enlace de código": (con(enlace="javascript:alert(1)"), "p.csv", ("Fila 3, columna «enlace»",)),
    "dos veces la misma fila": (en_csv(BUENA, BUENA), "p.csv", ("Fila 3", "repite la fila 2")),
    "xlsx que no lo es": (con(), "p.xlsx", ("no es un XLSX",)),
    "xlsx cortado": (xlsx(HOY)[:-200], "p.xlsx", ("XLSX",)),
    "xlsx inflado": (xlsx_inflado(), "p.xlsx", ("ocupa demasiado",)),
    "xlsx con fórmula sin calcular": (
        xlsx([HOY[0], [*HOY[1][:1], '="Hola "&A1', *HOY[1][2:]]]),
        "p.xlsx",
        ("Fila 2, columna «texto»",),
    ),
    "de otro programa": (con(), "p.ods", (".csv", ".xlsx")),
}  # fmt: skip


@pytest.mark.parametrize("cual", MALAS)
def test_una_parrilla_mala_se_explica_y_no_deja_nada(oficina, importar, tmp_path, cual) -> None:
    Image.new("RGB", (40, 30)).save(tmp_path / "parrilla" / "buena.jpg")
    contenido, nombre, palabras = MALAS[cual]
    rechazada(oficina, lambda: importar(contenido, nombre), *palabras, "No se importó nada")


def bomba_png() -> bytes:
    """225 megapíxeles de un solo color en pocos kilobytes."""

    def trozo(tipo: bytes, dato: bytes) -> bytes:
        return (
            struct.pack(">I", len(dato)) + tipo + dato + struct.pack(">I", zlib.crc32(tipo + dato))
        )

    cabeza = struct.pack(">IIBBBBB", 15_000, 15_000, 1, 0, 0, 0, 0)
    filas = zlib.compress(b"\0" * (15_000 * (1 + 15_000 // 8)), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + trozo(b"IHDR", cabeza) + trozo(b"IDAT", filas) + trozo(b"IEND", b"")
    )


def _jpeg() -> bytes:
    salida = io.BytesIO()
    Image.effect_noise((200, 150), 80).convert("RGB").save(salida, "JPEG")
    return salida.getvalue()


FALSAS = {
    "página.jpg": (b"<!doctype html><html><script>alert(1)</script></html>", "no es una imagen"),
    "dibujo.png": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "no es una imagen"),
    "programa.jpg": (b"MZ\x90\x00" + b"\0" * 500, "no es una imagen"),
    "vacía.jpg": (b"", "vacío"),
    "cortada.jpg": (_jpeg()[:2000], "cortada"),
    "bomba.png": (bomba_png(), "64 megapíxeles"),
}


def test_las_imagenes_falsas_cortadas_o_desmedidas_se_nombran_todas(
    oficina, importar, tmp_path
) -> None:
    assert len(FALSAS["bomba.png"][0]) < 40_000
    filas = []
    for numero, (nombre, (datos, _)) in enumerate(FALSAS.items()):
        (tmp_path / "parrilla" / nombre).write_bytes(datos)
        filas.append(
            {**BUENA, "pieza": f"P{numero}", "imagenes": nombre, "textos_alternativos": "x"}
        )
    esperadas = [
        f"Fila {numero}, columna «imagenes»: «{nombre}»: "
        for numero, nombre in enumerate(FALSAS, start=2)
    ]
    razones = [razon for _, razon in FALSAS.values()]
    rechazada(oficina, lambda: importar(en_csv(*filas)), *esperadas, *razones, "6 fallas")


def test_todas_las_fallas_de_una_parrilla_se_dicen_de_una_vez(oficina, importar) -> None:
    mala = en_csv(
        {**BUENA, "hora": "99:99"}, {**BUENA, "fecha": "mañana"}, {**BUENA, "cuentas": "no"}
    )
    rechazada(
        oficina,
        lambda: importar(mala),
        "Fila 2, columna «hora»",
        "Fila 3, columna «fecha»",
        "Fila 4, columna «cuentas»",
        "3 fallas por corregir",
    )


def test_lo_ya_importado_no_se_repite_salvo_que_se_pida(oficina, importar) -> None:
    assert importar(en_csv(BUENA)).codigo == 0
    rechazada(oficina, lambda: importar(en_csv(BUENA)), "Fila 2", "ya se importó", "--repetir")
    assert importar(en_csv(BUENA), "p.csv", "--repetir").codigo == 0
    piezas = oficina.bien("pieza", "listar", "--json").json()
    assert [p["titulo"] for p in piezas] == ["Vacunación", "Vacunación"]
    assert {p["estado"] for p in piezas} == {"borrador"}


def test_solo_importa_quien_redacta_y_existe(oficina, importar) -> None:
    rechazada(oficina, lambda: importar(en_csv(BUENA), como=LEE), "papel", "Consulta no lo tiene")
    rechazada(oficina, lambda: importar(en_csv(BUENA), como="nadie@prensa.example"), "nadie@")


def test_un_archivo_que_no_esta_se_nombra(oficina) -> None:
    rechazada(
        oficina,
        lambda: oficina.orden("parrilla", "importar", "/no/esta.csv", "--como", REDACTA),
        "No existe el archivo «/no/esta.csv»",
    )


def test_nada_sale_sin_que_lo_apruebe_una_jefatura_que_no_lo_escribio(oficina, importar) -> None:
    importar(en_csv(BUENA))
    importar(en_csv({**BUENA, "pieza": "De la jefa"}), como=MANDA)
    aprobar = ("pieza", "aprobar")
    negado = [
        (("1", "--como", MANDA), ("Pieza 1", "borrador")),
        (("99", "--como", MANDA), ("Pieza 99",)),
        (("1", "--como", "nadie@prensa.example"), ("nadie@prensa.example",)),
    ]
    en_revision = [
        (("1", "--como", REDACTA), ("Pieza 1",)),
        (("1", "--como", MANEJA), ("Pieza 1",)),
        (("1", "--como", LEE), ("Pieza 1",)),
        (("2", "--como", MANDA), ("Pieza 2", "otra persona")),
    ]
    for casos in (negado, en_revision):
        for argumentos, palabras in casos:
            antes = oficina.volcado()
            hecho = oficina.orden(*aprobar, *argumentos)
            assert hecho.codigo == 1, argumentos
            assert all(palabra in hecho.errores for palabra in palabras), hecho.errores
            assert oficina.volcado() == antes
        oficina.bien("pieza", "enviar", "--todas")
    # De dos pedidas, una no puede: la otra sí queda aprobada, y se dice.
    hecho = oficina.orden(*aprobar, "--todas", "--como", MANDA)
    assert (hecho.codigo, "1 pieza: aprobada" in hecho.salida) == (1, True)
    assert {e["pieza"] for e in oficina.cola()} == {"Vacunación"}
