"""Los ajustes: vacío es el de fábrica, y uno malo se nombra en una frase."""

import os
from pathlib import Path

import pytest

from conectores.contrato import Red
from publicador.ajustes import AjusteMalo, ajustes_desconocidos, leer_ajustes


@pytest.fixture(autouse=True)
def _sin_entorno(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Una carpeta vacía y ningún ajuste de quien corre las pruebas."""
    for nombre in [n for n in os.environ if n.upper().startswith("PUBLICADOR_")]:
        monkeypatch.delenv(nombre)
    monkeypatch.chdir(tmp_path)


def _poner(monkeypatch: pytest.MonkeyPatch, **valores: str) -> None:
    for nombre, valor in valores.items():
        monkeypatch.setenv(f"PUBLICADOR_{nombre}", valor)


def test_sin_nada_valen_los_de_fabrica(tmp_path):
    a = leer_ajustes()
    assert a.datos == tmp_path / "datos"
    assert a.base_datos == f"sqlite:///{tmp_path}/datos/publicador.db"
    assert (a.facebook_url, a.x_url) == ("https://graph.facebook.com", "https://api.x.com")
    assert (a.espera_conexion_s, a.espera_lectura_s) == (5, 30)
    assert (a.hilos, a.tolerancia_min, a.arriendo_s) == (32, 30, 120)
    assert a.duda_esperas_s == (90, 600)
    assert a.espaciado_s[Red.FACEBOOK] == 120
    assert a.espaciado_s[Red.X] == a.espaciado_s[Red.WORDPRESS] == 0
    assert a.ensayo_url is None
    assert a.url_publica == "http://127.0.0.1:8000"
    assert a.correo_servidor is None


@pytest.mark.parametrize("vacio", ["", "   "])
def test_un_valor_vacio_es_el_de_fabrica(monkeypatch, vacio):
    _poner(
        monkeypatch,
        HILOS=vacio,
        ESPACIADO_S=vacio,
        DUDA_ESPERAS_S=vacio,
        BASE_DATOS=vacio,
        CLAVES=vacio,
        ENSAYO_URL=vacio,
        CORREO_PARA=vacio,
    )
    a = leer_ajustes()
    assert a.hilos == 32
    assert a.espaciado_s[Red.FACEBOOK] == 120
    assert a.duda_esperas_s == (90, 600)
    assert a.base_datos.startswith("sqlite:///")
    assert a.claves == ()
    assert a.ensayo_url is None
    assert a.correo_para == ()


def test_el_archivo_env_de_la_carpeta_se_lee_y_el_entorno_manda(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text(
        "PUBLICADOR_HILOS=4\nPUBLICADOR_TOLERANCIA_MIN=15\n# comentario con ñ\n", encoding="utf-8"
    )
    _poner(monkeypatch, HILOS="8")
    a = leer_ajustes()
    assert (a.hilos, a.tolerancia_min) == (8, 15)


def test_un_archivo_env_ilegible_se_dice_en_una_frase(tmp_path):
    (tmp_path / ".env").write_bytes(b"PUBLICADOR_HILOS=\xff\xfe\n")
    with pytest.raises(AjusteMalo, match=r"\.env"):
        leer_ajustes()


@pytest.mark.parametrize(
    ("escrito", "facebook", "x"),
    [("0", 0, 0), ("7", 7, 7), ("facebook=60", 60, 0), (" x = 5 , facebook=1.5", 1.5, 5)],
)
def test_el_espaciado_es_por_red_o_uno_para_todas(monkeypatch, escrito, facebook, x):
    _poner(monkeypatch, ESPACIADO_S=escrito)
    espaciado = leer_ajustes().espaciado_s
    assert (espaciado[Red.FACEBOOK], espaciado[Red.X]) == (facebook, x)
    assert set(espaciado) == set(Red)


def test_las_direcciones_quedan_sin_la_barra_del_final(monkeypatch):
    _poner(monkeypatch, ENSAYO_URL="http://127.0.0.1:8090/", URL_PUBLICA="https://panel.example/")
    a = leer_ajustes()
    assert (a.ensayo_url, a.url_publica) == ("http://127.0.0.1:8090", "https://panel.example")


MALOS = [
    ("HILOS", "muchos"),
    ("HILOS", "0"),
    ("HILOS", "257"),
    ("HILOS", "2.5"),
    ("TOLERANCIA_MIN", "-1"),
    ("ESPERA_CONEXION_S", "0"),
    ("ESPERA_LECTURA_S", "inf"),
    ("ESPERA_LECTURA_S", "nan"),
    ("ARRIENDO_S", "37"),
    ("DUDA_ESPERAS_S", "600,90"),
    ("DUDA_ESPERAS_S", "90,90"),
    ("DUDA_ESPERAS_S", "0,90"),
    ("DUDA_ESPERAS_S", "nan"),
    ("DUDA_ESPERAS_S", "pronto"),
    ("DUDA_ESPERAS_S", ","),
    ("ESPACIADO_S", "facebook=mucho"),
    ("ESPACIADO_S", "tiktok=3"),
    ("ESPACIADO_S", "-1"),
    ("ESPACIADO_S", "1,2"),
    ("FACEBOOK_URL", "graph.facebook.com"),
    ("FACEBOOK_URL", "ftp://graph.facebook.com"),
    ("X_URL", "http://api.x.com"),
    ("X_URL", "https://"),
    ("X_URL", "https://api.x.com:puerto"),
    ("X_URL", "https://api.x.com/?a=1"),
    ("ENSAYO_URL", "http://10.0.0.5:8090"),
    ("URL_PUBLICA", "panel"),
    ("BASE_DATOS", "mysql://u@h/b"),
    ("CLAVES", "corta"),
    ("CORREO_PUERTO", "70000"),
    ("CORREO_DE", "nadie"),
    ("CORREO_PARA", "a@b.co, nadie"),
    ("CORREO_TLS", "quizás"),
    ("COSTO_X_PUBLICAR", "gratis"),
    ("COSTO_X_PUBLICAR", "-1"),
]


@pytest.mark.parametrize(("nombre", "valor"), MALOS)
def test_un_ajuste_malo_se_nombra_en_una_sola_frase(monkeypatch, nombre, valor):
    _poner(monkeypatch, **{nombre: valor})
    with pytest.raises(AjusteMalo) as fallo:
        leer_ajustes()
    mensaje = fallo.value.mensaje
    assert mensaje.startswith(f"PUBLICADOR_{nombre} ")
    assert mensaje.endswith(".")
    assert "\n" not in mensaje
    # Nada del inglés de pydantic.
    assert not {"Input", "should", "valid", "value"} & set(mensaje.split())


@pytest.mark.parametrize(
    ("nombre", "valor"),
    [
        ("CLAVES", "canario-secreto"),
        ("BASE_DATOS", "oracle://u:canario-secreto@h/b"),
        ("X_URL", "https://u:canario-secreto@api.x.com"),
    ],
)
def test_un_secreto_mal_escrito_no_se_repite(monkeypatch, nombre, valor):
    _poner(monkeypatch, **{nombre: valor})
    with pytest.raises(AjusteMalo) as fallo:
        leer_ajustes()
    assert "canario" not in fallo.value.mensaje
    assert "canario" not in repr(fallo.value)
    assert fallo.value.__cause__ is None


def test_imprimir_los_ajustes_no_muestra_secretos(monkeypatch):
    _poner(
        monkeypatch,
        CLAVES="c" * 42 + "1",
        BASE_DATOS="postgresql+psycopg://u:canario@h/b",
        CORREO_USUARIO="u",
        CORREO_CLAVE="canario",
    )
    a = leer_ajustes()
    assert a.correo_clave is not None
    assert a.correo_clave.get_secret_value() == "canario"
    assert "canario" not in f"{a!r} {a}"
    assert "cccc" not in f"{a!r} {a}"


def test_el_correo_sin_cifrar_solo_se_admite_en_esta_maquina(monkeypatch):
    _poner(monkeypatch, CORREO_SERVIDOR="correo.example", CORREO_TLS="no")
    with pytest.raises(AjusteMalo, match="PUBLICADOR_CORREO_TLS"):
        leer_ajustes()
    _poner(monkeypatch, CORREO_SERVIDOR="127.0.0.1")
    assert leer_ajustes().correo_tls is False


def test_un_usuario_de_correo_sin_clave_se_dice(monkeypatch):
    _poner(monkeypatch, CORREO_SERVIDOR="correo.example", CORREO_USUARIO="prensa")
    with pytest.raises(AjusteMalo, match="PUBLICADOR_CORREO_CLAVE"):
        leer_ajustes()


def test_las_tarifas_de_x_salen_de_los_ajustes(monkeypatch):
    _poner(monkeypatch, COSTO_X_PUBLICAR="0.02", COSTO_X_PUBLICAR_CON_ENLACE="0.3")
    tarifas = leer_ajustes().tarifas_x
    assert (str(tarifas.publicar), str(tarifas.publicar_con_enlace)) == ("0.02", "0.3")


def test_los_ajustes_no_cambian_despues_de_leidos():
    from pydantic import ValidationError

    a = leer_ajustes()
    with pytest.raises(ValidationError, match="frozen"):
        a.hilos = 1
    with pytest.raises(TypeError):
        a.espaciado_s[Red.X] = 3  # type: ignore[index]


def test_un_nombre_desconocido_avisa_y_propone_el_parecido(monkeypatch, tmp_path):
    _poner(monkeypatch, HILO="3", HILOS="4")
    (tmp_path / ".env").write_text("PUBLICADOR_ZZZ=1\nOTRA_COSA=1\n", encoding="utf-8")
    hilo, zzz = ajustes_desconocidos()
    assert hilo.startswith("PUBLICADOR_HILO ")
    assert hilo.endswith("¿Quiso decir PUBLICADOR_HILOS?")
    assert zzz.startswith("PUBLICADOR_ZZZ ")
    assert "Quiso" not in zzz
    assert leer_ajustes().hilos == 4
