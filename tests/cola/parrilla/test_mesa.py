"""La mesa: se corrige celda por celda, nada se pierde y cada fila entra una sola vez."""

import io
import zipfile

import pytest

from cola.errores import NoEncontrada, NoSePuede
from cola.parrilla.mesa import corregir, importar_mesa, poner_en_mesa, revisar_mesa
from cola.parrilla.subidos import recibir
from piezas.versiones import Pieza
from tests.cola.parrilla.filas import contar_piezas
from tests.fabricas import AHORA, bytes_de_imagen, una_persona

ENCABEZADO = "pieza,texto,cuentas,fecha,hora,imagenes,textos_alternativos"


@pytest.fixture
def quien(sesion):
    return una_persona(sesion)


@pytest.fixture
def poner(sesion, almacen, tmp_path, quien):
    def _poner(*filas, archivos=()):
        ruta = tmp_path / "parrilla.csv"
        ruta.write_text("\n".join((ENCABEZADO, *filas)), encoding="utf-8")
        return poner_en_mesa(
            sesion,
            ruta,
            recibir(archivos, almacen),
            nombre="diciembre.csv",
            por=quien.id,
            ahora=AHORA,
        )

    return _poner


BUENA = "Vacunación,Este sábado hay vacunación.,pagina,2026-12-05,08:00,,"
MALA = "Feria,La feria abre a las ocho.,paguina,2026-13-05,25:00,,"


def test_cada_falla_queda_en_su_celda(sesion, poner, quien):
    revision = revisar_mesa(sesion, poner(BUENA, MALA), por=quien.id)
    assert (revision.buenas, revision.malas) == ((2,), (3,))
    assert "no existe la cuenta «paguina»" in revision.en_celda(3, "cuentas")[0]
    assert "no es una fecha" in revision.en_celda(3, "fecha")[0]
    assert "no es una hora" in revision.en_celda(3, "hora")[0]
    assert revision.en_celda(2, "hora") == ()


def test_se_corrige_en_la_mesa_y_entra_una_sola_vez(sesion, poner, quien):
    mesa = poner(BUENA, MALA)
    arreglo = {(3, "cuentas"): "pagina", (3, "fecha"): "2026-12-06", (3, "hora"): "09:00"}
    assert corregir(sesion, mesa, arreglo, por=quien.id, ahora=AHORA).malas == ()
    assert importar_mesa(sesion, mesa, por=quien.id, ahora=AHORA) == (2, 3)
    assert importar_mesa(sesion, mesa, por=quien.id, ahora=AHORA) == ()
    assert contar_piezas(sesion) == 2
    assert {f.pieza_id for f in revisar_mesa(sesion, mesa, por=quien.id).filas} == set(
        sesion.scalars(Pieza.__table__.select().with_only_columns(Pieza.id))
    )


def test_lo_corregido_a_medias_sigue_ahi_al_volver(sesion, poner, quien):
    mesa = poner(MALA)
    corregir(sesion, mesa, {(2, "hora"): "09:00"}, por=quien.id, ahora=AHORA)
    revision = revisar_mesa(sesion, mesa, por=quien.id)
    assert revision.filas[0].celdas["hora"] == "09:00"
    assert revision.en_celda(2, "hora") == ()
    assert revision.malas == (2,)


def test_las_filas_omitidas_y_las_no_elegidas_no_entran(sesion, poner, quien):
    otra = BUENA.replace("Vacunación", "Ciclovía", 1)
    mesa = poner(BUENA, otra, MALA)
    corregir(sesion, mesa, {}, omitidas={4}, por=quien.id, ahora=AHORA)
    assert importar_mesa(sesion, mesa, elegidas={3}, por=quien.id, ahora=AHORA) == (3,)
    assert [pieza.titulo for pieza in sesion.query(Pieza)] == ["Ciclovía"]


def test_la_parrilla_de_otra_persona_no_se_ve(sesion, poner):
    mesa = poner(BUENA)
    with pytest.raises(NoEncontrada):
        revisar_mesa(sesion, mesa, por=una_persona(sesion).id)


def test_las_imagenes_llegan_en_un_zip_y_se_nombran_por_su_nombre(sesion, poner, quien):
    paquete = io.BytesIO()
    with zipfile.ZipFile(paquete, "w") as zip_:
        zip_.writestr("fotos/Afiche.JPG", bytes_de_imagen())
        zip_.writestr("__MACOSX/fotos/._Afiche.JPG", b"sombra")
    fila = "Feria,La feria abre.,pagina,2026-12-05,08:00,afiche.jpg,Un afiche"
    mesa = poner(fila, archivos=[("fotos.zip", paquete.getvalue())])
    assert importar_mesa(sesion, mesa, por=quien.id, ahora=AHORA) == (2,)
    (pieza,) = sesion.query(Pieza)
    assert [m.medio.nombre_original for m in pieza.version.medios] == ["Afiche.JPG"]


@pytest.mark.parametrize("ruta", ["/etc/passwd", "../../etc/passwd", "/etc/hostname"])
def test_una_parrilla_subida_no_nombra_archivos_del_servidor(sesion, poner, quien, ruta):
    mesa = poner(f"Feria,La feria abre.,pagina,2026-12-05,08:00,{ruta},Un afiche")
    revision = revisar_mesa(sesion, mesa, por=quien.id)
    assert "súbalo aquí" in revision.en_celda(2, "imagenes")[0]


def test_un_archivo_que_no_sirve_se_dice_en_su_celda_y_se_reemplaza(sesion, poner, quien, almacen):
    fila = "Feria,La feria abre.,pagina,2026-12-05,08:00,a.jpg,Un afiche"
    mesa = poner(fila, archivos=[("a.jpg", b"no es una imagen")])
    assert revisar_mesa(sesion, mesa, por=quien.id).malas == (2,)
    buena = recibir([("a.jpg", bytes_de_imagen())], almacen)
    revision = corregir(sesion, mesa, {}, subidos=buena, por=quien.id, ahora=AHORA)
    assert revision.malas == ()


def test_un_zip_danado_se_dice_en_una_frase(almacen):
    with pytest.raises(NoSePuede, match="no es un ZIP"):
        recibir([("fotos.zip", b"PK\x03\x04roto")], almacen)
