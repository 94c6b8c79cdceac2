"""La carpeta de la demostración: propia, de a una, y nunca borra lo que no es suyo."""

import pytest

from publicador.ajustes import Ajustes
from publicador.demo.carpeta import CERROJO, MARCA, Carpeta, Marca
from publicador.demo.preparativos import ajustes_de_demo, puerto_o_libre
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo
from publicador.fallos_de_base import ErrorDeBase

SEMBRADA = Marca(
    huella="abc", puerto_ensayo=8090, sembrada_en="2026-12-01T12:00:00+00:00", lista=True
)


@pytest.fixture
def carpeta(tmp_path):
    una = Carpeta(tmp_path / "datos" / "demo")
    yield una
    una.soltar()


def test_recuerda_lo_que_se_sembro(carpeta):
    assert carpeta.marca() is None
    carpeta.marcar(SEMBRADA)
    assert carpeta.marca() == SEMBRADA


def test_una_siembra_interrumpida_no_vale(carpeta):
    carpeta.marcar(Marca(huella="abc", puerto_ensayo=1, sembrada_en="2026-12-01", lista=False))
    assert carpeta.marca() is None


def test_vaciar_borra_lo_sembrado_y_deja_la_reserva(carpeta):
    carpeta.marcar(SEMBRADA)
    (carpeta.ruta / "medios").mkdir()
    (carpeta.ruta / "medios" / "uno").write_text("x")
    carpeta.vaciar()
    assert [uno.name for uno in carpeta.ruta.iterdir()] == [CERROJO]


def test_no_borra_una_carpeta_que_no_hizo(carpeta):
    ajeno = carpeta.ruta / "informe.docx"
    ajeno.write_text("de la oficina")
    with pytest.raises(ErrorDeBase, match="no son de la demostración"):
        carpeta.vaciar()
    assert ajeno.read_text() == "de la oficina"


def test_un_enlace_se_quita_sin_seguirlo(carpeta, tmp_path):
    fuera = tmp_path / "fuera"
    fuera.mkdir()
    (fuera / "importante").write_text("x")
    (carpeta.ruta / "enlace").symlink_to(fuera)
    carpeta.marcar(SEMBRADA)
    carpeta.vaciar()
    assert (fuera / "importante").exists()
    assert not (carpeta.ruta / MARCA).exists()


def test_dos_demostraciones_no_usan_la_misma_carpeta(carpeta):
    with pytest.raises(ErrorDeBase, match="Ya hay una demostración en marcha"):
        Carpeta(carpeta.ruta)
    carpeta.soltar()
    Carpeta(carpeta.ruta).soltar()


def test_los_ajustes_no_conservan_nada_que_toque_la_oficina_verdadera(tmp_path):
    oficina = Ajustes(
        datos=tmp_path,
        base_datos="postgresql+psycopg://prensa:secreta@servidor/oficina",
        claves="k" * 43,
        correo_servidor="correo.oficina.example",
        correo_usuario="prensa",
        correo_clave="secreta",
        correo_para="jefe@oficina.example",
    )
    with Ensayo(Mundo()) as ensayo:
        de_demo = ajustes_de_demo(
            oficina, tmp_path / "demo", ensayo=ensayo, puerto_panel=8123, apurado=False
        )
    assert de_demo.base_datos == f"sqlite:///{tmp_path}/demo/publicador.db"
    assert de_demo.claves == ()
    assert de_demo.correo_servidor == "127.0.0.1"
    assert de_demo.correo_clave is None
    locales = (de_demo.facebook_url, de_demo.x_url, de_demo.url_publica, de_demo.ensayo_url)
    assert all(una.startswith("http://127.0.0.1:") for una in locales)
    assert "oficina.example" not in repr(de_demo)


def test_con_el_puerto_ocupado_se_elige_otro():
    with Ensayo(Mundo()) as ensayo:
        otro = puerto_o_libre(ensayo.puerto)
        assert otro != ensayo.puerto
        assert puerto_o_libre(otro) == otro
        assert puerto_o_libre(0, otro) == otro
        assert puerto_o_libre(ensayo.puerto, otro) == otro
