"""La API por dentro: formas, errores, repeticiones, versiones que chocan y páginas."""

import io
import threading

import pytest
from sqlalchemy import func, select

from cola.estados import Estado
from piezas.bitacora import Anotacion
from piezas.versiones import Pieza, Version
from tests.panel.sembrado import una_imagen

UNA = {
    "titulo": "Jornada de vacunación",
    "texto": "Este sábado hay jornada.",
    "destinos": [{"cuenta": "facebook", "programada_para": "2026-12-02T07:30:00-05:00"}],
}
LLAVE = {"Idempotency-Key": "pedido-1"}


def cuantas_piezas(panel):
    with panel.leer() as sesion:
        return sesion.scalar(select(func.count(Pieza.id)))


def test_de_la_pieza_nueva_a_la_revision(panel, programa):
    ficha = programa("redaccion")
    creada = ficha.enviar("/piezas", UNA)
    assert creada.status_code == 201
    numero, marca = creada.json["id"], creada.headers["ETag"]
    assert creada.json["momentos"][0]["programada_para"] == "2026-12-02T07:30:00-05:00"
    enviada = ficha.enviar(f"/piezas/{numero}/enviar", headers={"If-Match": marca})
    assert enviada.json["estado"] == "en_revision"
    espera = programa("jefatura").leer("/aprobaciones").json["datos"]
    assert [una["id"] for una in espera] == [numero]
    with panel.leer() as sesion:
        hecho = sesion.scalars(select(Anotacion).where(Anotacion.accion == "crear pieza")).one()
        assert hecho.quien == "redaccion@alcaldia.example"


def test_lo_que_la_pieza_no_puede_se_dice_por_campo(programa):
    ficha = programa("redaccion")
    respuesta = ficha.enviar("/piezas", {"titulo": 3, "estado": "aprobada", "destinos": [{}]})
    assert respuesta.status_code == 422
    assert respuesta.mimetype == "application/problem+json"
    campos = {una["campo"]: una["mensaje"] for una in respuesta.json["errores"]}
    assert campos == {
        "titulo": "Debe ser un texto.",
        "estado": "Ese campo no existe aquí.",
        "destinos.0.cuenta": "Falta.",
    }
    mala = ficha.enviar("/piezas", UNA | {"destinos": [{"cuenta": "no-hay"}]})
    assert mala.json["errores"][0]["campo"] == "destinos.0.cuenta"


@pytest.mark.parametrize(
    ("cuerpo", "tipo", "codigo"),
    [
        (b"{", "application/json", 400), (b"\xff", "application/json", 400),
        (b"{}", "text/plain", 415), (b"titulo=x", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "application/xml", 415), (b"{}", "", 415), (b"[]", "application/json", 422),
        (b'"' + b"a" * (3 << 20) + b'"', "application/json", 413),
    ],
)  # fmt: skip
def test_un_cuerpo_que_no_sirve_se_niega_con_su_codigo(panel, programa, cuerpo, tipo, codigo):
    respuesta = programa("redaccion").pedir("POST", "/piezas", data=cuerpo, content_type=tipo)
    assert respuesta.status_code == codigo
    assert respuesta.mimetype == "application/problem+json"
    assert cuantas_piezas(panel) == 0


@pytest.mark.parametrize(
    ("metodo", "camino", "codigo"),
    [
        ("GET", "/no-hay", 404), ("GET", "/piezas/99999999999999999999", 404),
        ("GET", "/piezas/0", 404), ("DELETE", "/piezas", 405), ("GET", "/piezas?x=1", 422),
        ("GET", "/piezas?limite=0", 422), ("GET", "/piezas?limite=1&limite=2", 422),
        ("GET", "/piezas?cursor=zzz", 422), ("GET", "/cola?cursor=MQ", 422),
    ],
)  # fmt: skip
def test_un_pedido_que_no_existe_tambien_responde_en_json(programa, metodo, camino, codigo):
    respuesta = programa("jefatura").pedir(metodo, camino)
    assert respuesta.status_code == codigo
    assert respuesta.mimetype == "application/problem+json"
    assert respuesta.json["status"] == codigo


