"""La firma reconoce lo suyo, y rotar no cambia la clave de los envíos."""

import pytest

from piezas.firmas import Sello

VIEJA, NUEVA = b"clave-vieja-de-prueba-0123456789", b"clave-nueva-de-prueba-0123456789"


def test_vale_con_cualquiera_de_las_claves_y_con_ninguna_ajena():
    antes, despues = Sello((VIEJA,)), Sello((NUEVA, VIEJA))
    firma = antes.firmar("texto")
    assert despues.vale("texto", firma)
    assert not Sello((NUEVA,)).vale("texto", firma)
    assert not antes.vale("texto", despues.firmar("texto"))


@pytest.mark.parametrize("firma", [None, "", "ñ", "\ud800", "a" * 64])
def test_una_firma_cualquiera_no_vale(firma):
    assert not Sello((VIEJA,)).vale("texto", firma)


def test_otro_texto_no_vale():
    sello = Sello((VIEJA,))
    assert not sello.vale("texto ", sello.firmar("texto"))


def test_la_clave_del_envio_no_cambia_al_rotar():
    clave = Sello((VIEJA,)).clave_de(1, 2, "h" * 64)
    assert clave == Sello((NUEVA, VIEJA)).clave_de(1, 2, "h" * 64)
    assert clave.startswith("pub-")
    assert len(clave) == 20


def test_la_clave_depende_de_version_cuenta_y_contenido():
    sello = Sello((VIEJA,))
    claves = {
        sello.clave_de(1, 2, "a"), sello.clave_de(2, 1, "a"),
        sello.clave_de(1, 2, "b"), sello.clave_de(12, 2, "a"),
    }  # fmt: skip
    assert len(claves) == 4


@pytest.mark.parametrize("claves", [(), (b"corta",)])
def test_un_sello_sin_clave_de_verdad_no_se_arma(claves):
    with pytest.raises(ValueError, match="16 bytes"):
        Sello(claves)


def test_el_sello_no_muestra_sus_claves():
    assert "clave-" not in repr(Sello((VIEJA,)))
