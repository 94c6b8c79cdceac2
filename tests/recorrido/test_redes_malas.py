"""Cuentas y redes que fallan, vistas por la línea de órdenes: nada se pierde ni sale dos veces."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from piezas.zona import en_bogota
from publicador.ensayo.servidor import Ensayo
from tests.oficina import CLAVE_WEB, MANEJA, PAGINA, REDACTA, USUARIO_X, Oficina
from tests.recorrido.parrilla_de_prueba import Fila, escribir

VENCIDAS = {
    "facebook": {"token_pagina": f"EAAensayo-{PAGINA}-vencido-canario"},
    "x": {
        "api_key": "canario-llave",
        "api_secret": "canario-secreto",
        "access_token": f"{USUARIO_X}-vencido-canario",
        "access_secret": "canario-acceso",
    },
    "wordpress": {"usuario": "prensa", "contrasena_aplicacion": "vencidacanariounosiempre"},
}
ALIAS = {"facebook": "fb", "x": "x", "wordpress": "web"}


def programar(oficina: Oficina, carpeta: Path, *filas: Fila) -> None:
    """Filas aprobadas para salir ya."""
    ahora = en_bogota(datetime.now(UTC))
    ruta = carpeta / "parrilla.csv"
    escribir(ruta, filas, fecha=f"{ahora:%Y-%m-%d}", hora=f"{ahora:%H:%M}")
    oficina.bien("parrilla", "importar", ruta, "--como", REDACTA)
    oficina.aprobar_todo()


def en_red(redes: Ensayo, red: str) -> int:
    return len(redes.mundo.visibles(red))


@pytest.mark.parametrize("red", ALIAS)
def test_un_permiso_vencido_pausa_la_cuenta_y_al_reanudar_sale_una_vez(
    oficina: Oficina, redes: Ensayo, tmp_path: Path, red: str
) -> None:
    alias = ALIAS[red]
    programar(oficina, tmp_path, Fila("Una", "Texto uno", cuentas=(alias,)))
    redes.mundo.armar(red, "token_vencido", None, llamada="*")
    verificada = oficina.orden("cuenta", "verificar", alias, "--json")
    assert (verificada.codigo, verificada.json()[0]["vale"]) == (1, False)
    dicho = oficina.entregar().salida
    assert "1 detenida" in dicho
    (entrega,) = oficina.cola()
    assert entrega["estado"] == "detenida"
    assert "permiso" in entrega["motivo"] or "contraseña" in entrega["motivo"]
    cuentas = {c["alias"]: c for c in oficina.bien("cuenta", "listar", "--json").json()}
    assert cuentas[alias]["pausada_por"]
    assert cuentas[alias]["motivo"]
    assert en_red(redes, red) == 0

    redes.mundo.desarmar()
    oficina.bien("cuenta", "reanudar", alias, "--como", MANEJA)
    oficina.entregar()
    assert oficina.estados() == ["publicada"]
    assert en_red(redes, red) == 1


@pytest.mark.lenta
@pytest.mark.parametrize("red", ALIAS)
def test_una_credencial_que_nunca_sirvio_no_publica_y_lo_dice(
    oficina: Oficina, redes: Ensayo, tmp_path: Path, red: str
) -> None:
    credencial = dict(VENCIDAS[red])
    identificador = {"facebook": PAGINA, "x": USUARIO_X}.get(red, "otro sitio")
    if red == "wordpress":
        credencial["url"] = f"{redes.url}/wordpress"
    nueva = Oficina(tmp_path / "nueva", redes.url, {})
    nueva.fundar(con_cuentas=False)
    opciones = ("--alias", ALIAS[red], "--red", red, "--identificador", identificador)
    nueva.bien("cuenta", "agregar", *opciones, entrada=json.dumps(credencial))
    programar(nueva, tmp_path, Fila("Una", "Texto uno", cuentas=(ALIAS[red],)))
    hecho = nueva.entregar()
    assert nueva.estados() == ["detenida"]
    assert "canario" not in hecho.salida + hecho.errores
    assert en_red(redes, red) == 0


def test_sin_permiso_para_publicar_espera_a_una_persona(
    oficina: Oficina, redes: Ensayo, tmp_path: Path
) -> None:
    programar(oficina, tmp_path, Fila("Una", "Texto uno", cuentas=("fb",)))
    redes.mundo.armar(
        "facebook", "rechaza", 1, llamada="publicar", codigo=200, mensaje="(#200) Permissions error"
    )
    oficina.entregar()
    (entrega,) = oficina.cola()
    assert entrega["estado"] in {"detenida", "fallida"}
    assert entrega["motivo"]
    assert en_red(redes, "facebook") == 0


def test_con_la_red_caida_se_espera_y_al_volver_sale_una_vez(
    oficina: Oficina, redes: Ensayo, tmp_path: Path
) -> None:
    programar(oficina, tmp_path, Fila("Una", "Texto uno"))
    redes.cerrar_puerta()
    vuelve = threading.Timer(2.0, redes.abrir_puerta)
    try:
        verificada = oficina.orden("cuenta", "verificar", "--json")
        assert verificada.codigo == 1
        assert all("conectar" in una["motivo"] for una in verificada.json())
        vuelve.start()
        oficina.entregar()
    finally:
        vuelve.cancel()
        redes.abrir_puerta()
    assert oficina.estados() == ["publicada"] * 3
    assert [en_red(redes, red) for red in ALIAS] == [1, 1, 1]
    # Una conexión rechazada no deja duda: el libro dice que no salió, y se repite.
    sucesos = [fila["suceso"] for fila in oficina.preguntar("SELECT suceso FROM intento")]
    assert set(sucesos) == {"salida", "no_salio", "aceptado"}
    assert sucesos.count("aceptado") == 3


CREDENCIALES_MALAS = [
    ("facebook", "no es json canario", "objeto JSON"),
    ("facebook", '["canario"]', "objeto JSON"),
    ("facebook", '{"token_pagina": 7}', "textos"),
    ("facebook", "", "token_pagina"),
    ("facebook", '{"token": "canario"}', "token_pagina"),
    ("facebook", '{"token_pagina": "  "}', "token_pagina"),
    ("facebook", '{"token_pagina": "canario", "otro": "canario"}', "otro"),
    ("x", '{"api_key": "canario"}', "access_secret"),
    ("wordpress", '{"usuario": "canario", "contrasena_aplicacion": "canario"}', "url"),
    (
        "wordpress",
        '{"url": "ftp://sitio", "usuario": "u", "contrasena_aplicacion": "canario"}',
        "http",
    ),
    ("facebook", b'{"token_pagina": "canario\xff"}', "UTF-8"),
    ("facebook", '{"token_pagina": "canario", "token_pagina": "canario-dos"}', "token_pagina"),
]


@pytest.mark.parametrize(("red", "entrada", "dice"), CREDENCIALES_MALAS)
def test_una_credencial_mala_se_explica_sin_repetirla(
    oficina: Oficina, red: str, entrada: str | bytes, dice: str
) -> None:
    antes = oficina.volcado()
    opciones = ("--alias", "segunda", "--red", red, "--identificador", "77")
    hecho = oficina.orden("cuenta", "agregar", *opciones, entrada=entrada)
    assert (hecho.codigo, hecho.salida) == (1, "")
    assert dice in hecho.errores
    assert "canario" not in hecho.errores
    assert "Traceback" not in hecho.errores
    assert oficina.volcado() == antes


@pytest.mark.parametrize(
    ("opciones", "dice"),
    [
        (
            ("--alias", "fb", "--red", "facebook", "--identificador", "9"),
            "Ya existe la cuenta «fb»",
        ),
        (("--alias", "f2", "--red", "facebook", "--identificador", PAGINA), "Ya existe la cuenta"),
        (("--alias", "Con Espacio", "--red", "facebook", "--identificador", "9"), "alias"),
    ],
)
def test_una_cuenta_repetida_o_mal_nombrada_no_se_agrega(oficina, opciones, dice) -> None:
    antes = oficina.volcado()
    entrada = json.dumps({"token_pagina": "canario"})
    hecho = oficina.orden("cuenta", "agregar", *opciones, entrada=entrada)
    assert (hecho.codigo, hecho.salida) == (1, "")
    assert dice in hecho.errores
    assert oficina.volcado() == antes


def test_ningun_secreto_llega_a_la_base_ni_a_los_listados(oficina: Oficina) -> None:
    dicho = "".join(
        oficina.orden(*orden).salida
        for orden in (("cuenta", "listar", "--json"), ("cuenta", "verificar"), ("revisar",))
    )
    for secreto in ("canario", CLAVE_WEB, CLAVE_WEB.replace(" ", "")):
        assert secreto not in oficina.volcado()
        assert secreto not in dicho


AJENAS = {
    "fb": (
        f"https://www.facebook.com/2002_{PAGINA}",
        f"https://facebook.example/{PAGINA}_55",
        f"https://x.com/{PAGINA}_55",
        "https://www.facebook.com/",
        "www.facebook.com/1001_55",
    ),
    "x": (
        "https://x.com/prensa",
        "https://x.example/prensa/status/55",
        f"https://www.facebook.com/{PAGINA}_55",
        "javascript:alert(1)",
    ),
    "web": ("https://otro-sitio.example/?p=5", "ftp://sitio.example/nota", "nota"),
}


@pytest.mark.parametrize("alias", AJENAS)
def test_una_duda_no_se_resuelve_con_una_direccion_ajena(
    oficina: Oficina, redes: Ensayo, tmp_path: Path, alias: str
) -> None:
    programar(oficina, tmp_path, Fila("Una", "Texto uno", cuentas=(alias,)))
    oficina.escribir(
        "UPDATE publicacion SET estado = 'en_duda', requiere_persona = 1, vence = NULL,"
        " paso = 'publicar', salida_en = programada_para, intentos = 1, motivo = 'Mire la red.'"
    )
    for direccion in AJENAS[alias]:
        antes = oficina.volcado()
        hecho = oficina.orden("cola", "resolver", "1", "--salio", direccion, "--como", MANEJA)
        assert (hecho.codigo, hecho.salida) == (1, ""), direccion
        assert "dirección" in hecho.errores
        assert oficina.volcado() == antes
    assert oficina.orden("cola", "resolver", "1", "--no-salio", "--como", REDACTA).codigo == 1
    oficina.bien("cola", "resolver", "1", "--no-salio", "--como", MANEJA)
    assert oficina.estados() == ["fallida"]
    assert oficina.orden("cola", "resolver", "1", "--no-salio").codigo == 1
    oficina.bien("cola", "reintentar", "1", "--como", MANEJA)
    oficina.entregar()
    assert oficina.estados() == ["publicada"]
