"""Las fichas: qué abren, cuándo dejan de abrir y lo que nunca pueden."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from panel.api.puerta import POR_MINUTO
from piezas import fichas_api
from piezas.errores import DatosInvalidos, NoEncontrada
from piezas.fichas_api import FichaApi
from piezas.personas import Papel, Persona, PersonaPapel
from tests.panel.sembrado import CLAVE

PROBLEMA = "application/problem+json"


def test_con_la_ficha_se_entra_y_se_sabe_de_quien_es(programa):
    respuesta = programa("community", "cola:leer").leer("/yo")
    assert respuesta.status_code == 200
    assert respuesta.json["correo"] == "community@alcaldia.example"
    assert respuesta.json["alcances"] == ["cola:leer"]


@pytest.mark.parametrize(
    "cabecera",
    [{}, {"Authorization": "Bearer pub_inventada"}, {"Authorization": "Basic YTpi"},
     {"Authorization": "Bearer"}, {"Authorization": "Bearer \xf1"}],
)  # fmt: skip
def test_sin_una_ficha_que_valga_no_se_entra(panel, cabecera):
    respuesta = panel.visitante().get("/api/v1/piezas", headers=cabecera)
    assert respuesta.status_code == 401
    assert respuesta.mimetype == PROBLEMA
    assert respuesta.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Mi cuenta" in respuesta.json["detail"]


def test_la_sesion_del_navegador_no_abre_la_api(panel):
    assert panel.como("jefatura").get("/api/v1/piezas").status_code == 401


def test_la_ficha_no_abre_las_pantallas(panel, programa):
    ficha = programa("jefatura")
    respuesta = panel.visitante().get("/", headers={"Authorization": f"Bearer {ficha.secreto}"})
    assert respuesta.status_code == 302


def test_de_la_ficha_solo_se_guarda_su_resumen(panel, programa):
    ficha = programa("jefatura")
    with panel.leer() as sesion:
        fila = sesion.get_one(FichaApi, ficha.ficha_id)
        guardado = [getattr(fila, c.name) for c in FichaApi.__table__.columns]
    assert not any(ficha.secreto in str(valor) for valor in guardado)


def test_sin_el_alcance_se_niega_y_dice_cual_falta(programa):
    respuesta = programa("jefatura", "cola:leer").leer("/piezas")
    assert respuesta.status_code == 403
    assert "«piezas:leer»" in respuesta.json["detail"]


def test_el_alcance_no_da_un_papel_que_no_se_tiene(programa):
    respuesta = programa("consulta").enviar("/pausa", {"motivo": "Emergencia"})
    assert respuesta.status_code == 403
    assert "papeles" in respuesta.json["detail"]


def test_los_papeles_son_los_de_ahora_y_no_los_de_cuando_se_creo(panel, programa):
    ficha = programa("community")
    assert ficha.leer("/cola").status_code == 200
    with panel.servicios.sesiones.begin() as sesion:
        quien = sesion.query(Persona).filter_by(correo="community@alcaldia.example").one()
        quien.papeles_filas = [PersonaPapel(papel=Papel.SOLICITANTE)]
    assert ficha.leer("/cola").status_code == 403


def test_muere_con_su_duena_al_vencer_y_al_revocarla(panel, programa):
    de_quien_se_va, que_vence, revocada = (
        programa("diseno"), programa("revision"), programa("community"),
    )  # fmt: skip
    with panel.servicios.sesiones.begin() as sesion:
        sesion.query(Persona).filter_by(correo="diseno@alcaldia.example").one().activa = False
        quien = sesion.query(Persona).filter_by(correo="community@alcaldia.example").one()
        fichas_api.revocar(sesion, revocada.ficha_id, por=quien.id, ahora=panel.ahora)
    assert de_quien_se_va.leer("/yo").status_code == 401
    assert revocada.leer("/yo").status_code == 401
    assert que_vence.leer("/yo").status_code == 200
    panel.pasan(timedelta(days=30))
    assert que_vence.leer("/yo").status_code == 401


def test_sin_segundo_factor_la_ficha_de_quien_lo_debe_no_abre(armar_panel):
    exigente = armar_panel(segundo_factor_obligatorio=True)
    with exigente.servicios.sesiones.begin() as sesion:
        quien = sesion.query(Persona).filter_by(correo="jefatura@alcaldia.example").one()
        _, secreto = fichas_api.crear(
            sesion, nombre="x", alcances=["cola:leer"], plazo=timedelta(days=1), por=quien.id,
            ahora=exigente.ahora,
        )  # fmt: skip
    respuesta = exigente.visitante().get(
        "/api/v1/cola", headers={"Authorization": f"Bearer {secreto}"}
    )
    assert respuesta.status_code == 403
    assert "segundo factor" in respuesta.json["detail"]


def test_una_ficha_vale_a_lo_sumo_un_ano(programa):
    with pytest.raises(DatosInvalidos, match="un año"):
        programa("jefatura", plazo=timedelta(days=366))


def test_nadie_revoca_la_ficha_de_otra_persona(panel, programa):
    ajena = programa("jefatura")
    with panel.servicios.sesiones.begin() as sesion:
        quien = sesion.query(Persona).filter_by(correo="community@alcaldia.example").one()
        with pytest.raises(NoEncontrada):
            fichas_api.revocar(sesion, ajena.ficha_id, por=quien.id, ahora=panel.ahora)


def test_quien_pide_demasiado_espera(panel, programa):
    ficha, otra = programa("jefatura"), programa("jefatura")
    codigos = [ficha.leer("/yo").status_code for _ in range(POR_MINUTO + 1)]
    assert codigos == [200] * POR_MINUTO + [429]
    assert otra.leer("/yo").status_code == 200
    panel.pasan(timedelta(minutes=1))
    assert ficha.leer("/yo").status_code == 200


def test_una_ficha_no_aprueba_ni_la_de_jefatura(panel, programa):
    with panel.oficina() as oficina:
        numero = oficina.en_revision("En espera").id
    respuesta = programa("jefatura").enviar(f"/piezas/{numero}/aprobar")
    assert respuesta.status_code == 403
    assert "aprobar es de una persona" in respuesta.json["detail"]
    assert programa("jefatura").leer(f"/piezas/{numero}").json["estado"] == "en_revision"


def test_en_pantalla_se_crea_se_ve_una_vez_y_se_revoca(panel):
    cliente = panel.como("redaccion")
    pedido = {"nombre": "Tablero de salud", "alcance": ["piezas:leer", "inventado"], "dias": "30"}
    hoja = cliente.post("/perfil/fichas", data=pedido, follow_redirects=True).text
    secreto = hoja.partition('id="ficha-nueva" readonly value="')[2].partition('"')[0]
    assert secreto.startswith("pub_")
    assert secreto not in cliente.get("/perfil/fichas").text
    cabecera = {"Authorization": f"Bearer {secreto}"}
    assert panel.visitante().get("/api/v1/piezas", headers=cabecera).status_code == 200
    with panel.leer() as sesion:
        (ficha,) = sesion.scalars(select(FichaApi)).all()
        assert ficha.alcances == "piezas:leer"
    cliente.post(f"/perfil/fichas/{ficha.id}/revocar")
    assert panel.visitante().get("/api/v1/piezas", headers=cabecera).status_code == 401


def test_en_pantalla_lo_que_falta_se_dice_sin_perder_lo_escrito(panel):
    respuesta = panel.como("redaccion").post("/perfil/fichas", data={"nombre": "Tablero"})
    assert respuesta.status_code == 422
    assert "al menos una cosa" in respuesta.text
    assert 'value="Tablero"' in respuesta.text


def test_crear_una_ficha_pide_haber_dado_la_clave_hace_poco(panel):
    cliente = panel.como("redaccion")
    panel.pasan(timedelta(minutes=11))
    pedido = {"nombre": "Tablero", "alcance": "piezas:leer", "dias": "30"}
    respuesta = cliente.post("/perfil/fichas", data=pedido)
    assert "/confirmar" in respuesta.location
    assert CLAVE not in respuesta.text
    with panel.leer() as sesion:
        assert sesion.scalars(select(FichaApi)).all() == []
