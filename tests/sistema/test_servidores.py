"""Los servidores de prueba encienden, sirven y no dejan nada atrás, aunque maten a pytest."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.sistema import procesos
from tests.sistema.procesos import esperar


@pytest.mark.postgres
def test_cada_prueba_recibe_una_base_vacia_de_postgresql(url_postgres, postgres_real):
    assert url_postgres.startswith("postgresql+psycopg://")
    motor = create_engine(url_postgres)
    with motor.begin() as conexion:
        conexion.execute(text("CREATE TABLE ñandú (texto text)"))
        conexion.execute(text("INSERT INTO ñandú VALUES ('año')"))
        assert conexion.scalar(text("SELECT texto FROM ñandú")) == "año"
    otra = create_engine(postgres_real.base_nueva())
    with otra.begin() as conexion:
        assert (
            conexion.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname='public'")) == 0
        )
    motor.dispose()
    otra.dispose()
    postgres_real.borrar_base(str(otra.url.render_as_string()))


MUERE = """
import os, signal, sys
from tests.sistema import {servidor}
real = {servidor}.encender()
print(real.carpeta, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(
    "servidor",
    [
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("wordpress", marks=pytest.mark.wordpress),
    ],
)
def test_si_matan_a_pytest_el_vigia_apaga_y_borra(servidor, request):
    request.getfixturevalue(
        {"postgres": "postgres_real", "wordpress": "servidor_wordpress"}[servidor]
    )
    hecho = subprocess.run(
        [sys.executable, "-c", MUERE.format(servidor=servidor)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
    )
    carpeta = hecho.stdout.strip()
    assert carpeta, hecho.stderr
    esperar(lambda: not procesos_con(carpeta), segundos=20, que="que el vigía apague")
    esperar(lambda: not Path(carpeta).exists(), segundos=5, que="que el vigía borre")


def procesos_con(texto: str) -> list[str]:
    """Los procesos vivos que nombran `texto` en su orden."""
    vistos = []
    for orden in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            dicho = orden.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if texto in dicho:
            vistos.append(dicho)
    return vistos


def test_lo_que_falta_se_omite_con_la_orden_para_instalarlo(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("EXIGIR_SISTEMA", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"apt-get install -y .* paquete-tal"):
        procesos.omitir_o_fallar("Tal cosa", "paquete-tal")


@pytest.mark.parametrize(("nombre", "valor"), [("CI", "true"), ("EXIGIR_SISTEMA", "1")])
def test_en_ci_lo_que_falta_es_un_fallo(monkeypatch, nombre, valor):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv(nombre, valor)
    with pytest.raises(pytest.fail.Exception, match="FALTA Tal cosa"):
        procesos.omitir_o_fallar("Tal cosa", "paquete-tal")
