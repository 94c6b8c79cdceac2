"""La demostración entera, como la corre quien recién llega: una orden, sin claves."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from publicador.demo.contenido import PiezaDemo, leer_contenido

RAIZ = Path(__file__).parents[2]
CONTENIDO = leer_contenido()
SALEN = [p for p in CONTENIDO.piezas if p.cuando.es_pasado or p.cuando.es_en_vivo]
pytestmark = [pytest.mark.lenta, pytest.mark.timeout(300)]


def entorno(datos: Path) -> dict[str, str]:
    limpio = {n: v for n, v in os.environ.items() if not n.startswith("PUBLICADOR_")}
    return {**limpio, "PUBLICADOR_DATOS": str(datos), "PYTHONPATH": str(RAIZ)}


def orden(*mas: str) -> list[str]:
    return [sys.executable, "-m", "publicador", "demo", "--json", "--puerto-ensayo", "0", *mas]


def cuantas(*redes: str) -> int:
    return sum(CONTENIDO.cuenta(a).red.value in redes for p in SALEN for a in p.cuentas)


def test_demo_terminar_publica_todo_una_vez_en_cada_red_y_lo_resume_en_json(tmp_path):
    hecho = subprocess.run(
        orden("--terminar"), cwd=tmp_path, env=entorno(tmp_path / "datos"), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert hecho.returncode == 0, hecho.stderr
    assert hecho.stderr == ""
    resumen = json.loads(hecho.stdout)

    publicadas = cuantas("facebook", "x", "wordpress")
    assert resumen["entregas"]["por_estado"]["publicada"] == publicadas
    assert resumen["entregas"]["por_estado"]["en_duda"] == cuantas("manual")
    assert set(resumen["entregas"]["por_estado"]) == {"publicada", "en_duda", "programada"}
    for red in ("facebook", "x", "wordpress"):
        assert len(resumen["redes"][red]["publicadas"]) == cuantas(red)
        assert all(una["id_remoto"] and una["url"] for una in resumen["redes"][red]["publicadas"])
    assert resumen["piezas"]["por_estado"] == {
        "borrador": 2,
        "en_revision": 2,
        "devuelta": 1,
        "aprobada": len(CONTENIDO.piezas) - 5,
    }
    assert resumen["cotejo"] == {
        "publicadas": publicadas,
        "faltan_en_la_red": 0,
        "sobran_en_la_red": 0,
        "repetidas": 0,
    }
    assert [una["cuenta"] for una in resumen["esperan_a_una_persona"]] == ["whatsapp_prensa"]
    assert (resumen["metricas"], resumen["diagnostico"]) == (None, None)
    assert sum("próxima" in una for una in resumen["advertencias"]) == 2
    _revisar_el_libro(tmp_path / "datos" / "demo-terminar", publicadas)


def _revisar_el_libro(carpeta: Path, publicadas: int) -> None:
    """Lo que quedó en la base y en las redes, leído sin la casa de por medio."""
    with closing(sqlite3.connect(carpeta / "publicador.db")) as base:
        dudas = base.execute(
            "SELECT p.titulo, e.estado FROM intento i JOIN publicacion e ON e.id = i.publicacion_id"
            " JOIN pieza p ON p.id = e.pieza_id WHERE i.suceso = 'sin_respuesta'"
        ).fetchall()
        salidas = base.execute(
            "SELECT count(DISTINCT publicacion_id) FROM intento WHERE suceso = 'salida'"
        ).fetchone()[0]
        viejas = base.execute(
            "SELECT count(*) FROM publicacion"
            " WHERE estado = 'publicada' AND publicada_en < datetime('now', '-3 days')"
        ).fetchone()[0]
    assert [estado for _, estado in dudas] == ["publicada"]
    # La entrega a mano también deja escrita su salida, y después espera a una persona.
    assert salidas == publicadas + cuantas("manual")
    pasadas = [p for p in SALEN if p.cuando.es_pasado]
    assert viejas == sum(len(p.cuentas) for p in pasadas)
    assert not (carpeta.parent / "publicador.db").exists()


def test_la_demostracion_no_toca_la_base_de_la_oficina(tmp_path):
    oficina = tmp_path / "datos"
    oficina.mkdir()
    (oficina / "publicador.db").write_bytes(b"la de verdad")
    with demostracion(oficina) as datos:
        assert datos["carpeta"] == str(oficina / "demo")
    assert (oficina / "publicador.db").read_bytes() == b"la de verdad"


@contextmanager
def demostracion(carpeta: Path) -> Iterator[dict[str, Any]]:
    """`publicador demo` en marcha; al salir se detiene con Ctrl-C y debe terminar bien."""
    registro = carpeta.parent / "errores.txt"
    with registro.open("w") as errores:
        proceso = subprocess.Popen(
            orden("--puerto", "0"),
            cwd=carpeta.parent,
            env=entorno(carpeta),
            stdout=subprocess.PIPE,
            stderr=errores,
            text=True,
        )
    try:
        yield _leer_documento(proceso, registro)
        proceso.send_signal(signal.SIGINT)
        assert proceso.wait(timeout=60) == 0, registro.read_text()
    finally:
        proceso.kill()
        proceso.wait()
        if proceso.stdout is not None:
            proceso.stdout.close()


def _leer_documento(proceso: subprocess.Popen[str], registro: Path) -> dict[str, Any]:
    assert proceso.stdout is not None
    lineas: list[str] = []
    for linea in proceso.stdout:
        lineas.append(linea)
        if linea.rstrip() == "}":
            documento: dict[str, Any] = json.loads("".join(lineas))
            return documento
    raise AssertionError(f"la demostración no arrancó: {registro.read_text()}")


def entrar(pagina: Page, datos: dict[str, Any], correo: str) -> None:
    pagina.goto(f"{datos['panel']}/entrar")
    pagina.get_by_label("Correo").fill(correo)
    pagina.get_by_label("Contraseña").fill(datos["clave"])
    pagina.get_by_role("button", name="Entrar").click()
    expect(pagina.get_by_role("heading", name="Hoy", exact=True)).to_be_visible()


@pytest.mark.navegador
def test_se_ve_una_publicacion_pasar_de_programada_a_publicada_y_llegar_al_muro(tmp_path, pagina):
    with demostracion(tmp_path / "datos") as datos:
        entrar(pagina, datos, "jefatura@alcaldia.example")
        hoy = pagina.get_by_role("main")
        expect(hoy).to_contain_text("2 piezas esperan su aprobación")
        expect(hoy).to_contain_text("No puede ir a revisión")
        expect(hoy).to_contain_text("falta el texto alternativo")

        pagina.goto(f"{datos['panel']}/cola?estado=todas&cuenta=fb_principal")
        mirada = _la_proxima(pagina.locator(".fila").all_inner_texts())
        fila = pagina.locator(".fila", has_text=mirada.titulo)
        expect(fila).to_contain_text("Publicada", timeout=120_000)

        with pagina.context.expect_page() as abierta:
            fila.get_by_role("link", name=re.compile("Ver en la red")).click()
        muro = abierta.value
        muro.wait_for_url(re.compile(re.escape(datos["muro"])))
        tarjeta = muro.locator("article.red-facebook")
        expect(tarjeta).to_contain_text(mirada.texto_facebook or mirada.texto)
        for imagen in mirada.imagenes:
            foto = tarjeta.get_by_role("img", name=imagen.alt)
            expect(foto).not_to_have_js_property("naturalWidth", 0)


def _la_proxima(filas: list[str]) -> PiezaDemo:
    """La primera pieza que la cola muestra todavía programada, con sus palabras."""
    return next(
        pieza
        for pieza in CONTENIDO.piezas
        if pieza.cuando.es_en_vivo
        and any(pieza.titulo in fila and "Programada" in fila for fila in filas)
    )


@pytest.mark.navegador
def test_la_segunda_vez_reencuentra_lo_publicado_y_sigue_con_lo_que_faltaba(tmp_path, pagina):
    with demostracion(tmp_path / "datos") as datos:
        pagina.goto(datos["muro"])
        primera = next(p for p in CONTENIDO.piezas if p.cuando.es_en_vivo)
        en_el_muro = pagina.locator("article.red-x", has_text=primera.texto_x)
        expect(en_el_muro).to_be_visible(timeout=60_000)
        antes = set(pagina.locator("article").evaluate_all("todas => todas.map(una => una.id)"))
    assert datos["sembrada_porque"] == "Es la primera vez."
    with demostracion(tmp_path / "datos") as otra:
        assert otra["sembrada_porque"] is None
        assert otra["muro"] == datos["muro"]
        pagina.goto(otra["muro"])
        ahora = set(pagina.locator("article").evaluate_all("todas => todas.map(una => una.id)"))
        assert antes <= ahora
        entrar(pagina, otra, "community@alcaldia.example")
        expect(pagina.get_by_role("main")).to_contain_text("Programada")
