"""La matriz de la API: cada operación con cada papel, con lo propio y con lo ajeno, y sin ficha."""

import re
from datetime import timedelta

import pytest

from panel.api.base import OPERACIONES
from piezas import fichas_api
from piezas.fichas_api import ALCANCES
from piezas.personas import Papel
from tests.panel.test_acceso import EQUIPO, GESTION, MANEJAN, MIRAN_BITACORA, REDACTORES, REVISORES
from tests.panel.test_matriz import Fotografia, sembrar_par

TODOS = set(Papel)
QUIENES = {
    "leer_yo": TODOS,
    "listar_piezas": TODOS,
    "leer_pieza": TODOS,
    "listar_versiones": TODOS,
    "leer_version": TODOS,
    "listar_comentarios": TODOS,
    "comentar_pieza": TODOS - {Papel.CONSULTA},
    "resolver_comentario": TODOS - {Papel.CONSULTA},
    "crear_una_pieza": REDACTORES,
    "guardar_pieza": REDACTORES,
    "enviar_pieza": REDACTORES,
    "clonar_pieza": REDACTORES,
    "devolver_pieza": REVISORES,
    # Un programa no aprueba, sea de quien sea su ficha.
    "aprobar_pieza": set(),
    "listar_aprobaciones": REVISORES,
    "leer_calendario": EQUIPO,
    "mover_en_calendario": REDACTORES,
    "listar_cola": EQUIPO,
    "leer_entrega": EQUIPO,
    "reintentar_entrega": GESTION,
    "cancelar_entrega": GESTION,
    "aplazar_entrega": GESTION,
    "resolver_duda": GESTION,
    "leer_pausa": EQUIPO,
    "pausar_todo": GESTION,
    "reanudar_todo": GESTION,
    "listar_medios": EQUIPO,
    "leer_medio": EQUIPO,
    "subir_medio": REDACTORES,
    "guardar_medio": REDACTORES,
    "listar_campanias": EQUIPO,
    "leer_campania": EQUIPO,
    "crear_una_campania": REDACTORES,
    "guardar_campania": REDACTORES,
    "listar_dependencias": EQUIPO,
    "crear_dependencia": MANEJAN,
    "cambiar_dependencia": MANEJAN,
    "listar_cuentas": EQUIPO,
    "leer_cuenta": EQUIPO,
    "leer_bitacora": MIRAN_BITACORA,
}
DEL_EQUIPO = {
    "leer_pieza", "listar_versiones", "leer_version", "listar_comentarios", "comentar_pieza",
    "resolver_comentario",
}  # fmt: skip
"""El equipo ve el de todos; un solicitante, solo el suyo."""
SIN_OBJETO_SEMBRADO = {"leer_campania", "guardar_campania", "cambiar_dependencia"}
CUERPOS = {
    "comentar_pieza": {"texto": "Hola"},
    "devolver_pieza": {"motivo": "Le falta la fecha"},
    "cancelar_entrega": {"motivo": "Se aplazó el evento"},
    "pausar_todo": {"motivo": "Una emergencia"},
}


def test_toda_operacion_tiene_su_regla():
    assert {una.nombre for una in OPERACIONES} == set(QUIENES)


def camino_de(una, cosas):
    fijos = {"alias": "facebook", "campania_id": 1, "dependencia_id": 1, "numero": 1}
    entrega = {"publicacion_id": next(iter(cosas.entregas.values()))}
    valores = cosas.valores | fijos | entrega
    camino = re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda parte: str(valores[parte[1]]), una.camino)
    return f"/api/v1{camino}"


