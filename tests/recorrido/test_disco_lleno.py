"""Con el disco lleno nada sale sin quedar anotado, y al haber espacio el motor sigue solo."""

import contextlib
import errno
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from publicador.ensayo.servidor import Ensayo
from tests.oficina import REDACTA, Oficina
from tests.recorrido import imagenes_raras
from tests.recorrido.parrilla_de_prueba import Fila, escribir
from tests.recorrido.test_redes_malas import programar
from tests.sistema.procesos import esperar

pytestmark = pytest.mark.lenta
RAIZ = Path(__file__).resolve().parents[2]


class DiscoChico:
    """Una carpeta en un disco de pocos megas que se llena y se vacía a pedido."""

    def __init__(self, carpeta: Path) -> None:
        self.carpeta = carpeta

    def llenar(self, proceso: int | None = None) -> None:
        """Hasta el último byte."""
        with (self.carpeta / "relleno").open("ab", buffering=0) as relleno:
            for trozo in (65_536, 512, 1):
                with contextlib.suppress(OSError):
                    while relleno.write(b"\0" * trozo):
                        pass

    def vaciar(self, proceso: int | None = None) -> None:
        """Devuelve el espacio."""
        (self.carpeta / "relleno").unlink()

    def al_nacer(self) -> None:
        """Lo que hace el proceso hijo antes de empezar."""


class SinPoderMontar(DiscoChico):
    """Donde no se puede montar un disco: el sistema no deja escribir más bytes al proceso."""

    _lleno = False

    def llenar(self, proceso: int | None = None) -> None:
        self._lleno = True
        if proceso is not None:
            resource.prlimit(proceso, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))

    def vaciar(self, proceso: int | None = None) -> None:
        self._lleno = False
        if proceso is not None:
            sin_tope = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.prlimit(proceso, resource.RLIMIT_FSIZE, sin_tope)

    def al_nacer(self) -> None:
        if self._lleno:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))


def _montar(carpeta: Path) -> bool:
    orden = ["mount", "-t", "tmpfs", "-o", "size=3m,mode=0700", "tmpfs", str(carpeta)]
    try:
        return subprocess.run(orden, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture
def disco(tmp_path: Path) -> Iterator[DiscoChico]:
    carpeta = tmp_path / "disco"
    carpeta.mkdir()
    if os.geteuid() == 0 and _montar(carpeta):
        yield DiscoChico(carpeta)
        subprocess.run(["umount", "-l", str(carpeta)], check=True)
    else:
        yield SinPoderMontar(carpeta)


@pytest.fixture
def apretada(oficina: Oficina, disco: DiscoChico) -> Oficina:
    """La oficina, mudada al disco chico."""
    return oficina.mudar(disco.carpeta / "datos")


def _arrancar(oficina: Oficina, disco: DiscoChico, *orden: str | Path) -> subprocess.Popen[bytes]:
    lugar = oficina.datos.parent.parent
    with (lugar / "salida.txt").open("wb") as salida, (lugar / "errores.txt").open("wb") as errores:
        return subprocess.Popen(
            [sys.executable, "-m", "publicador", *map(str, orden)],
            env={**os.environ, **oficina.entorno, "PYTHONPATH": str(RAIZ)},
            cwd=lugar,
            stdin=subprocess.DEVNULL,
            stdout=salida,
            stderr=errores,
            preexec_fn=disco.al_nacer,
        )


def _dicho(oficina: Oficina, por: str = "errores") -> str:
    return (oficina.datos.parent.parent / f"{por}.txt").read_text()


def test_sin_espacio_ninguna_orden_deja_algo_a_medias(
    apretada: Oficina, disco: DiscoChico, tmp_path: Path
) -> None:
    foto = imagenes_raras.pocas("con ruido.jpeg")["con ruido.jpeg"]
    (tmp_path / "foto.jpg").write_bytes(foto.datos)
    filas = (Fila("Una", "Con foto", imagenes=("foto.jpg",)),)
    escribir(tmp_path / "p.csv", filas, fecha="2026-12-01", hora="07:30")
    antes = apretada.volcado()
    guardados = sorted(apretada.datos.rglob("*"))
    disco.llenar()
    for orden in (
        ("parrilla", "importar", tmp_path / "p.csv", "--como", REDACTA),
        ("motor", "--hasta-vaciar"),
    ):
        proceso = _arrancar(apretada, disco, *orden)
        assert (proceso.wait(timeout=60), _dicho(apretada, "salida")) == (1, "")
        assert "Traceback" not in _dicho(apretada)
        assert "espacio" in _dicho(apretada)
    disco.vaciar()
    assert apretada.volcado() == antes
    nuevos = [p for p in apretada.datos.rglob("*") if p not in guardados and p.is_file()]
    assert [p for p in nuevos if p.suffix not in {"", ".db-wal", ".db-shm"}] == []
    assert [p for p in nuevos if p.name.startswith(".nuevo-")] == [], "quedó un archivo cortado"


def test_sin_donde_anotar_no_sale_nada_y_al_haber_espacio_sigue_solo(
    apretada: Oficina, redes: Ensayo, disco: DiscoChico, tmp_path: Path
) -> None:
    filas = [Fila(f"Pieza {n}", f"Texto {n}") for n in range(3)]
    programar(apretada, tmp_path, *filas)
    # Vencen cuando el motor ya esté andando y el disco lleno.
    pronto = datetime.now(UTC) + timedelta(seconds=6)
    apretada.escribir("UPDATE publicacion SET vence = ?", f"{pronto:%Y-%m-%d %H:%M:%S.%f}")
    motor = _arrancar(apretada, disco, "motor")
    try:
        esperar(lambda: "motor_en_marcha" in _dicho(apretada), segundos=30, que="el motor")
        disco.llenar(motor.pid)
        esperar(lambda: "base_no_disponible" in _dicho(apretada), segundos=30, que="el fallo")
        assert datetime.now(UTC) > pronto
        # Lo que todavía cupo en el diario de la base pudo salir; sin anotarlo, nada.
        salidas = apretada.preguntar("SELECT 1 FROM intento WHERE suceso = 'salida'")
        assert len(redes.mundo.entradas()) <= len(salidas) < 9
        assert motor.poll() is None, "un disco lleno no tumba el motor"
        disco.vaciar(motor.pid)
        esperar(lambda: apretada.estados() == ["publicada"] * 9, segundos=40, que="que siga solo")
    finally:
        motor.terminate()
        assert motor.wait(timeout=30) == 0
    assert [len(redes.mundo.visibles(red)) for red in ("facebook", "x", "wordpress")] == [3, 3, 3]
    assert "Traceback" not in _dicho(apretada)
    assert os.strerror(errno.ENOSPC) not in _dicho(apretada)
