"""Lo que una persona decide en el panel y lo que queda hecho."""

from datetime import UTC, timedelta

import pytest
from sqlalchemy import select

from cola.estados import Causa, Estado
from cola.pausas import Pausa
from cola.publicaciones import Publicacion
from piezas.bitacora import Anotacion
from piezas.versiones import EstadoPieza, Pieza
from tests.panel.sembrado import una_imagen
from tests.panel.test_pantallas import texto_de, ver


def estado_de(panel, numero: int) -> Publicacion:
    with panel.leer() as sesion:
        return sesion.get_one(Publicacion, numero)


def pieza_de(panel, numero: int) -> Pieza:
    with panel.leer() as sesion:
        return sesion.get_one(Pieza, numero)


def enviar(cliente, camino: str, datos=None) -> str:
    """Envía y devuelve lo que se lee después."""
    respuesta = cliente.post(camino, data=datos or {}, follow_redirects=True)
    assert respuesta.status_code in {200, 422}, respuesta.status_code
    return texto_de(respuesta.text)


@pytest.fixture
def en_espera(panel):
    with panel.oficina() as oficina:
        pieza = oficina.en_revision("Jornada", imagen=una_imagen())
        return pieza.id, pieza.version_vigente_id


def test_aprobar_pone_las_entregas_en_la_cola_y_despierta_al_motor(panel, en_espera):
    numero, version = en_espera
    pagina = enviar(
        panel.como("jefatura"), f"/aprobacion/{numero}/aprobar", {"version_id": version}
    )
    assert "Aprobada. 2 entregas en la cola." in pagina
    assert pieza_de(panel, numero).estado is EstadoPieza.APROBADA
    with panel.leer() as sesion:
        estados = sesion.scalars(select(Publicacion.estado)).all()
    assert estados == [Estado.PROGRAMADA, Estado.PROGRAMADA]
    assert panel.timbrazos == [1]


def test_no_se_aprueba_una_version_distinta_de_la_que_se_vio(panel, en_espera):
    numero, version = en_espera
    pagina = enviar(
        panel.como("jefatura"), f"/aprobacion/{numero}/aprobar", {"version_id": version + 1}
    )
    assert "La pieza cambió mientras usted la miraba" in pagina
    assert pieza_de(panel, numero).estado is EstadoPieza.EN_REVISION
    assert panel.timbrazos == []


def test_nadie_aprueba_lo_que_escribio(panel):
    with panel.oficina() as oficina:
        pieza = oficina.en_revision("Propia", por="jefatura@alcaldia.example")
        numero, version = pieza.id, pieza.version_vigente_id
    cliente = panel.como("jefatura")
    assert "Usted la escribió: la aprueba otra persona de jefatura." in ver(cliente, "/aprobacion")
    respuesta = cliente.get(f"/aprobacion/{numero}")
    assert "Usted la escribió o la editó: la decide otra persona." in texto_de(respuesta.text)
    assert f"/aprobacion/{numero}/aprobar" not in respuesta.text
    pagina = enviar(cliente, f"/aprobacion/{numero}/aprobar", {"version_id": version})
    assert "no puede aprobarla" in pagina
    assert pieza_de(panel, numero).estado is EstadoPieza.EN_REVISION


def test_aprobar_varias_aprueba_las_que_puede_y_dice_cual_no(panel):
    with panel.oficina() as oficina:
        buenas = [oficina.en_revision(f"Buena {n}") for n in range(2)]
        propia = oficina.en_revision("Propia", por="jefatura@alcaldia.example")
        marcas = [f"{p.id}:{p.version_vigente_id}" for p in (*buenas, propia)]
    pagina = enviar(panel.como("jefatura"), "/aprobacion/varias", {"elegidas": [*marcas, "x:y"]})
    assert "2 piezas aprobadas. 4 entregas en la cola." in pagina
    assert "«Propia» no se aprobó." in pagina


def test_aprobar_varias_sin_marcar_ninguna_lo_dice(panel):
    assert "No se aprobó ninguna pieza." in enviar(panel.como("jefatura"), "/aprobacion/varias")


def test_la_aprobacion_muestra_costo_imagenes_y_texto_de_cada_red(panel, en_espera):
    assert "Cuesta US$ 0,02" in ver(panel.como("jefatura"), "/aprobacion")
    respuesta = panel.como("jefatura").get(f"/aprobacion/{en_espera[0]}")
    pagina = texto_de(respuesta.text)
    assert pagina.count("Este sábado hay jornada de vacunación gratuita.") == 2
    assert 'alt="Afiche de la jornada"' in respuesta.text


