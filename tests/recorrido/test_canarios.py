"""Ningún secreto sale de su sello: ni por pantalla, ni al registro, ni a la base, ni a la red."""

import base64
import io
import json
import logging
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from piezas.zona import en_bogota
from publicador.armado import Casa, abrir_casa
from publicador.ensayo.servidor import Ensayo
from publicador.registro_eventos import configurar_registro
from tests.oficina import CLAVE_WEB, MANDA, REDACTA, Oficina
from tests.recorrido.parrilla_de_prueba import Fila, escribir

FALLAS = ("html_502", "json_roto", "corta_despues", "error_500_aceptado", "duplicado")
PAGINA_2, USUARIO_2 = "1002", "1500000000000000002"
OTRAS = {
    "fb2": (
        "facebook",
        PAGINA_2,
        {
            "token_pagina": f"EAAensayo-{PAGINA_2}-CANARIO",
            "id_app": "900",
            "secreto_app": "CANARIO-secreto-app",
        },
    ),
    "x2": (
        "x",
        USUARIO_2,
        {
            "client_id": "cliente-de-ensayo",
            "client_secret": "CANARIO-secreto-cliente",
            "access_token": f"{USUARIO_2}-CANARIO-acceso",
            "refresh_token": "CANARIO-renovacion",
            "vence_en": "2020-01-01T00:00:00+00:00",
        },
    ),
}
PAGINAS = 70
"""El calendario enlaza mes tras mes: no se recorre hasta el fin de los tiempos."""
SENAS = (
    b"canario",
    CLAVE_WEB.encode(),
    CLAVE_WEB.replace(" ", "").encode(),
    base64.b64encode(f"prensa:{CLAVE_WEB}".encode()),
)


def exigir_limpio(donde: str, contenido: str | bytes) -> None:
    bruto = contenido.encode() if isinstance(contenido, str) else contenido
    for sena in SENAS:
        lugar = bruto.lower().find(sena.lower())
        assert lugar < 0, f"{donde}: …{bruto[max(0, lugar - 80) : lugar + 40]!r}"


@pytest.fixture
def registro() -> io.StringIO:
    """Todo lo que se registre, hasta lo más menudo."""
    return io.StringIO()


@pytest.fixture
def casa(
    oficina: Oficina, registro: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Casa]:
    for nombre, valor in oficina.entorno.items():
        monkeypatch.setenv(nombre, valor)
    monkeypatch.chdir(oficina.datos.parent)
    configurar_registro(logging.DEBUG, registro)
    abierta = abrir_casa()
    yield abierta
    abierta.cerrar()
    configurar_registro(salida=io.StringIO())


def entregar(casa: Casa, segundos: float) -> None:
    motor, hasta = casa.motor(), time.monotonic() + segundos
    motor.iniciar()
    motor.vaciar(lambda: time.monotonic() > hasta)
    motor.detener()


def recorrer(cliente: FlaskClient) -> dict[str, str]:
    """Cada página a la que lleva un enlace, con sus cabeceras."""
    vistas: dict[str, str] = {}
    faltan = ["/"]
    while faltan and len(vistas) < PAGINAS:
        camino = faltan.pop(0)
        if camino in vistas:
            continue
        respuesta = cliente.get(camino, buffered=True)
        vistas[camino] = f"{respuesta.headers}\n{respuesta.get_data().decode('utf-8', 'replace')}"
        if respuesta.mimetype == "text/html":
            faltan += [
                e.replace("&amp;", "&") for e in re.findall(r'href="(/[^"#]*)"', respuesta.text)
            ]
    return vistas


def entrar(casa: Casa, correo: str = MANDA) -> FlaskClient:
    app = casa.panel()
    cliente = app.test_client()
    ficha = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', cliente.get("/entrar").text)
    assert ficha is not None
    datos = {"correo": correo, "clave": "una clave larga y propia", "csrf_token": ficha.group(1)}
    assert cliente.post("/entrar", data=datos).status_code == 303
    return cliente


