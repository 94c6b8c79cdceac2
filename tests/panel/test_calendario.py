"""El calendario por dentro: lo que dibuja, lo que mueve, lo que baja y lo que trae."""

import csv
import io
import re
from datetime import datetime, timedelta

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from sqlalchemy import event, select

from cola.estados import Estado
from cola.publicaciones import Publicacion
from piezas.versiones import Momento, Pieza
from piezas.zona import en_bogota

DICIEMBRE = "/calendario/eventos?desde=2026-12-01&hasta=2027-01-01"


def eventos(cliente, mas=""):
    return cliente.get(DICIEMBRE + mas).json["eventos"]


def linea(panel, titulo, cuenta, para, de=None):
    with panel.leer() as sesion:
        pieza_id, cuenta_id = sesion.execute(
            select(Momento.pieza_id, Momento.cuenta_id)
            .join(Pieza, Pieza.id == Momento.pieza_id)
            .join(Momento.__table__.metadata.tables["cuenta"])
            .where(Pieza.titulo == titulo)
            .where(Momento.__table__.metadata.tables["cuenta"].c.alias == cuenta)
        ).one()
    return {"pieza": pieza_id, "cuenta": cuenta_id, "para": para, "de": de}


def mover(cliente, *movidas):
    return cliente.post("/calendario/mover", json={"movidas": list(movidas)})


def test_los_eventos_juntan_las_redes_de_una_pieza_y_separan_lo_que_ya_no_se_mueve(panel):
    with panel.oficina() as oficina:
        oficina.aprobada("Ciclovía", cuentas=("facebook", "x"))
        oficina.entrega("Ya salió", "web", Estado.PUBLICADA)
    juntos, quieta = sorted(eventos(panel.como("community")), key=lambda e: e["titulo"])
    assert [red["red"] for red in juntos["redes"]] == ["facebook", "x"]
    assert (juntos["mueve"], juntos["palabra"], juntos["en"]) == (
        True, "Programada", "2026-12-01T09:00:00",
    )  # fmt: skip
    assert (quieta["mueve"], quieta["palabra"]) == (False, "Publicada")
    assert not any(uno["mueve"] for uno in eventos(panel.como("redaccion")))


def test_los_eventos_cuestan_las_mismas_consultas_con_una_pieza_que_con_treinta(panel):
    cliente = panel.como("community")

    def consultas():
        vistas = []
        base = panel.servicios.leer.kw["bind"]

        def contar(conexion, cursor, orden, *_):
            vistas.append(orden)

        event.listen(base, "before_cursor_execute", contar)
        assert cliente.get(DICIEMBRE).status_code == 200
        event.remove(base, "before_cursor_execute", contar)
        return len(vistas)

    with panel.oficina() as oficina:
        oficina.aprobada("Una")
    pocas = consultas()
    with panel.oficina() as oficina:
        for numero in range(30):
            oficina.pieza(f"Pieza {numero}")
    assert consultas() == pocas


def test_volver_a_preguntar_sin_novedad_no_trae_nada(panel):
    cliente = panel.como("consulta")
    primera = cliente.get(DICIEMBRE)
    otra = cliente.get(DICIEMBRE, headers={"If-None-Match": primera.headers["ETag"]})
    assert (otra.status_code, otra.data) == (304, b"")
    with panel.oficina() as oficina:
        oficina.pieza("Nueva")
    nueva = cliente.get(DICIEMBRE, headers={"If-None-Match": primera.headers["ETag"]})
    assert nueva.status_code == 200


@pytest.mark.parametrize(
    ("filtro", "quedan"),
    [
        ("&red=x", {"En X"}),
        ("&estado=programada", {"En Facebook"}),
        ("&estado=borrador", {"En X"}),
        ("&campania=1", {"En X"}),
        ("&red=cualquiera", {"En X", "En Facebook"}),
    ],
)
def test_los_filtros_dejan_lo_que_dicen(panel, filtro, quedan):
    with panel.oficina() as oficina:
        oficina.aprobada("En Facebook", cuentas=("facebook",))
        oficina.pieza("En X", cuentas=("x",), campania="Salud")
    assert {uno["titulo"] for uno in eventos(panel.como("consulta"), filtro)} == quedan


def test_los_festivos_los_dias_vacios_y_los_choques_se_ven(panel):
    with panel.oficina() as oficina:
        oficina.aprobada("Una", cuentas=("facebook",))
        oficina.aprobada("Otra", cuentas=("facebook",))
    datos = panel.como("consulta").get(DICIEMBRE).json
    assert {"dia": "2026-12-25", "nombre": "Navidad", "festivo": True} in datos["efemerides"]
    assert "2026-12-02" in datos["vacios"]
    assert "2026-12-01" not in datos["vacios"]
    assert all(uno["choca"] for uno in datos["eventos"])


