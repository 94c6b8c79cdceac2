"""La bitácora en pantalla: buscar, pasar páginas, sacar copia y comprobar."""

import csv
import io
from datetime import timedelta

from sqlalchemy import text

from piezas.bitacora import anotar
from piezas.verificacion import cabeza_de


def sembrar(panel, cuantos=60):
    for numero in range(cuantos):
        with panel.servicios.sesiones.begin() as sesion:
            anotar(
                sesion,
                "aprobar" if numero % 2 else "devolver",
                quien=f"persona{numero % 3}@alcaldia.example",
                objeto="pieza",
                objeto_id=numero,
                motivo="=1+1" if numero == 7 else f"motivo número {numero}",
                ahora=panel.ahora + timedelta(days=numero // 30),
            )


def test_se_busca_por_persona_hecho_objeto_y_fechas(panel):
    sembrar(panel)
    mira = panel.como("consulta")
    html = mira.get("/bitacora?quien=persona1&accion=aprobar&objeto=pieza&objeto_id=1").text
    assert "motivo número 1<" in html
    assert html.count('class="fila hecho"') == 1
    html = mira.get("/bitacora?desde=2026-12-02&hasta=2026-12-02&quien=persona").text
    assert html.count('class="fila hecho"') == 30
    assert "motivo número 29<" not in html
    assert "No hay hechos" in mira.get("/bitacora?quien=%25").text
    assert mira.get("/bitacora?desde=ayer&hasta=9999-12-31&objeto_id=x").status_code == 200


def test_las_paginas_no_se_mueven_aunque_se_anote_mas(panel):
    sembrar(panel)
    mira = panel.como("jefatura")
    html = mira.get("/bitacora?objeto=pieza").text
    siguiente = html.split("antes=")[1].split('"')[0].split("&")[0]
    sembrar(panel, 3)
    html = mira.get(f"/bitacora?objeto=pieza&antes={siguiente}").text
    assert html.count('class="fila hecho"') == 10
    assert "motivo número 9<" in html


def test_la_copia_lleva_lo_buscado_con_las_formulas_inertes_y_queda_anotada(panel):
    sembrar(panel, 10)
    mira = panel.como("consulta")
    respuesta = mira.post("/bitacora/exportar/csv?accion=aprobar")
    assert "attachment" in respuesta.headers["Content-Disposition"]
    filas = list(csv.DictReader(io.StringIO(respuesta.data.decode("utf-8-sig"), newline="")))
    assert {fila["accion"] for fila in filas} == {"aprobar"}
    assert [fila["motivo"] for fila in filas if fila["objeto_id"] == "7"] == ["'=1+1"]
    datos = mira.post("/bitacora/exportar/json").json
    assert datos[-1]["accion"] == "exportar bitácora"
    assert datos[-1]["quien"] == "consulta@alcaldia.example"
    assert mira.post("/bitacora/exportar/exe").status_code == 404


def test_comprobar_lo_dice_en_palabras(panel):
    sembrar(panel, 10)
    mira = panel.como("consulta")
    assert "La bitácora está completa" in mira.post("/bitacora/verificar").text
    with panel.leer() as sesion:
        conocida = str(cabeza_de(sesion))
    assert mira.post("/bitacora/verificar", data={"cabeza": "cualquiera"}).status_code == 422
    with panel.servicios.sesiones.begin() as sesion:
        sesion.execute(text("UPDATE anotacion SET motivo = 'otro' WHERE objeto_id = 4"))
        numero = sesion.execute(text("SELECT id FROM anotacion WHERE objeto_id = 4")).scalar()
    html = mira.post("/bitacora/verificar", data={"cabeza": conocida}).text
    assert f"La bitácora no cuadra en el hecho {numero}" in html