def test_lo_que_no_cabe_no_se_puede_marcar_ni_aprobar(panel, en_espera):
    numero, version = en_espera
    with panel.oficina() as oficina:
        oficina.sesion.connection().exec_driver_sql(
            "UPDATE version SET texto = ? WHERE id = ?", ("largo " * 100, version)
        )
    respuesta = panel.como("jefatura").get("/aprobacion")
    assert "No se puede aprobar hasta que quepa" in texto_de(respuesta.text)
    assert 'name="elegidas"' not in respuesta.text
    hoja = panel.como("jefatura").get(f"/aprobacion/{numero}").text
    assert f"/aprobacion/{numero}/aprobar" not in hoja
    pagina = enviar(
        panel.como("jefatura"), f"/aprobacion/{numero}/aprobar", {"version_id": version}
    )
    assert "X" in pagina
    assert pieza_de(panel, numero).estado is EstadoPieza.EN_REVISION


def test_devolver_con_motivo_corto_conserva_lo_escrito(panel, en_espera):
    numero, version = en_espera
    cliente = panel.como("jefatura")
    datos = {"version_id": version, "motivo": "mal <b>"}
    respuesta = cliente.post(f"/aprobacion/{numero}/devolver", data=datos)
    assert respuesta.status_code == 422
    assert ">mal &lt;b&gt;</textarea>" in respuesta.text
    assert "al menos 10 caracteres" in texto_de(respuesta.text)
    assert pieza_de(panel, numero).estado is EstadoPieza.EN_REVISION


@pytest.mark.parametrize("quien", ["jefatura", "revision", "juridica"])
def test_devolver_deja_la_observacion_a_quien_escribio(panel, en_espera, quien):
    numero, version = en_espera
    datos = {"version_id": version, "motivo": "Falta el horario del sábado."}
    assert "Devuelta con sus observaciones." in enviar(
        panel.como(quien), f"/aprobacion/{numero}/devolver", datos
    )
    pagina = ver(panel.como("redaccion"), f"/piezas/{numero}")
    assert "Falta el horario del sábado." in pagina
    assert "La devolvió" in pagina


def test_revision_da_por_revisada_y_no_aprueba(panel, en_espera):
    numero, version = en_espera
    cliente = panel.como("revision")
    assert f"/aprobacion/{numero}/aprobar" not in cliente.get(f"/aprobacion/{numero}").text
    assert "Dar por revisada" in cliente.get(f"/aprobacion/{numero}").text
    enviar(cliente, f"/aprobacion/{numero}/revisar", {"version_id": version})
    assert pieza_de(panel, numero).estado is EstadoPieza.REVISADA
    assert "Dar por revisada" not in cliente.get(f"/aprobacion/{numero}").text


def test_quien_escribio_envia_a_revision_y_se_le_dice_lo_que_falta(panel):
    with panel.oficina() as oficina:
        buena, larga = oficina.pieza("Buena").id, oficina.pieza("Larga", texto="largo " * 99).id
    cliente = panel.como("redaccion")
    assert "Quedó en revisión" in enviar(cliente, f"/piezas/{buena}/enviar")
    assert pieza_de(panel, buena).estado is EstadoPieza.EN_REVISION
    assert "«x»" in enviar(cliente, f"/piezas/{larga}/enviar")
    assert pieza_de(panel, larga).estado is EstadoPieza.BORRADOR


@pytest.mark.parametrize("estado", [Estado.DETENIDA, Estado.FALLIDA])
def test_reintentar_pone_la_entrega_para_ya_y_despierta_al_motor(panel, estado):
    with panel.oficina() as oficina:
        numero = oficina.entrega("Atascada", "x", estado).id
    assert "Va de salida" in enviar(panel.como("community"), f"/cola/{numero}/reintentar")
    entrega = estado_de(panel, numero)
    assert entrega.estado is Estado.PROGRAMADA
    assert entrega.vence == panel.ahora
    assert panel.timbrazos == [1]


def test_lo_que_no_se_puede_vuelve_a_la_pantalla_con_una_frase(panel):
    with panel.oficina() as oficina:
        numero = oficina.entrega("Ya salió", "x", Estado.PUBLICADA).id
    cliente = panel.como("community")
    respuesta = cliente.post(
        f"/cola/{numero}/reintentar",
        headers={"Referer": f"http://localhost/cola/{numero}"},
    )
    assert respuesta.location == f"/cola/{numero}"
    assert "solo se reintenta lo detenido o lo fallido" in ver(cliente, f"/cola/{numero}")


def test_volver_atras_no_sigue_una_direccion_ajena(panel):
    respuesta = panel.como("community").post(
        "/pausa/reanudar", headers={"Referer": "http://otro.example/trampa"}
    )
    assert respuesta.location == "/"


def test_cancelar_pide_motivo_y_lo_deja_escrito(panel):
    with panel.oficina() as oficina:
        numero = oficina.entrega("Aplazada", "x", Estado.PROGRAMADA).id
    cliente = panel.como("community")
    assert "Escriba el motivo" in enviar(cliente, f"/cola/{numero}/cancelar", {"motivo": " "})
    assert estado_de(panel, numero).estado is Estado.PROGRAMADA
    pagina = enviar(cliente, f"/cola/{numero}/cancelar", {"motivo": "Se aplazó por lluvia"})
    assert "Se aplazó por lluvia" in pagina
    assert estado_de(panel, numero).estado is Estado.CANCELADA


