"""Buscar, describir, recortar y reconocer lo repetido en la mediateca."""

from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from piezas.autorizaciones import Permiso, registrar_autorizacion
from piezas.busqueda import POR_PAGINA, EstadoDerechos, Filtro, contar, pagina, parecidos
from piezas.errores import DatosInvalidos, EstadoNoPermite, ImagenNoSirve
from piezas.fichas import Ficha, archivar, desarchivar, editar_varias, guardar_ficha, poner_foco
from piezas.ingreso import preparar_imagen, registrar_o_hallar
from piezas.medios import Medio
from piezas.miniaturas import LADO_PX, miniatura
from piezas.recortes import (
    PROPORCIONES,
    Caja,
    caja_con_foco,
    preparar_recorte,
    registrar_recorte,
)
from piezas.subtitulos import a_vtt
from tests.fabricas import AHORA, un_medio, una_persona, una_pieza

HOY = date(2026, 12, 1)


def dibujo(formato="PNG", medida=(640, 480), semilla=0, **guardar):
    """Una imagen con algo que ver: manchas distintas según la semilla."""
    imagen = Image.radial_gradient("L").resize(medida).convert("RGB")
    ancho, alto = medida
    for numero in range(6):
        x = (semilla * 97 + numero * 131) % (ancho // 2)
        y = (semilla * 53 + numero * 71) % (alto // 2)
        color = ((semilla * 40 + numero * 35) % 255, numero * 40, 255 - numero * 40)
        imagen.paste(color, (x, y, x + ancho // 3, y + alto // 5))
    salida = BytesIO()
    imagen.save(salida, formato, **guardar)
    return salida.getvalue()


@pytest.fixture
def autor(sesion):
    return una_persona(sesion)


@pytest.fixture
def subir(sesion, almacen, autor):
    def una(datos=None, **ficha):
        medio = un_medio(sesion, almacen, autor, datos=datos or dibujo())
        if ficha:
            guardar_ficha(sesion, medio.id, Ficha(**ficha), por=autor.id, ahora=AHORA)
        return medio

    return una


def hallados(sesion, **filtro):
    return [m.id for m in pagina(sesion, Filtro(**filtro), hoy=HOY)[0]]


def test_se_busca_por_lo_escrito_sin_importar_tildes(sesion, subir):
    uno = subir(dibujo(semilla=1), titulo="Vacunación en Cabecera", credito="Ángela Niño")
    otro = subir(dibujo(semilla=2), evento="Feria del libro", responsable="Óscar Peña")
    assert hallados(sesion, texto="VACUNACION nino") == [uno.id]
    assert hallados(sesion, evento="feria") == [otro.id]
    assert hallados(sesion, responsable="oscar") == [otro.id]
    assert hallados(sesion, texto="100%") == []


def test_se_filtra_por_fecha_y_por_derechos(sesion, subir, autor):
    libre = subir(dibujo(semilla=1), fecha=date(2026, 11, 3))
    falta = subir(dibujo(semilla=2), fecha=date(2026, 11, 9), hay_personas=True)
    listo = subir(dibujo(semilla=3), hay_personas=True)
    permiso = Permiso(quien="Rosa", referencia="Folio 1", fecha=HOY)
    registrar_autorizacion(sesion, listo.id, permiso, por=autor.id, ahora=AHORA)
    assert hallados(sesion, desde=date(2026, 11, 4), hasta=date(2026, 11, 30)) == [falta.id]
    assert hallados(sesion, derechos=EstadoDerechos.FALTAN) == [falta.id]
    assert hallados(sesion, derechos=EstadoDerechos.AL_DIA) == [listo.id]
    assert hallados(sesion, derechos=EstadoDerechos.SIN_PERSONAS) == [libre.id]
    assert contar(sesion, Filtro(), hoy=HOY) == 3


def test_las_paginas_no_repiten_ni_se_saltan_nada(sesion, subir):
    modelo = subir()
    for numero in range(POR_PAGINA + 5):
        sesion.add(
            Medio(
                huella=f"{numero:064x}", clase=modelo.clase, tipo=modelo.tipo,
                nombre_original="x", peso_bytes=1, ancho_px=1, alto_px=1,
                subido_por=modelo.subido_por, subido_en=AHORA,
            )
        )  # fmt: skip
    sesion.flush()
    primera, sigue = pagina(sesion, Filtro(), hoy=HOY)
    segunda, fin = pagina(sesion, Filtro(), hoy=HOY, antes_de=sigue)
    ids = [m.id for m in [*primera, *segunda]]
    assert fin is None
    assert ids == sorted(set(ids), reverse=True)
    assert len(ids) == POR_PAGINA + 6


def test_la_misma_imagen_en_otro_formato_no_se_guarda_dos_veces(sesion, almacen, autor, subir):
    uno = subir(dibujo("PNG"))
    listo = preparar_imagen(almacen, dibujo("TIFF"), nombre="b.tiff")
    assert listo.huella != uno.huella
    hallado, es_nuevo = registrar_o_hallar(sesion, listo, por=autor.id, ahora=AHORA)
    assert (hallado.id, es_nuevo) == (uno.id, False)


def test_una_mas_pequena_y_comprimida_se_parece_y_otra_no(sesion, subir):
    original = dibujo("PNG", (1200, 900), semilla=1)
    salida = BytesIO()
    with Image.open(BytesIO(original)) as imagen:
        imagen.resize((500, 375)).save(salida, "JPEG", quality=60)
    grande, chica = subir(original), subir(salida.getvalue())
    subir(dibujo("PNG", semilla=4))
    assert [m.id for m in parecidos(sesion, grande)] == [chica.id]


def test_dos_imagenes_lisas_no_se_parecen(sesion, subir):
    una = subir(dibujo_liso("red"))
    subir(dibujo_liso("blue"))
    assert parecidos(sesion, una) == []


def dibujo_liso(color):
    salida = BytesIO()
    Image.new("RGB", (400, 300), color).save(salida, "PNG")
    return salida.getvalue()


@pytest.mark.parametrize("proporcion", PROPORCIONES, ids=lambda una: una.clave)
@pytest.mark.parametrize("foco", [(0, 0), (0.5, 0.5), (1, 1), (0.9, 0.1)])
def test_el_recorte_automatico_cabe_y_guarda_el_foco(proporcion, foco):
    for ancho, alto in ((1600, 900), (900, 1600), (640, 640), (3000, 201)):
        caja = caja_con_foco(ancho, alto, proporcion, foco)
        assert 0 <= caja.x <= caja.x + caja.ancho <= ancho
        assert 0 <= caja.y <= caja.y + caja.alto <= alto
        assert caja.ancho / caja.alto == pytest.approx(proporcion.ancho / proporcion.alto, rel=0.02)
        assert caja.x <= foco[0] * ancho <= caja.x + caja.ancho
        assert caja.y <= foco[1] * alto <= caja.y + caja.alto


def test_un_recorte_es_el_pedazo_pedido_y_conserva_el_credito(sesion, almacen, subir, autor):
    medio = subir(dibujo("PNG", (800, 600)), credito="Prensa", texto_alternativo="Un parque")
    caja = Caja(x=100, y=50, ancho=400, alto=400)
    listo = preparar_recorte(almacen, medio, caja, "1x1")
    recorte = registrar_recorte(sesion, medio.id, listo, caja, "1x1", por=autor.id, ahora=AHORA)
    assert (recorte.ancho_px, recorte.alto_px) == (400, 400)
    assert (recorte.credito, recorte.texto_alternativo) == ("Prensa", "Un parque")
    assert recorte.derivado_de_id == medio.id
    original, pedazo = (Image.open(almacen.camino(m.huella)) for m in (medio, recorte))
    with original, pedazo:
        assert pedazo.tobytes() == original.crop((100, 50, 500, 450)).tobytes()


@pytest.mark.parametrize(
    ("caja", "clave", "frase"),
    [
        (Caja(x=0, y=0, ancho=400, alto=300), "1x1", "proporción 1:1"),
        (Caja(x=0, y=0, ancho=10, alto=10), "1x1", "muy pequeño"),
        (Caja(x=700, y=0, ancho=400, alto=400), "libre", "muy pequeño"),
        (Caja(x=0, y=0, ancho=400, alto=400), "otra", "para dónde"),
    ],
)
def test_un_recorte_imposible_se_explica(almacen, subir, caja, clave, frase):
    with pytest.raises(DatosInvalidos, match=frase):
        preparar_recorte(almacen, subir(dibujo("PNG", (800, 600))), caja, clave)


def test_lo_que_una_pieza_usa_no_se_archiva(sesion, subir, autor):
    medio = subir()
    una_pieza(sesion, por=autor, medios=(medio,))
    with pytest.raises(EstadoNoPermite, match="piezas que usan"):
        archivar(sesion, medio.id, por=autor.id, ahora=AHORA)


def test_archivar_lo_saca_de_la_vista_y_se_devuelve(sesion, subir, autor):
    medio = subir()
    archivar(sesion, medio.id, por=autor.id, ahora=AHORA)
    assert hallados(sesion) == []
    assert hallados(sesion, archivados=True) == [medio.id]
    desarchivar(sesion, medio.id, por=autor.id, ahora=AHORA)
    assert hallados(sesion) == [medio.id]


def test_subirlo_otra_vez_lo_devuelve(sesion, subir, autor):
    medio = subir()
    archivar(sesion, medio.id, por=autor.id, ahora=AHORA)
    assert subir().id == medio.id
    assert hallados(sesion) == [medio.id]


def test_varios_reciben_el_evento_y_conservan_lo_demas(sesion, subir, autor):
    uno, otro = subir(dibujo(semilla=1), credito="Ana"), subir(dibujo(semilla=2))
    ids = [uno.id, otro.id]
    assert editar_varias(sesion, ids, evento="Feria", por=autor.id, ahora=AHORA) == 2
    assert (uno.evento, uno.credito) == ("Feria", "Ana")
    assert set(hallados(sesion, texto="feria")) == set(ids)
    with pytest.raises(DatosInvalidos):
        editar_varias(sesion, ids, por=autor.id, ahora=AHORA)


def test_un_texto_larguisimo_se_dice_y_no_se_corta(sesion, subir, autor):
    with pytest.raises(DatosInvalidos, match="El título tiene 201"):
        guardar_ficha(sesion, subir().id, Ficha(titulo="a" * 201), por=autor.id, ahora=AHORA)


@pytest.mark.parametrize("x", [-0.1, 1.1, float("nan")])
def test_el_punto_de_interes_esta_dentro(sesion, subir, autor, x):
    with pytest.raises(DatosInvalidos):
        poner_foco(sesion, subir().id, x, 0.5, por=autor.id, ahora=AHORA)


def test_la_miniatura_es_pequena_y_se_hace_una_vez(almacen, subir):
    medio = subir(dibujo("PNG", (1200, 900)))
    ruta = miniatura(almacen, medio.huella, medio.clase)
    with Image.open(ruta) as imagen:
        assert (imagen.format, max(imagen.size)) == ("WEBP", LADO_PX)
    hecha = ruta.stat().st_mtime_ns
    assert miniatura(almacen, medio.huella, medio.clase).stat().st_mtime_ns == hecha


def test_un_srt_se_vuelve_vtt():
    srt = "1\r\n00:00:01,000 --> 00:00:02,500\r\nHola, mundo 1,500\r\n"
    assert a_vtt(srt.encode()).decode() == (
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\nHola, mundo 1,500\n"
    )
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\nHola\n"
    assert a_vtt(vtt.encode()).decode() == vtt
    with pytest.raises(ImagenNoSirve):
        a_vtt(b"nada")
