"""`herramientas/sistema.sh`: instala solo lo que falta, y lo que no puede lo dice en voz alta."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

GUION = Path(__file__).parents[2] / "herramientas" / "sistema.sh"
solo_debian = pytest.mark.skipif(
    not Path("/etc/debian_version").exists(), reason="mira si el sistema es Debian"
)


class Maquina:
    """Una máquina fingida: programas propios delante de los del sistema y un libro de llamadas."""

    def __init__(self, carpeta: Path) -> None:
        self.carpeta = carpeta
        self.libro = carpeta / "libro"
        self.programa("systemctl", "exit 0")

    def programa(self, nombre: str, cuerpo: str) -> None:
        archivo = self.carpeta / nombre
        archivo.write_text(f'#!/bin/sh\necho "{nombre} $*" >>"{self.libro}"\n{cuerpo}\n')
        archivo.chmod(archivo.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)

    def correr(self, *, faltan: tuple[str, ...], root: bool, apt: int = 0, ci: bool = False):
        casos = "".join(f"*' {nombre}') exit 1 ;; " for nombre in faltan)
        self.programa("dpkg-query", f'case " $*" in {casos} *) echo installed ;; esac')
        self.programa("apt-get", f"exit {apt}")
        self.programa("id", f"echo {0 if root else 1000}")
        entorno = {**os.environ, "PATH": f"{self.carpeta}:{os.environ['PATH']}"}
        entorno["CI"] = "true" if ci else ""
        return subprocess.run(
            ["/bin/sh", str(GUION)], env=entorno, capture_output=True, text=True, timeout=60
        )

    def llamadas(self, programa: str) -> list[str]:
        lineas = self.libro.read_text().splitlines() if self.libro.exists() else []
        return [linea for linea in lineas if linea.startswith(f"{programa} ")]


@pytest.fixture
def maquina(tmp_path: Path) -> Maquina:
    return Maquina(tmp_path)


@solo_debian
def test_si_no_falta_nada_no_llama_a_apt(maquina):
    hecho = maquina.correr(faltan=(), root=True)
    assert hecho.returncode == 0
    assert (hecho.stdout, hecho.stderr) == ("", "")
    assert maquina.llamadas("apt-get") == []


@solo_debian
def test_instala_solo_lo_que_falta_y_actualiza_una_vez(maquina):
    hecho = maquina.correr(faltan=("chromium", "postgresql"), root=True, ci=True)
    assert hecho.returncode == 0, hecho.stderr
    actualizar, navegador, base = maquina.llamadas("apt-get")
    assert " update " in f"{actualizar} "
    assert navegador.endswith(" chromium")
    assert base.endswith(" postgresql")
    assert "--no-install-recommends" in base


@solo_debian
@pytest.mark.parametrize(("ci", "salida"), [(False, 0), (True, 1)])
def test_sin_root_lo_dice_con_la_orden_y_solo_falla_en_ci(maquina, ci, salida):
    hecho = maquina.correr(faltan=("chromium", "mariadb-client"), root=False, ci=ci)
    assert hecho.returncode == salida
    assert maquina.llamadas("apt-get") == []
    assert hecho.stderr.count("FALTA") == 2
    assert "--no-install-recommends chromium\n" in hecho.stderr
    assert "--no-install-recommends mariadb-client\n" in hecho.stderr


@solo_debian
@pytest.mark.parametrize(("ci", "salida"), [(False, 0), (True, 1)])
def test_si_apt_no_responde_lo_dice_por_cada_parte(maquina, ci, salida):
    hecho = maquina.correr(faltan=("chromium", "wordpress"), root=True, apt=100, ci=ci)
    assert hecho.returncode == salida
    assert hecho.stderr.count("apt no lo pudo instalar") == 2
