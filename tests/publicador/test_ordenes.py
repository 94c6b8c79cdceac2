"""La línea de órdenes vista desde afuera: qué órdenes hay, cómo se usan mal y qué JSON dan."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import publicador
from piezas.zona import en_bogota
from publicador.ensayo.servidor import Ensayo
from tests.oficina import MANDA, MANEJA, REDACTA, Oficina
from tests.recorrido.parrilla_de_prueba import Fila, escribir

RAIZ = Path(publicador.__file__).parent.parent
ORDENES = """
preparar
servir --puerto
panel
motor --hasta-vaciar --flota
reloj
ensayo --puerto
demo --terminar --json
usuario crear --correo --nombre --rol
cuenta agregar --alias --red --identificador
cuenta verificar --json
cuenta listar --json
cuenta pausar
cuenta reanudar
parrilla importar --como --en-revision --repetir
parrilla exportar --desde --hasta
pieza listar --json
pieza enviar --todas
pieza aprobar --todas --como
pieza devolver --motivo --como
cola ver --estado --json
cola pausar --motivo
cola reanudar
cola resolver --salio --no-salio --reenviar --como
cola reintentar --como
cola cancelar --motivo --como
bitacora verificar --cabeza --json
bitacora exportar --desde --hasta
revisar
"""
TODAVIA = (
    ("metricas", "recoger", "--todas"),
    ("metricas", "importar", "a.csv", "--cuenta", "fb"),
    ("diagnostico", "2026-11", "--formato", "pdf", "--salida", "d.pdf"),
    ("formato", "005", "--desde", "2026-01-01", "--hasta", "2026-01-31", "--salida", "f.xlsx"),
    ("respaldo", "crear", "r.tar"),
    ("respaldo", "restaurar", "r.tar"),
    ("respaldo", "probar", "r.tar"),
    ("claves", "rotar"),
    ("reloj",),
    ("motor", "--flota"),
)
DE_LA_COLA = {
    "id", "pieza_id", "pieza", "cuenta", "red", "estado", "programada_para", "publicada_en",
    "id_remoto", "url", "intentos", "motivo",
}  # fmt: skip
DE_LAS_PIEZAS = {
    "id", "titulo", "estado", "version", "campania", "autor", "editor", "cuentas", "motivo",
}  # fmt: skip


@pytest.mark.parametrize("linea", ORDENES.split("\n")[1:-1])
def test_cada_orden_del_contrato_existe_y_se_explica_en_espaniol(
    oficina: Oficina, linea: str
) -> None:
    partes = linea.split()
    orden = [p for p in partes if not p.startswith("--")]
    hecho = oficina.bien(*orden, "--help")
    assert hecho.salida.startswith("Uso: publicador " + " ".join(orden))
    for opcion in (p for p in partes if p.startswith("--")):
        assert opcion in hecho.salida
    assert not {"Usage", "Options", "Show this"} & set(hecho.salida.split())


def test_la_ayuda_general_nombra_cada_orden(oficina: Oficina) -> None:
    ayuda = oficina.bien("--help").salida
    for linea in ORDENES.split("\n")[1:-1]:
        assert f"\n  {linea.split()[0]} " in ayuda
    sin_nada = oficina.orden()
    assert (sin_nada.codigo, sin_nada.salida) == (2, "")
    assert "Órdenes:" in sin_nada.errores
    assert oficina.bien("--version").salida.startswith("publicador ")


@pytest.mark.parametrize(
    ("orden", "sobran"),
    [
        (("--help",), ("flask", "tweepy", "facebook", "av", "openpyxl", "alembic", "apscheduler")),
        (("cola", "ver", "--json"), ("av", "openpyxl", "alembic", "waitress", "twitter_text")),
    ],
)
def test_una_orden_no_carga_lo_que_no_usa(
    oficina: Oficina, orden: tuple[str, ...], sobran: tuple[str, ...]
) -> None:
    guion = (
        "import atexit, sys; from publicador.cli import principal;"
        f"atexit.register(lambda: print(sorted(sys.modules.keys() & set({sobran!r}))));"
        f"principal({list(orden)!r})"
    )
    hecho = subprocess.run(
        [sys.executable, "-c", guion],
        env={**os.environ, **oficina.entorno, "PYTHONPATH": str(RAIZ)},
        cwd=oficina.datos.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert hecho.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("orden", TODAVIA)
def test_lo_que_llega_despues_lo_dice_y_no_finge(oficina: Oficina, orden: tuple[str, ...]) -> None:
    antes = oficina.volcado()
    hecho = oficina.orden(*orden)
    assert (hecho.codigo, hecho.salida) == (1, "")
    assert "todavía no" in hecho.errores
    assert oficina.volcado() == antes
    assert not list(oficina.datos.parent.glob("*.pdf"))


MAL_USADAS = [
    (("cola", "vre"), "No existe la orden"),
    (("colas",), "No existe la orden"),
    (("cola", "ver", "--estado", "lista"), "--estado"),
    (("cola", "ver", "--jason"), "No existe la opción --jason"),
    (("cola", "resolver", "uno", "--no-salio"), "no es un número entero"),
    (("cola", "resolver", "1"), "--salio URL, o --no-salio"),
    (("cola", "resolver", "1", "--salio", "https://x.com/a/status/1", "--no-salio"), "--no-salio"),
    (("cola", "resolver", "1", "--salio", "https://x.com/a/status/1", "--reenviar"), "--reenviar"),
    (("cola", "pausar"), "Falta la opción --motivo"),
    (("cola", "cancelar", "1"), "Falta la opción --motivo"),
    (("cola", "reintentar"), "Falta"),
    (("pieza", "aprobar", "1"), "Falta la opción --como"),
    (("pieza", "aprobar", "--como", MANDA), "--todas"),
    (("pieza", "aprobar", "1", "--todas", "--como", MANDA), "--todas"),
    (("pieza", "enviar"), "--todas"),
    (("pieza", "devolver", "1", "--como", MANDA), "Falta la opción --motivo"),
    (("parrilla", "importar", "p.csv"), "Falta la opción --como"),
    (("parrilla", "exportar", "--desde", "1/2/2026", "--hasta", "2026-03-01", "s.csv"), "--desde"),
    (("cuenta", "agregar", "--alias", "a", "--red", "tuiter", "--identificador", "1"), "--red"),
    (("cuenta", "pausar"), "Falta"),
    (("usuario", "crear", "--correo", "a@b.co", "--nombre", "A", "--rol", "jefe"), "--rol"),
    (("servir", "--puerto", "ocho mil"), "--puerto"),
    (("revisar", "de más"), "Sobra un argumento"),
]


@pytest.mark.parametrize(("orden", "dice"), MAL_USADAS)
def test_una_orden_mal_usada_sale_con_2_y_una_frase(
    oficina: Oficina, orden: tuple[str, ...], dice: str
) -> None:
    antes = oficina.volcado()
    hecho = oficina.orden(*orden)
    assert (hecho.codigo, hecho.salida) == (2, "")
    assert dice in hecho.errores
    assert "--help" in hecho.errores
    assert "Traceback" not in hecho.errores
    assert oficina.volcado() == antes


def _sembrar(oficina: Oficina, carpeta: Path) -> None:
    ahora = en_bogota(datetime.now(UTC))
    ruta = carpeta / "parrilla.csv"
    filas = (
        Fila("Sale", "Texto que sale ñ", campania="Agua"),
        Fila("Espera", "Texto que espera", cuentas=("fb",)),
    )
    escribir(ruta, filas, fecha=f"{ahora:%Y-%m-%d}", hora=f"{ahora:%H:%M}")
    oficina.bien("parrilla", "importar", ruta, "--como", REDACTA)
    oficina.bien("pieza", "enviar", "--todas")
    oficina.bien("pieza", "aprobar", "1", "--como", MANDA)
    oficina.bien("pieza", "devolver", "2", "--motivo", "Falta el lugar", "--como", MANDA)


def _uno_solo(salida: str) -> Any:
    """El documento, y nada antes ni después."""
    assert salida[0] in "[{"
    assert salida[-2] in "]}"
    return json.loads(salida)


def _con_zona(instante: str) -> datetime:
    leido = datetime.fromisoformat(instante)
    assert leido.utcoffset() is not None
    return leido


def test_los_listados_en_json_tienen_la_forma_del_contrato(
    oficina: Oficina, redes: Ensayo, tmp_path: Path
) -> None:
    _sembrar(oficina, tmp_path)
    antes = _uno_solo(oficina.bien("cola", "ver", "--json").salida)
    assert [set(una) for una in antes] == [DE_LA_COLA] * 3
    for una in antes:
        assert una["estado"] == "programada"
        assert (una["publicada_en"], una["id_remoto"], una["url"]) == (None, None, None)
        _con_zona(una["programada_para"])
    piezas = _uno_solo(oficina.bien("pieza", "listar", "--json").salida)
    assert [set(p) for p in piezas] == [DE_LAS_PIEZAS] * 2
    assert (piezas[0]["campania"], piezas[1]["campania"]) == ("Agua", None)
    assert (piezas[0]["estado"], piezas[1]["estado"]) == ("aprobada", "devuelta")
    assert (piezas[0]["motivo"], piezas[1]["motivo"]) == (None, "Falta el lugar")
    assert (piezas[0]["autor"], piezas[0]["editor"], piezas[0]["version"]) == (REDACTA, REDACTA, 1)
    assert piezas[0]["cuentas"] == ["fb", "x", "web"]

    assert _uno_solo(oficina.bien("motor", "--hasta-vaciar", "--json").salida) == []
    for una in _uno_solo(oficina.bien("cola", "ver", "--json", "--estado", "publicada").salida):
        assert isinstance(una["id_remoto"], str)
        assert una["url"].startswith("http")
        assert una["intentos"] >= 1
        assert _con_zona(una["publicada_en"]) >= _con_zona(una["programada_para"])
    assert _uno_solo(oficina.bien("cola", "ver", "--json", "--estado", "en_duda").salida) == []
    for orden in (("cuenta", "listar"), ("cuenta", "verificar"), ("usuario", "listar")):
        assert _uno_solo(oficina.bien(*orden, "--json").salida)
    assert _uno_solo(oficina.orden("revisar", "--json").salida)


def test_pausar_todo_detiene_y_al_reanudar_no_sale_lo_vencido_solo(
    oficina: Oficina, redes: Ensayo, tmp_path: Path
) -> None:
    _sembrar(oficina, tmp_path)
    oficina.bien("cola", "pausar", "--motivo", "Duelo nacional", "--como", MANEJA)
    oficina.entregar()
    assert not redes.mundo.entradas()
    hecho = oficina.bien("cola", "reanudar", "--como", MANEJA)
    assert "3 entregas vencidas esperan su decisión" in hecho.salida
    assert oficina.estados() == ["detenida"] * 3
    ids = [str(una["id"]) for una in oficina.cola()]
    oficina.bien("cola", "cancelar", ids[0], "--motivo", "Ya no va", "--como", MANEJA)
    oficina.bien("cola", "reintentar", *ids[1:], "--como", MANEJA)
    oficina.entregar()
    assert sorted(oficina.estados()) == ["cancelada", "publicada", "publicada"]
    assert len(redes.mundo.entradas()) == 2


def test_lo_exportado_dice_donde_quedo_cada_cosa(
    oficina: Oficina, redes: Ensayo, tmp_path: Path
) -> None:
    _sembrar(oficina, tmp_path)
    oficina.entregar()
    hoy = f"{en_bogota(datetime.now(UTC)):%Y-%m-%d}"
    destino = tmp_path / "salida.csv"
    oficina.bien("parrilla", "exportar", "--desde", "2026-01-01", "--hasta", hoy, destino)
    texto = destino.read_text(encoding="utf-8-sig")
    for una in oficina.cola():
        assert una["url"] in texto
    malo = oficina.orden("parrilla", "exportar", "--desde", hoy, "--hasta", hoy, "/no/hay/s.csv")
    assert (malo.codigo, malo.salida) == (1, "")
    assert "/no/hay/s.csv" in malo.errores


CLAVES_MALAS = [("", "corta"), ("corta\n", "12"), ("a" * 200, "128")]


@pytest.mark.parametrize(("clave", "_dice"), CLAVES_MALAS)
def test_una_contrasenia_mala_no_crea_a_nadie(oficina: Oficina, clave: str, _dice: str) -> None:
    antes = oficina.volcado()
    opciones = ("--correo", "otra@prensa.example", "--nombre", "Otra", "--rol", "redaccion")
    hecho = oficina.orden("usuario", "crear", *opciones, entrada=clave)
    assert (hecho.codigo, hecho.salida) == (1, "")
    assert "contraseña" in hecho.errores.lower()
    assert oficina.volcado() == antes
