"""Una cuenta que perdió su permiso se conecta de nuevo y sigue donde iba."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from piezas.zona import en_bogota
from publicador.ensayo.servidor import Ensayo
from tests.oficina import CREDENCIALES, PAGINA, REDACTA, Oficina
from tests.recorrido.parrilla_de_prueba import Fila, escribir


def poner_credencial(oficina: Oficina, alias: str, texto: str) -> None:
    with closing(sqlite3.connect(oficina.base)) as base, base:
        base.execute("UPDATE cuenta SET credencial = ? WHERE alias = ?", (texto, alias))


def test_con_una_credencial_nueva_lo_detenido_sale_una_vez(
    oficina: Oficina, redes: Ensayo, tmp_path: Path
) -> None:
    vencida = {"token_pagina": f"EAAensayo-{PAGINA}-vencido"}
    oficina.bien("cuenta", "conectar", "fb", entrada=json.dumps(vencida))
    ahora = en_bogota(datetime.now(UTC))
    parrilla = tmp_path / "p.csv"
    filas = [Fila("Una", "Texto", cuentas=("fb",))]
    escribir(parrilla, filas, fecha=f"{ahora:%Y-%m-%d}", hora=f"{ahora:%H:%M}")
    oficina.bien("parrilla", "importar", parrilla, "--como", REDACTA)
    oficina.aprobar_todo()
    oficina.entregar()
    assert oficina.estados() == ["detenida"]

    dicho = oficina.bien("cuenta", "conectar", "fb", entrada=json.dumps(CREDENCIALES["fb"]))
    assert "Sigue en pausa" in dicho.salida
    assert oficina.bien("cuenta", "verificar", "fb", "--json").json()[0]["vale"]
    oficina.bien("cuenta", "reanudar", "fb")
    oficina.entregar()
    assert oficina.estados() == ["publicada"]
    assert len(redes.mundo.visibles("facebook")) == 1


def test_una_credencial_incompleta_no_reemplaza_la_que_habia(oficina: Oficina) -> None:
    antes = oficina.volcado()
    hecho = oficina.orden("cuenta", "conectar", "fb", entrada='{"otra": "canario"}')
    assert (hecho.codigo, hecho.salida) == (1, "")
    assert "token_pagina" in hecho.frases
    assert "canario" not in hecho.errores
    assert oficina.volcado() == antes


def test_una_credencial_que_no_abre_no_impide_verificar_las_demas(oficina: Oficina) -> None:
    poner_credencial(oficina, "fb", "de otra instalación")
    hecho = oficina.orden("cuenta", "verificar", "--json")
    vale = {una["cuenta"]: una["vale"] for una in hecho.json()}
    assert (hecho.codigo, vale) == (1, {"fb": False, "x": True, "web": True})
    (mala,) = [una for una in hecho.json() if una["cuenta"] == "fb"]
    assert "Vuelva a conectarla" in mala["motivo"]