@pytest.mark.parametrize(
    ("respuesta", "estado"),
    [
        ("salio", Estado.PUBLICADA),
        ("no_salio", Estado.FALLIDA),
        ("reenviar", Estado.PROGRAMADA),
    ],
)
def test_resolver_una_duda(panel, respuesta, estado):
    with panel.oficina() as oficina:
        oficina.cuenta("x").identificador = "alcaldia"
        numero = oficina.entrega("Dudosa", "x", Estado.EN_DUDA).id
    datos = {"respuesta": respuesta, "url": "https://x.com/alcaldia/status/123456"}
    enviar(panel.como("community"), f"/cola/{numero}/resolver", datos)
    assert estado_de(panel, numero).estado is estado
    with panel.leer() as sesion:
        hechos = sesion.scalars(select(Anotacion).where(Anotacion.accion == "resolver_duda")).all()
    assert [hecho.quien for hecho in hechos] == ["community@alcaldia.example"]


def test_una_duda_sin_respuesta_o_sin_direccion_sigue_en_duda(panel):
    with panel.oficina() as oficina:
        numero = oficina.entrega("Dudosa", "x", Estado.EN_DUDA).id
    cliente = panel.como("community")
    assert "Elija si la publicación salió" in enviar(cliente, f"/cola/{numero}/resolver")
    datos = {"respuesta": "salio", "url": ""}
    assert "Pegue la dirección" in enviar(cliente, f"/cola/{numero}/resolver", datos)
    assert estado_de(panel, numero).estado is Estado.EN_DUDA


def test_confirmar_una_entrega_a_mano_guarda_la_hora_de_bogota(panel):
    with panel.oficina() as oficina:
        numero = oficina.entrega("Aviso", "grupo", Estado.EN_DUDA).id
    datos = {"entregada_en": "2026-12-01T06:45", "evidencia": "Grupo de veedores, 20 lecturas"}
    pagina = enviar(panel.como("community"), f"/cola/{numero}/confirmar", datos)
    assert "Grupo de veedores, 20 lecturas" in pagina
    entrega = estado_de(panel, numero)
    assert entrega.estado is Estado.PUBLICADA
    assert entrega.publicada_en == panel.ahora.replace(hour=11, minute=45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("momento", "frase"),
    [("", "Escriba la fecha"), ("ayer", "Escriba la fecha"), ("2027-01-01T00:00", "en el futuro")],
)
def test_una_confirmacion_sin_fecha_que_sirva_no_confirma(panel, momento, frase):
    with panel.oficina() as oficina:
        numero = oficina.entrega("Aviso", "grupo", Estado.EN_DUDA).id
    datos = {"entregada_en": momento, "evidencia": "Grupo de veedores"}
    assert frase in enviar(panel.como("community"), f"/cola/{numero}/confirmar", datos)
    assert estado_de(panel, numero).estado is Estado.EN_DUDA


def test_pausar_todo_se_ve_en_toda_pantalla_y_reanudar_deja_lo_vencido_a_una_persona(panel):
    with panel.oficina() as oficina:
        oficina.entrega("Vence en pausa", "x", Estado.PROGRAMADA)
    cliente = panel.como("jefatura")
    pagina = enviar(cliente, "/pausa", {"motivo": "Duelo en la ciudad"})
    assert "Todo está en pausa Duelo en la ciudad" in pagina
    assert "Todo está en pausa Duelo en la ciudad" in ver(panel.como("consulta"), "/calendario")
    panel.pasan(timedelta(hours=2))
    cliente = panel.como("jefatura")
    assert "1 entrega venció durante la pausa" in enviar(cliente, "/pausa/reanudar")
    with panel.leer() as sesion:
        assert sesion.scalars(select(Pausa.hasta)).all() == [panel.ahora]
        assert sesion.scalars(select(Publicacion.causa)).all() == [Causa.PAUSA]


def test_pausar_sin_motivo_no_pausa(panel):
    assert "Escriba el motivo" in enviar(panel.como("jefatura"), "/pausa", {"motivo": ""})
    with panel.leer() as sesion:
        assert sesion.scalars(select(Pausa)).all() == []


def test_reanudar_una_cuenta_suelta_lo_que_esta_a_tiempo(panel):
    with panel.oficina() as oficina:
        numero = oficina.entrega("Espera", "x", Estado.DETENIDA, causa=Causa.CUENTA).id
        oficina.pausar_cuenta("x", "La cuenta perdió el permiso.")
    pagina = enviar(panel.como("community"), "/cuentas/x/reanudar")
    assert "Salen solas: 1" in pagina
    assert estado_de(panel, numero).estado is Estado.PROGRAMADA
    assert panel.timbrazos == [1]


def test_reanudar_una_cuenta_que_no_existe_lo_dice(panel):
    respuesta = panel.como("community").post("/cuentas/nada/reanudar")
    assert respuesta.status_code == 404
    assert "No existe la cuenta «nada»" in texto_de(respuesta.text)
