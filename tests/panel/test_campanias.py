"""Las campañas en el panel: crear, corregir sin perder lo escrito, y el tablero de sus piezas."""

import re
from html import unescape

from sqlalchemy import select

from piezas.bitacora import Anotacion
from piezas.campanias import Campania, Dependencia

FICHA = {
    "nombre": "  Agua   segura ",
    "objetivo": "Bajar un 10 % las consultas por tanques sin lavar antes de junio.",
    "publico": "Familias de la comuna 1",
    "mensaje_clave": "Lave el tanque dos veces al año",
    "indicador": "Consultas por mes; meta 90",
    "etiqueta_principal": "Agua Segura",
    "desde": "2026-12-01",
    "hasta": "2027-02-28",
}


def leer(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def valor_de(html: str, campo: str) -> str:
    return unescape(re.search(rf'name="{campo}" value="([^"]*)"', html)[1])


def test_una_campania_se_crea_y_su_ficha_dice_lo_escrito(panel):
    cliente = panel.como("redaccion")
    pagina = leer(cliente.post("/campanias/nueva", data=FICHA, follow_redirects=True).text)
    assert "La campaña quedó creada." in pagina
    for frase in ("Agua segura", "Familias de la comuna 1", "#AguaSegura", "meta 90"):
        assert frase in pagina, frase
    with panel.leer() as sesion:
        assert [c.nombre for c in sesion.scalars(select(Campania))] == ["Agua segura"]
        acciones = [a.accion for a in sesion.scalars(select(Anotacion))]
    assert "crear campaña" in acciones


def test_una_fecha_al_reves_se_dice_en_su_campo_y_no_borra_lo_demas(panel):
    respuesta = panel.como("redaccion").post(
        "/campanias/nueva", data=FICHA | {"hasta": "2026-11-01"}
    )
    assert respuesta.status_code == 422
    assert "Termina antes de empezar: revise las dos fechas." in leer(respuesta.text)
    assert FICHA["objetivo"] in unescape(respuesta.text)
    assert valor_de(respuesta.text, "desde") == "2026-12-01"
    assert valor_de(respuesta.text, "indicador") == FICHA["indicador"]


def test_no_hay_dos_campanias_que_solo_difieran_en_mayusculas_o_espacios(panel):
    cliente = panel.como("redaccion")
    cliente.post("/campanias/nueva", data=FICHA)
    respuesta = cliente.post("/campanias/nueva", data=FICHA | {"nombre": "AGUA SEGURA"})
    assert respuesta.status_code == 422
    assert "Ya existe la campaña «Agua segura»." in leer(respuesta.text)


def test_el_tablero_pone_cada_pieza_en_la_columna_de_su_estado(panel):
    with panel.oficina() as oficina:
        oficina.en_revision("Lave su tanque", campania="Agua segura")
        oficina.devuelta("Cierre de la vía", motivo="Falta la hora", campania="Agua segura")
        numero = oficina.sesion.scalars(select(Campania)).one().id
    html = panel.como("consulta").get(f"/campanias/{numero}").text
    columnas = {
        leer(trozo).split()[0] + " " + leer(trozo).split()[1]: leer(trozo)
        for trozo in html.split('<section class="hoja" aria-labelledby="t-col-')[1:]
        for trozo in [trozo[trozo.index(">") + 1 :]]
    }
    assert "Cierre de la vía" in columnas["En borrador"]
    assert "Lave su tanque" in columnas["En revisión"]
    assert "Lave su tanque" not in columnas["En borrador"]


def test_cambiar_la_ficha_conserva_las_piezas_y_queda_en_la_bitacora(panel):
    with panel.oficina() as oficina:
        oficina.en_revision("Lave su tanque", campania="Agua segura")
        numero = oficina.sesion.scalars(select(Campania)).one().id
    cliente = panel.como("jefatura")
    assert valor_de(cliente.get(f"/campanias/{numero}/cambiar").text, "nombre") == "Agua segura"
    cambio = FICHA | {"nombre": "Agua limpia"}
    pagina = leer(
        cliente.post(f"/campanias/{numero}/cambiar", data=cambio, follow_redirects=True).text
    )
    assert "Agua limpia" in pagina
    assert "Lave su tanque" in pagina
    with panel.leer() as sesion:
        nota = sesion.scalars(select(Anotacion).where(Anotacion.accion == "cambiar campaña")).one()
    assert (nota.de, nota.a) == ("Agua segura", "Agua limpia")


def test_la_jefatura_agrega_una_dependencia_y_nadie_mas(panel):
    datos = {"nombre": "Secretaría de Salud", "sigla": "SSA"}
    assert panel.como("redaccion").post("/dependencias", data=datos).status_code == 403
    pagina = leer(
        panel.como("jefatura").post("/dependencias", data=datos, follow_redirects=True).text
    )
    assert "Secretaría de Salud SSA 0 piezas" in pagina
    repetida = panel.como("jefatura").post("/dependencias", data=datos | {"sigla": "X"})
    assert repetida.status_code == 422
    assert "Ya existe la dependencia «Secretaría de Salud»." in leer(repetida.text)
    with panel.leer() as sesion:
        assert len(sesion.scalars(select(Dependencia)).all()) == 1