@pytest.mark.parametrize("periodo", ["", "desde=x&hasta=y", "desde=2026-12-01&hasta=2028-01-01"])
def test_un_periodo_que_no_se_entiende_no_se_atiende(panel, periodo):
    assert panel.como("consulta").get(f"/calendario/eventos?{periodo}").status_code == 400


def test_mover_cambia_la_pieza_y_la_fila_despierta_al_motor_y_se_deshace(panel):
    with panel.oficina() as oficina:
        oficina.aprobada("Ciclovía", cuentas=("facebook",))
    cliente = panel.como("community")
    hecho = mover(cliente, linea(panel, "Ciclovía", "facebook", "2026-12-25T08:30:00"))
    assert (hecho.status_code, hecho.json["movida"]) == (200, True)
    assert "25 dic" in hecho.json["frase"]
    assert hecho.json["avisos"] == ["Ese día es festivo: Navidad."]
    assert panel.timbrazos
    assert eventos(cliente)[0]["en"] == "2026-12-25T08:30:00"
    assert mover(cliente, *hecho.json["deshacer"]).json["movida"]
    assert eventos(cliente)[0]["en"] == "2026-12-01T09:00:00"


def test_lo_que_no_se_puede_mover_se_dice_y_no_mueve_a_las_demas(panel):
    with panel.oficina() as oficina:
        oficina.aprobada("Ciclovía", cuentas=("facebook",))
        oficina.entrega("Ya salió", "x", Estado.PUBLICADA)
    para = "2026-12-20T08:00:00"
    negado = mover(
        panel.como("community"),
        linea(panel, "Ciclovía", "facebook", para),
        linea(panel, "Ya salió", "x", para),
    )
    assert negado.status_code == 409
    assert negado.json["frase"].startswith("Una no se puede mover, así que no se movió ninguna.")
    assert [uno["frase"] for uno in negado.json["resultados"]] == ["Ya se publicó: no se mueve."]
    with panel.leer() as sesion:
        assert {en_bogota(p.programada_para).day for p in sesion.scalars(select(Publicacion))} == {
            1
        }


def test_quien_redacta_no_mueve_lo_aprobado_ni_enviando_la_peticion_a_mano(panel):
    with panel.oficina() as oficina:
        oficina.aprobada("Ciclovía", cuentas=("facebook",))
    negado = mover(
        panel.como("redaccion"), linea(panel, "Ciclovía", "facebook", "2026-12-20T08:00:00")
    )
    assert (negado.status_code, negado.json["movida"]) == (409, False)


@pytest.mark.parametrize("cuerpo", [None, [], {"movidas": "x"}, {"movidas": [{}]}, {"movidas": []}])
def test_un_pedido_mal_hecho_no_rompe_nada(panel, cuerpo):
    assert panel.como("community").post("/calendario/mover", json=cuerpo).status_code == 400


def test_sin_guion_se_mueve_con_el_formulario(panel):
    with panel.oficina() as oficina:
        oficina.aprobada("Ciclovía", cuentas=("facebook", "x"))
        pieza_id = oficina.sesion.query(Pieza).one().id
        cuenta = oficina.cuenta("x").id
    cliente = panel.como("community")
    assert "próxima franja libre" in cliente.get(f"/calendario/mover/{pieza_id}").text
    datos = {"cuentas": [cuenta], "dia": "2026-12-09", "hora": "10:15"}
    respuesta = cliente.post(f"/calendario/mover/{pieza_id}", data=datos, follow_redirects=True)
    assert "Quedó para" in respuesta.text
    assert {e["en"] for e in eventos(cliente)} == {"2026-12-01T09:00:00", "2026-12-09T10:15:00"}
    vacio = cliente.post(f"/calendario/mover/{pieza_id}", data={}, follow_redirects=True)
    assert "Elija un día y una hora." in vacio.text


def test_las_franjas_se_guardan_y_mandan_en_la_proxima_libre(panel):
    cliente = panel.como("community")
    malo = cliente.post("/cuentas/x/franjas", data={"dia-1": "8:30 25:00"})
    assert malo.status_code == 422
    assert "Lunes: «25:00» no es una hora" in malo.text
    assert 'value="8:30 25:00"' in malo.text
    cliente.post("/cuentas/x/franjas", data={"dia-3": "8:30, 17:00"})
    assert 'value="08:30 17:00"' in cliente.get("/cuentas/x/franjas").text
    with panel.oficina() as oficina:
        cuenta = oficina.cuenta("x").id
    libre = cliente.get(f"/calendario/proxima-libre/{cuenta}").json
    assert (libre["dia"], libre["hora"]) == ("2026-12-02", "08:30")


