"""Los archivos se guardan por su huella, una vez, y no se sale de la carpeta."""

import hashlib
import stat

import pytest

from piezas.errores import MedioFalta


def test_guarda_por_huella_y_solo_para_su_duenio(almacen):
    huella = almacen.guardar(b"datos")
    camino = almacen.camino(huella)
    assert huella == hashlib.sha256(b"datos").hexdigest()
    assert camino.read_bytes() == b"datos"
    assert camino.name == huella
    assert camino.is_absolute()
    assert stat.S_IMODE(camino.stat().st_mode) == 0o600
    assert stat.S_IMODE(camino.parent.stat().st_mode) == 0o700


def test_guardar_lo_mismo_dos_veces_es_un_archivo(almacen):
    assert almacen.guardar(b"x") == almacen.guardar(b"x")
    assert len([f for f in almacen.carpeta.rglob("*") if f.is_file()]) == 1


def test_guardar_de_nuevo_repara_un_archivo_danado(almacen):
    huella = almacen.guardar(b"bueno")
    almacen.camino(huella).write_bytes(b"malo")
    assert not almacen.comprobar(huella)
    almacen.guardar(b"bueno")
    assert almacen.comprobar(huella)


def test_lo_que_falta_se_dice(almacen):
    assert not almacen.hay("0" * 64)
    assert not almacen.comprobar("0" * 64)
    with pytest.raises(MedioFalta):
        almacen.camino("0" * 64)


@pytest.mark.parametrize("huella", ["../../etc/passwd", "", "a" * 63, "A" * 64, "/etc/passwd"])
def test_una_huella_que_no_lo_es_no_sale_de_la_carpeta(almacen, huella):
    with pytest.raises(MedioFalta):
        almacen.camino(huella)


def test_un_archivo_grande_se_copia_igual(almacen, tmp_path):
    origen = tmp_path / "video.mp4"
    origen.write_bytes(b"v" * 3_000_000)
    huella = almacen.guardar_archivo(origen)
    assert almacen.camino(huella).read_bytes() == origen.read_bytes()


def test_si_no_se_puede_escribir_no_queda_nada_a_medias(almacen, tmp_path):
    with pytest.raises(FileNotFoundError):
        almacen.guardar_archivo(tmp_path / "no-existe")
    assert not almacen.carpeta.exists()
    almacen.carpeta.mkdir()
    # Donde iría una carpeta hay un archivo: la escritura falla a mitad de camino.
    huella = hashlib.sha256(b"x").hexdigest()
    (almacen.carpeta / huella[:2]).write_bytes(b"")
    with pytest.raises(OSError, match=r".+"):
        almacen.guardar(b"x")
    assert [f.name for f in almacen.carpeta.rglob("*")] == [huella[:2]]