def test_la_misma_llave_da_un_solo_efecto_y_la_misma_respuesta(panel, programa):
    ficha = programa("redaccion")
    primera = ficha.enviar("/piezas", UNA, headers=LLAVE)
    segunda = ficha.enviar("/piezas", UNA, headers=LLAVE)
    assert (segunda.status_code, segunda.data) == (201, primera.data)
    assert segunda.headers["ETag"] == primera.headers["ETag"]
    assert segunda.headers["Idempotency-Replayed"] == "true"
    assert cuantas_piezas(panel) == 1
    otra = ficha.enviar("/piezas", UNA | {"titulo": "Otra"}, headers=LLAVE)
    assert otra.status_code == 409
    assert programa("redaccion").enviar("/piezas", UNA, headers=LLAVE).status_code == 201
    assert cuantas_piezas(panel) == 2


def test_la_llave_sobrevive_a_un_reinicio(panel, programa, armar_panel):
    ficha = programa("redaccion")
    primera = ficha.enviar("/piezas", UNA, headers=LLAVE)
    ficha.cliente = armar_panel().visitante()
    assert ficha.enviar("/piezas", UNA, headers=LLAVE).data == primera.data
    assert cuantas_piezas(panel) == 1


def test_un_pedido_que_fallo_no_gasta_su_llave(panel, programa):
    ficha = programa("redaccion")
    mala = UNA | {"destinos": [{"cuenta": "no-hay"}]}
    assert ficha.enviar("/piezas", mala, headers=LLAVE).status_code == 422
    assert ficha.enviar("/piezas", UNA, headers=LLAVE).status_code == 201