def test_la_parrilla_bajada_en_excel_lleva_fechas_de_verdad_y_nada_se_ejecuta(panel):
    with panel.oficina() as oficina:
        oficina.pieza("=HYPERLINK(1)", texto="+57 es el indicativo")
    cliente = panel.como("consulta")
    bajada = cliente.get("/calendario/parrilla.xlsx?desde=2026-12-01&hasta=2026-12-31")
    hoja = load_workbook(io.BytesIO(bajada.data)).active
    cabeza, fila = list(hoja.iter_rows())
    celdas = dict(zip((c.value for c in cabeza), fila, strict=True))
    assert celdas["fecha"].value == datetime(2026, 12, 1)  # noqa: DTZ001
    assert celdas["hora"].value.strftime("%H:%M") == "09:00"
    assert (celdas["pieza"].value, celdas["pieza"].data_type) == ("=HYPERLINK(1)", "s")
    texto = cliente.get("/calendario/parrilla.csv?desde=2026-12-01&hasta=2026-12-31").data
    (una,) = csv.DictReader(io.StringIO(texto.decode("utf-8-sig")))
    assert (una["pieza"], una["texto"]) == ("'=HYPERLINK(1)", "'+57 es el indicativo")


def test_la_hoja_de_la_semana_es_un_pdf_etiquetado_aunque_un_titulo_traiga_marcas(panel):
    with panel.oficina() as oficina:
        oficina.aprobada('Feria #strong[x] "y" $z$ \\ <a>')
    pdf = panel.como("consulta").get("/calendario/semana.pdf?dia=2026-12-02")
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF")
    assert b"/MarkInfo" in pdf.data or b"/StructTreeRoot" in pdf.data


def test_el_calendario_externo_se_abre_con_su_llave_y_sin_ella_no(panel):
    with panel.oficina() as oficina:
        oficina.aprobada("Ciclovía", cuentas=("facebook", "x"))
    cliente = panel.como("consulta")
    html = cliente.post("/calendario/suscripcion").text
    (camino,) = re.findall(r"http://127\.0\.0\.1:8000(/calendario/suscripcion/[\w-]+\.ics)", html)
    visitante = panel.visitante()
    (cita,) = Calendar.from_ical(visitante.get(camino).data).walk("VEVENT")
    assert cita["SUMMARY"] == "Ciclovía"
    assert en_bogota(cita["DTSTART"].dt).strftime("%d %H:%M") == "01 09:00"
    assert "DESCRIPTION" not in cita
    assert visitante.get("/calendario/suscripcion/otra.ics").status_code == 404
    assert ".ics" not in cliente.get("/calendario/suscripcion").text
    cliente.post("/calendario/suscripcion/retirar")
    assert visitante.get(camino).status_code == 404


def subir(cliente, texto, *archivos):
    return cliente.post(
        "/calendario/importar",
        data={
            "parrilla": (io.BytesIO(texto.encode()), "diciembre.csv"),
            "archivos": [(io.BytesIO(datos), nombre) for nombre, datos in archivos],
        },
    )


PARRILLA = (
    "pieza,texto,cuentas,fecha,hora\n"
    "Vacunación,Este sábado hay vacunación.,facebook,2026-12-05,08:00\n"
    "Feria,La feria abre.,fasebook,2026-12-06,26:00\n"
)


def test_importar_con_fallas_se_corrige_en_la_celda_y_entra_una_sola_vez(panel):
    cliente = panel.como("redaccion")
    mesa = subir(cliente, PARRILLA).location
    html = cliente.get(mesa).text
    assert "1 fila lista" in html
    assert "no es una hora" in html
    arreglo = {"celda-3-cuentas": "facebook", "celda-3-hora": "09:00"}
    cliente.post(mesa, data=arreglo | {"hacer": "revisar"})
    assert "2 filas listas" in cliente.get(mesa).text
    for _ in range(2):
        cliente.post(mesa, data={"hacer": "importar"})
    with panel.leer() as sesion:
        assert sorted(sesion.scalars(select(Pieza.titulo))) == ["Feria", "Vacunación"]


def test_importar_solo_lo_bueno_y_omitir_el_resto(panel):
    cliente = panel.como("redaccion")
    mesa = subir(cliente, PARRILLA).location
    ida = cliente.post(mesa, data={"hacer": "importar", "omitir": "3"}, follow_redirects=True)
    assert "Entró 1 pieza como borrador." in ida.text
    with panel.leer() as sesion:
        assert sesion.scalars(select(Pieza.titulo)).all() == ["Vacunación"]


def test_un_archivo_que_no_es_parrilla_se_dice_y_la_de_otra_persona_no_se_ve(panel):
    cliente = panel.como("redaccion")
    malo = subir(cliente, "esto no es nada")
    assert malo.status_code == 422
    assert "falta esta columna" in malo.text
    assert "Elija el archivo" in cliente.post("/calendario/importar", data={}).text
    mesa = subir(cliente, PARRILLA).location
    assert panel.como("diseno").get(mesa).status_code == 404


def test_pasan_los_dias_y_una_hora_vieja_se_niega(panel):
    with panel.oficina() as oficina:
        oficina.pieza("Ciclovía", cuentas=("facebook",))
    panel.pasan(timedelta(days=2))
    negado = mover(
        panel.como("community"), linea(panel, "Ciclovía", "facebook", "2026-12-02T08:00:00")
    )
    assert "ya pasó" in negado.json["frase"]