def falta(una, papel, es_suya, respuesta, cambio):
    codigo, negado = respuesta.status_code, papel not in QUIENES[una.nombre]
    ajeno = una.nombre in DEL_EQUIPO and papel is Papel.SOLICITANTE and not es_suya
    if (negado or ajeno or una.metodo == "GET") and cambio:
        return "cambió la base"
    if negado:
        return "" if codigo == 403 else f"respondió {codigo}, no 403"
    if ajeno:
        return "" if codigo == 404 else f"respondió {codigo}, no 404"
    mal = codigo in {401, 403, 405} or codigo >= 500
    mal = mal or (codigo == 404 and una.nombre not in SIN_OBJETO_SEMBRADO)
    return f"se negó con {codigo}" if mal else ""


@pytest.mark.parametrize("papel", list(Papel))
def test_cada_operacion_con_cada_objeto(panel, papel):
    propias, ajenas, _ = sembrar_par(panel, papel)
    cabeceras = {"Authorization": f"Bearer {_ficha(panel, papel)}"}
    cliente, faltas = panel.visitante(), []
    assert cliente.get("/api/v1/yo", headers=cabeceras).status_code == 200  # anota que se usó
    archivo = panel.servicios.sesiones.kw["bind"].url.database
    foto = Fotografia(archivo)
    try:
        for una in OPERACIONES:
            for es_suya, cosas in ((True, propias), (False, ajenas)):
                panel.pasan(timedelta(seconds=0.2))  # el tope por minuto se prueba aparte
                respuesta = cliente.open(
                    camino_de(una, cosas),
                    method=una.metodo,
                    headers=cabeceras,
                    json=None if una.metodo == "GET" else CUERPOS.get(una.nombre, {}),
                )
                cambio = foto.cambio()
                if halla := falta(una, papel, es_suya, respuesta, cambio):
                    faltas.append((una.nombre, "propio" if es_suya else "ajeno", halla))
                if cambio:
                    foto.volver(archivo)
    finally:
        foto.cerrar()
    assert not faltas, "\n".join(map(str, faltas))


def _ficha(panel, papel):
    with panel.oficina() as oficina:
        _, secreto = fichas_api.crear(
            oficina.sesion, nombre="de la matriz", alcances=tuple(ALCANCES),
            plazo=timedelta(days=30), por=oficina.persona(f"{papel}@alcaldia.example").id,
            ahora=panel.ahora,
        )  # fmt: skip
        return secreto


@pytest.mark.parametrize("con", ["nada", "sesion", "ficha inventada"])
def test_sin_una_ficha_que_valga_no_se_abre_nada(panel, con):
    """Tampoco con la sesión del navegador: si valiera, otro sitio podría usarla."""
    propias, _, _ = sembrar_par(panel, Papel.JEFATURA)
    cliente = panel.como("jefatura") if con == "sesion" else panel.visitante()
    cabeceras = {"Authorization": f"Bearer pub_{'a' * 43}"} if con == "ficha inventada" else {}
    foto = Fotografia(panel.servicios.sesiones.kw["bind"].url.database)
    try:
        for una in OPERACIONES:
            respuesta = cliente.open(camino_de(una, propias), method=una.metodo, headers=cabeceras)
            assert respuesta.status_code == 401, una.nombre
            assert not foto.cambio(), una.nombre
    finally:
        foto.cerrar()


@pytest.mark.parametrize("alcance", list(ALCANCES))
def test_una_ficha_hace_solo_lo_de_sus_alcances(panel, alcance):
    propias, _, _ = sembrar_par(panel, Papel.JEFATURA)
    with panel.oficina() as oficina:
        _, secreto = fichas_api.crear(
            oficina.sesion, nombre="corta", alcances=(alcance,), plazo=timedelta(days=30),
            por=oficina.persona("jefatura@alcaldia.example").id, ahora=panel.ahora,
        )  # fmt: skip
    cabeceras = {"Authorization": f"Bearer {secreto}"}
    for una in OPERACIONES:
        if una.alcance not in {None, alcance}:
            respuesta = panel.visitante().open(
                camino_de(una, propias), method=una.metodo, headers=cabeceras
            )
            assert respuesta.status_code == 403, una.nombre