def test_dos_a_la_vez_con_la_misma_llave_dan_un_solo_efecto(panel, programa):
    ficha = programa("redaccion")
    salida, hallado = threading.Barrier(4), []

    def pedir():
        cliente = panel.visitante()
        salida.wait()
        cabeceras = {"Authorization": f"Bearer {ficha.secreto}"} | LLAVE
        hallado.append(cliente.post("/api/v1/piezas", json=UNA, headers=cabeceras))

    hilos = [threading.Thread(target=pedir) for _ in range(4)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    assert [una.status_code for una in hallado] == [201] * 4
    assert len({una.data for una in hallado}) == 1
    assert cuantas_piezas(panel) == 1


def test_quien_llega_segundo_recibe_las_dos_versiones_y_nadie_pierde_lo_suyo(panel, programa):
    ficha = programa("redaccion")
    creada = ficha.enviar("/piezas", UNA)
    camino, marca = f"/piezas/{creada.json['id']}", creada.headers["ETag"]
    assert ficha.guardar(camino, UNA | {"texto": "Uno."}).status_code == 428
    uno = ficha.guardar(camino, UNA | {"texto": "Uno."}, headers={"If-Match": marca})
    assert uno.status_code == 200
    dos = ficha.guardar(camino, UNA | {"texto": "Dos."}, headers={"If-Match": marca})
    assert dos.status_code == 412
    assert dos.json["actual"]["contenido"]["texto"] == "Uno."
    assert dos.json["de_la_que_partio"]["texto"] == UNA["texto"]
    marca = dos.json["etag"]
    assert (
        ficha.guardar(camino, UNA | {"texto": "Dos."}, headers={"If-Match": marca}).json[
            "contenido"
        ]["numero"]
        == 3
    )
    with panel.leer() as sesion:
        textos = sesion.scalars(select(Version.texto).order_by(Version.numero)).all()
    assert textos == [UNA["texto"], "Uno.", "Dos."]


def test_editar_lo_aprobado_lo_detiene_y_una_ficha_no_lo_vuelve_a_soltar(panel, programa):
    with panel.oficina() as oficina:
        (entrega, *_) = oficina.aprobada("Vacunación", cuentas=("facebook",))
        pieza_id, entrega_id = entrega.pieza_id, entrega.id
    ficha = programa("jefatura")
    marca = ficha.leer(f"/piezas/{pieza_id}").headers["ETag"]
    ficha.guardar(f"/piezas/{pieza_id}", UNA, headers={"If-Match": marca})
    assert ficha.leer(f"/cola/{entrega_id}").json["estado"] == "detenida"
    assert ficha.enviar(f"/piezas/{pieza_id}/aprobar").status_code == 403


def test_las_paginas_recorren_todo_una_vez(panel, programa):
    with panel.oficina() as oficina:
        for numero in range(5):
            oficina.entrega(f"Pieza {numero}", "x", Estado.PUBLICADA)
    ficha = programa("consulta")
    for camino in ("/piezas", "/cola", "/bitacora"):
        vistos, cursor = [], None
        while True:
            mas = f"&cursor={cursor}" if cursor else ""
            hoja = ficha.leer(f"{camino}?limite=2{mas}").json
            vistos += [una.get("id", una.get("numero")) for una in hoja["datos"]]
            if (cursor := hoja["siguiente"]) is None:
                break
        assert len(vistos) == len(set(vistos)) >= 5, camino


def test_la_cola_dice_lo_mismo_que_la_orden(panel, programa):
    with panel.oficina() as oficina:
        oficina.entrega("Vacunación", "facebook", Estado.PUBLICADA)
    (dato,) = programa("consulta").leer("/cola").json["datos"]
    assert set(dato) == {
        "id", "pieza_id", "pieza", "cuenta", "red", "estado", "programada_para", "publicada_en",
        "id_remoto", "url", "intentos", "motivo",
    }  # fmt: skip
    assert dato["programada_para"].endswith("-05:00")


def test_decidir_en_la_cola_avisa_al_motor_y_respeta_los_estados(panel, programa):
    with panel.oficina() as oficina:
        fallida = oficina.entrega("Una", "facebook", Estado.FALLIDA).id
        duda = oficina.entrega("Otra", "x", Estado.EN_DUDA).id
    ficha = programa("community")
    assert ficha.enviar(f"/cola/{fallida}/reintentar").json["estado"] == "programada"
    assert panel.timbrazos == [1]
    aplazada = ficha.enviar(f"/cola/{fallida}/aplazar", {"para": "2026-12-03T08:00:00-05:00"})
    assert aplazada.json["programada_para"] == "2026-12-03T08:00:00-05:00"
    assert ficha.enviar(f"/cola/{duda}/cancelar", {"motivo": "No"}).status_code == 409
    resuelta = ficha.enviar(f"/cola/{duda}/resolver", {"respuesta": "no_salio"})
    assert resuelta.json["estado"] == "fallida"
    assert resuelta.json["historia"][-1]["suceso"] == "persona"
    assert ficha.enviar("/pausa", {"motivo": "Emergencia"}).json["en_pausa"] is True
    assert ficha.enviar("/pausa", {"motivo": "Otra"}).status_code == 409
    assert ficha.enviar("/pausa/reanudar").json == {"esperan_decision": 0}


def test_subir_un_archivo_dos_veces_es_el_mismo(programa):
    ficha = programa("diseno")

    def subir(datos, nombre="afiche.png", **mas):
        return ficha.pedir("POST", "/medios", data={"archivo": (io.BytesIO(datos), nombre)}, **mas)

    primera = subir(una_imagen())
    assert primera.status_code == 201
    assert primera.json["es_nuevo"] is True
    assert subir(una_imagen()).json["es_nuevo"] is False
    numero = primera.json["medio"]["id"]
    puesta = ficha.guardar(f"/medios/{numero}", {"texto_alternativo": "Afiche", "evento": "Feria"})
    assert puesta.json["evento"] == "Feria"
    assert ficha.leer("/medios?texto=feria").json["datos"][0]["id"] == numero
    mala = subir(b"<svg onload=alert(1)>", "a.svg")
    assert mala.status_code == 422
    assert mala.json["errores"][0]["campo"] == "archivo"
    assert ficha.pedir("POST", "/medios", data={}).status_code == 415


def test_un_solicitante_solo_ve_lo_suyo(panel, programa):
    with panel.oficina() as oficina:
        ajena, suya = oficina.pieza("Ajena"), oficina.pieza("Suya")
        suya.autor_id = oficina.persona("solicitante@alcaldia.example").id
        ajena_id, suya_id = ajena.id, suya.id
    ficha = programa("solicitante")
    assert [una["id"] for una in ficha.leer("/piezas").json["datos"]] == [suya_id]
    for resto in ("", "/versiones", "/versiones/1", "/comentarios"):
        assert ficha.leer(f"/piezas/{suya_id}{resto}").status_code == 200
        assert ficha.leer(f"/piezas/{ajena_id}{resto}").status_code == 404
    comentada = ficha.enviar(f"/piezas/{ajena_id}/comentarios", {"texto": "Hola"})
    assert comentada.status_code == 404


def test_las_cuentas_no_dicen_su_credencial(programa):
    respuesta = programa("consulta").leer("/cuentas")
    assert {una["alias"] for una in respuesta.json["datos"]} == {"facebook", "grupo", "web", "x"}
    assert "sellada" not in respuesta.text