class Ordenes:
    """Corre órdenes y guarda todo lo que dijeron; después devuelve el registro a su sitio."""

    def __init__(self, oficina: Oficina, registro: io.StringIO) -> None:
        self._oficina, self._registro = oficina, registro
        self.dichos: dict[str, str] = {}

    def __call__(self, *partes: str | Path, entrada: str = "") -> None:
        hecho = self._oficina.orden(*partes, entrada=entrada)
        self.dichos[" ".join(map(str, partes))] = f"{hecho.salida}\n{hecho.errores}"
        configurar_registro(logging.DEBUG, self._registro)

    def agregar(self, alias: str, red: str, identificador: str, entrada: str) -> None:
        opciones = ("--alias", alias, "--red", red, "--identificador", identificador)
        self("cuenta", "agregar", *opciones, entrada=entrada)


def agregar_cuentas(orden: Ordenes) -> None:
    for alias, (red, identificador, credencial) in OTRAS.items():
        orden.agregar(alias, red, identificador, json.dumps(credencial))
    # Credenciales mal puestas o rotas: el error habla del campo, no de su valor.
    for malo in ('{"token_pagina": "CANARIO', '{"otro": "CANARIO"}', '["CANARIO"]', '{"a": 1}'):
        orden.agregar("mala", "facebook", "1", malo)


def publicar_entre_fallas(oficina: Oficina, casa: Casa, redes: Ensayo, orden: Ordenes) -> None:
    ahora = en_bogota(datetime.now(UTC))
    cuentas = ("fb", "x", "web", "fb2", "x2")
    filas = [Fila(f"Pieza {n}", f"Texto {n}", cuentas=cuentas) for n in range(3)]
    parrilla = oficina.datos.parent / "parrilla.csv"
    escribir(parrilla, filas, fecha=f"{ahora:%Y-%m-%d}", hora=f"{ahora:%H:%M}")
    orden("parrilla", "importar", parrilla, "--como", REDACTA)
    oficina.aprobar_todo()
    for red, falla in product(("facebook", "x", "wordpress"), FALLAS):
        redes.mundo.armar(red, falla, 1, llamada="*")
    entregar(casa, 12)
    for red in ("facebook", "x", "wordpress"):
        redes.mundo.armar(red, "token_vencido", None, llamada="*")
    orden("cuenta", "verificar", "--json")
    entregar(casa, 4)
    redes.mundo.desarmar()
    redes.cerrar_puerta()
    orden("cuenta", "verificar")
    redes.abrir_puerta()


def consultar_todo(orden: Ordenes, *exportadas: Path) -> None:
    for que in ("cuenta listar", "cola ver", "pieza listar", "cuenta verificar", "usuario listar"):
        orden(*que.split(), "--json")
    orden("revisar")
    dia = f"{en_bogota(datetime.now(UTC)):%Y-%m-%d}"
    for archivo in exportadas:
        orden("parrilla", "exportar", "--desde", dia, "--hasta", dia, archivo)
        assert archivo.exists()


def test_ningun_secreto_sale_de_su_sello(
    oficina: Oficina, casa: Casa, redes: Ensayo, registro: io.StringIO, tmp_path: Path
) -> None:
    orden = Ordenes(oficina, registro)
    exportadas = (tmp_path / "salida.xlsx", tmp_path / "salida.csv")
    agregar_cuentas(orden)
    publicar_entre_fallas(oficina, casa, redes, orden)
    consultar_todo(orden, *exportadas)
    paginas = recorrer(entrar(casa))
    assert len(paginas) == PAGINAS
    assert '"suceso"' in registro.getvalue()
    for donde, contenido in (orden.dichos | paginas | {"registro": registro.getvalue()}).items():
        exigir_limpio(donde, contenido)
    guardados = [archivo for archivo in oficina.datos.rglob("*") if archivo.is_file()]
    assert oficina.base in guardados
    for archivo in (*guardados, *exportadas):
        exigir_limpio(archivo.name, archivo.read_bytes())
