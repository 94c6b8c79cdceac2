"""Lo que ve cada persona en cada pantalla."""

import re
from datetime import timedelta
from html import unescape

import pytest

from cola.estados import Causa, Estado
from cola.publicaciones import Suceso
from conectores.contrato import Red
from tests.panel.sembrado import una_imagen


def ver(cliente, camino: str) -> str:
    respuesta = cliente.get(camino)
    assert respuesta.status_code == 200, (respuesta.status_code, camino)
    return texto_de(respuesta.text)


def texto_de(html: str) -> str:
    """Lo que se lee, sin etiquetas."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_hoy_dice_que_sale_y_a_que_hora(panel):
    with panel.oficina() as oficina:
        oficina.aprobada("Cierre de vía", para=panel.ahora + timedelta(hours=2))
    pagina = ver(panel.como("community"), "/")
    assert "Martes 1 de diciembre de 2026" in pagina
    assert re.search(r"9:00 a. m. Cierre de vía f Alcaldía en facebook ◷ ?Programada", pagina)
    assert "Programada" in pagina


@pytest.mark.parametrize(
    ("estado", "boton"),
    [
        (Estado.DETENIDA, "Enviar ahora"),
        (Estado.FALLIDA, "Reintentar"),
        (Estado.EN_DUDA, "Resolver la duda"),
    ],
)
def test_hoy_dice_por_que_esta_detenido_y_da_el_boton_que_lo_resuelve(panel, estado, boton):
    with panel.oficina() as oficina:
        motivo = oficina.entrega("Pieza atascada", "facebook", estado).motivo
    pagina = ver(panel.como("community"), "/")
    assert "Detenido, y por qué" in pagina
    assert motivo in pagina
    assert boton in pagina


def test_quien_no_decide_ve_el_motivo_pero_no_el_boton(panel):
    with panel.oficina() as oficina:
        oficina.entrega("Pieza atascada", "facebook", Estado.FALLIDA)
    pagina = ver(panel.como("redaccion"), "/")
    assert "La red rechazó el contenido." in pagina
    assert "Reintentar" not in pagina


def test_lo_detenido_por_una_cuenta_en_pausa_ofrece_reanudar_la_cuenta(panel):
    with panel.oficina() as oficina:
        oficina.entrega("Pieza atascada", "x", Estado.DETENIDA, causa=Causa.CUENTA)
        oficina.pausar_cuenta("x", "La cuenta perdió el permiso. Vuelva a conectarla.")
    pagina = ver(panel.como("community"), "/")
    assert "Reanudar la cuenta" in pagina
    assert "La cuenta perdió el permiso." in pagina


def test_lo_detenido_por_un_cambio_lleva_a_la_pieza_y_no_a_reenviar(panel):
    with panel.oficina() as oficina:
        oficina.entrega("Pieza atascada", "x", Estado.DETENIDA, causa=Causa.CAMBIO)
    pagina = ver(panel.como("community"), "/")
    assert "Ver la pieza" in pagina
    assert "Enviar ahora" not in pagina


def test_a_la_jefatura_le_esperan_solo_las_que_puede_aprobar(panel):
    with panel.oficina() as oficina:
        oficina.en_revision("De redacción")
        oficina.en_revision("Mía", por="jefatura@alcaldia.example")
    assert "1 pieza espera su aprobación" in ver(panel.como("jefatura"), "/")
    assert "2 piezas esperan su aprobación" in ver(panel.como("otra"), "/")
    assert "su aprobación" not in ver(panel.como("redaccion"), "/")


def test_a_quien_escribio_le_esperan_las_devueltas(panel):
    with panel.oficina() as oficina:
        oficina.devuelta("Con error", motivo="El horario no es el que dice la secretaría.")
    assert "El horario no es el que dice" in ver(panel.como("redaccion"), "/")
    assert "El horario no es el que dice" not in ver(panel.como("diseno"), "/")


def test_hoy_muestra_las_entregas_a_mano_por_confirmar(panel):
    with panel.oficina() as oficina:
        oficina.entrega("Aviso a veedores", "grupo", Estado.EN_DUDA)
    pagina = ver(panel.como("community"), "/")
    assert "Por entregar a mano" in pagina
    assert "Entregar y confirmar" in pagina


def test_hoy_avisa_un_permiso_por_vencer(panel):
    with panel.oficina() as oficina:
        oficina.cuenta("facebook").permiso_vence_en = panel.ahora + timedelta(days=3)
    assert "Su permiso vence en 3 días" in ver(panel.como("community"), "/")


def test_la_marca_de_ensayo_sale_en_toda_pantalla_mientras_haya_una_cuenta_de_ensayo(panel):
    assert "ENSAYO" not in ver(panel.como("community"), "/")
    with panel.oficina() as oficina:
        oficina.cuenta("x").es_ensayo = True
    for camino in ("/", "/cola", "/piezas", "/calendario", "/pausa"):
        assert "ENSAYO" in ver(panel.como("community"), camino)


def test_un_motor_que_no_respira_se_dice_arriba(panel):
    assert "El motor no respira" not in ver(panel.como("community"), "/")
    panel.pasan(timedelta(minutes=2))
    assert "El motor no respira Respiró por última vez hace 2 min" in ver(
        panel.como("community"), "/"
    )


def test_el_calendario_pone_cada_pieza_en_su_dia_de_bogota(panel):
    # Las 11:30 p. m. del 10 en Bogotá ya son el 11 en UTC.
    para = panel.ahora.replace(day=11, hour=4, minute=30)
    with panel.oficina() as oficina:
        oficina.aprobada("Concierto de novena", para=para)
        oficina.pieza("Sin aprobar", para=para.replace(hour=15))
    html = panel.como("consulta").get("/calendario?mes=2026-12&tabla=si").text
    celdas = [texto_de(celda) for celda in re.findall(r"<td.*?</td>", html, re.S)]
    (dia_10,) = [c for c in celdas if "10 de diciembre" in c]
    (dia_11,) = [c for c in celdas if "11 de diciembre" in c]
    assert "11:30 p. m. Concierto de novena" in dia_10
    assert "Concierto" not in dia_11
    assert "10:30 a. m. Sin aprobar" in dia_11
    assert "Borrador" in dia_11


def test_el_calendario_empieza_en_lunes_y_enlaza_los_meses_vecinos(panel):
    html = panel.como("consulta").get("/calendario?mes=2026-12&tabla=si").text
    assert re.findall(r'<th scope="col">(\w+)', html)[0] == "Lunes"
    assert "mes=2026-11" in html
    assert "mes=2027-01" in html
    assert "Diciembre de 2026" in texto_de(html)


def test_el_calendario_sin_guion_lleva_solo_a_la_tabla(panel):
    html = panel.como("consulta").get("/calendario?mes=2026-12&red=x").text
    (sin_guion,) = re.findall(r"<noscript>(.*?)</noscript>", html, re.S)
    (camino,) = re.findall(r'url=([^"]+)"', sin_guion)
    tabla = panel.como("consulta").get(camino.replace("&amp;", "&")).text
    assert '<table class="mes">' in tabla
    assert '<option value="x" selected>' in tabla


@pytest.mark.parametrize("mes", ["2026-13", "hola", "", "2026-00", "1-1", "٢٠٢٦-12"])
def test_un_mes_que_no_existe_muestra_el_que_corre(panel, mes):
    assert "Diciembre de 2026" in ver(panel.como("consulta"), f"/calendario?mes={mes}")


def test_un_dia_lleno_pliega_lo_que_no_cabe(panel):
    with panel.oficina() as oficina:
        for numero in range(6):
            oficina.pieza(f"Pieza {numero}")
    assert "y 2 más" in ver(panel.como("consulta"), "/calendario?mes=2026-12&tabla=si")


def test_la_cola_filtra_por_estado_y_por_cuenta(panel):
    with panel.oficina() as oficina:
        oficina.entrega("Fallida en Facebook", "facebook", Estado.FALLIDA)
        oficina.entrega("Programada en X", "x", Estado.PROGRAMADA)
        oficina.entrega("Publicada en X", "x", Estado.PUBLICADA)
    cliente = panel.como("community")
    assert "Programada en X" in ver(cliente, "/cola")
    assert "Fallida en Facebook" in ver(cliente, "/cola")
    assert "Fallida en Facebook" not in ver(cliente, "/cola?estado=por_salir")
    assert "Fallida en Facebook" in ver(cliente, "/cola?estado=por_resolver")
    assert "Publicada en X" in ver(cliente, "/cola?estado=publicada")
    todas_las_de_x = ver(cliente, "/cola?estado=todas&cuenta=x")
    assert "Publicada en X" in todas_las_de_x
    assert "Fallida en Facebook" not in todas_las_de_x


def test_la_cola_se_recorre_por_paginas_sin_repetir_ni_perder(panel, monkeypatch):
    monkeypatch.setattr("panel.publicaciones.POR_PAGINA", 2)
    with panel.oficina() as oficina:
        for numero in range(5):
            oficina.entrega(f"Entrega {numero}", "x", Estado.PROGRAMADA)
    cliente, camino, vistas = panel.como("community"), "/cola?estado=por_salir", []
    for _ in range(3):
        html = cliente.get(camino).text
        vistas += re.findall(r">(Entrega \d)<", html)
        sigue = re.search(r'href="(/cola\?[^"]*desde=[^"]*)"', html)
        camino = unescape(sigue[1]) if sigue else ""
    assert vistas == [f"Entrega {numero}" for numero in range(5)]
    assert camino == ""


@pytest.mark.parametrize("desde", ["x", "2026-12-01_1", "2026-12-01T00:00:00+00:00_a", "_"])
def test_una_pagina_de_la_cola_mal_pedida_no_falla(panel, desde):
    ver(panel.como("community"), f"/cola?desde={desde}")


def test_la_historia_de_una_entrega_se_lee_en_palabras(panel):
    with panel.oficina() as oficina:
        p = oficina.entrega("Con historia", "x", Estado.EN_DUDA)
        oficina.suceso(p, Suceso.SALIDA, paso="segmento-1")
        oficina.suceso(p, Suceso.SIN_RESPUESTA, "Se agotó el tiempo.", paso="segmento-1")
        numero = p.id
    pagina = ver(panel.como("community"), f"/cola/{numero}")
    assert "Salió hacia la red · parte 2 del hilo" in pagina
    assert "La red no respondió con claridad" in pagina
    assert "Se agotó el tiempo." in pagina
    assert "segmento-1" not in pagina


def test_la_entrega_muestra_el_mensaje_sellado_con_imagen_y_texto_alternativo(panel):
    with panel.oficina() as oficina:
        p = oficina.entrega(
            "Con imagen", "facebook", Estado.PROGRAMADA, imagen=una_imagen(),
            texto="Texto que se aprobó", enlace="https://portal.alcaldia.example/v",
        )  # fmt: skip
        numero = p.id
    respuesta = panel.como("community").get(f"/cola/{numero}")
    pagina = texto_de(respuesta.text)
    assert "Lo que sale, tal como se aprobó" in pagina
    assert "Texto que se aprobó https://portal.alcaldia.example/v" in pagina
    assert 'alt="Afiche de la jornada"' in respuesta.text
    assert "ALT : ver el texto alternativo Afiche de la jornada" in pagina


def test_la_pieza_se_ve_como_la_recibira_cada_red(panel):
    with panel.oficina() as oficina:
        pieza = oficina.pieza(
            cuentas=("facebook", "x", "web"),
            texto_x="Corto para X",
            enlace="https://example.com/v",
            etiquetas=("#Bucaramanga",),
        )
        numero = pieza.id
    pagina = ver(panel.como("redaccion"), f"/piezas/{numero}")
    assert "Corto para X https://example.com/v #Bucaramanga" in pagina
    assert "de 280 caracteres" in pagina
    assert "Cuesta US$ 0,20" in pagina
    assert "Borrador" in pagina


def test_lo_que_no_cabe_se_dice_en_su_red(panel):
    with panel.oficina() as oficina:
        numero = oficina.pieza(texto="largo " * 100, cuentas=("x",)).id
    assert "Así no puede salir" in ver(panel.como("redaccion"), f"/piezas/{numero}")


def test_un_solicitante_ve_sus_piezas_y_no_las_ajenas(panel):
    with panel.oficina() as oficina:
        ajena = oficina.pieza("Ajena").id
    cliente = panel.como("solicitante")
    assert "Ajena" not in ver(cliente, "/piezas")
    assert cliente.get(f"/piezas/{ajena}").status_code == 404


def test_una_entrega_a_mano_ya_hecha_muestra_su_evidencia_sin_volverla_enlace(panel):
    with panel.oficina() as oficina:
        p = oficina.entrega(
            "Aviso", "grupo", Estado.PUBLICADA, url="evidencia: Grupo de veedores, 20 lecturas"
        )
        numero = p.id
    respuesta = panel.como("community").get(f"/cola/{numero}")
    assert "Evidencia Grupo de veedores, 20 lecturas" in texto_de(respuesta.text)
    assert 'href="evidencia' not in respuesta.text


@pytest.mark.parametrize("camino", ["/cola/999", "/piezas/999", "/nada"])
def test_lo_que_no_existe_responde_404_con_una_frase(panel, camino):
    respuesta = panel.como("community").get(camino)
    assert respuesta.status_code == 404
    assert "Aquí no hay nada" in respuesta.text


def test_toda_red_tiene_su_rotulo_y_todo_estado_su_palabra(panel):
    globales = panel.app.jinja_env.globals
    assert set(globales["REDES"]) == set(Red)
    assert set(globales["ESTADOS"]) == set(Estado)
    assert set(globales["SUCESOS"]) == set(Suceso)
