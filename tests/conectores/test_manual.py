"""La entrega manual: texto para copiar, y nunca dice que salió."""

from datetime import UTC, datetime

import pytest

from conectores.contrato import Conector, Envio, Hallazgo, Listo, Paso, Red
from conectores.errores import ContenidoRechazado
from conectores.manual import ConectorManual, texto_para_copiar


def un_envio(**cambios):
    campos = {
        "red": Red.MANUAL,
        "clave": "pub-0123456789abcdef",
        "titulo": "Jornada",
        "segmentos": ("Jornada de salud.\n\n#Salud",),
        **cambios,
    }
    return Envio(**campos)


def test_se_copia_el_texto_aprobado_con_su_enlace():
    enlace = "https://www.ejemplo.gov.co"
    assert texto_para_copiar(un_envio()) == "Jornada de salud.\n\n#Salud"
    assert texto_para_copiar(un_envio(enlace=enlace)) == f"Jornada de salud.\n\n#Salud\n\n{enlace}"


def test_el_enlace_no_se_repite_si_el_texto_ya_lo_trae():
    enlace = "https://www.ejemplo.gov.co"
    envio = un_envio(segmentos=(f"Mire\n\n{enlace}",), enlace=enlace)
    assert texto_para_copiar(envio).count(enlace) == 1


def test_nunca_publica_por_su_cuenta():
    conector: Conector = ConectorManual(identificador="grupos-de-barrio")
    envio = un_envio()
    listo = Listo(envio=envio, paso=Paso(nombre="publicar", huella="0" * 64))
    with pytest.raises(ContenidoRechazado, match="una persona"):
        conector.preparar(envio, {})  # type: ignore[arg-type]
    with pytest.raises(ContenidoRechazado, match="una persona"):
        conector.publicar(listo)
    hallazgo = conector.buscar(envio, {}, "publicar", datetime(2026, 12, 1, tzinfo=UTC))  # type: ignore[arg-type]
    assert hallazgo == Hallazgo()


def test_verificar_dice_que_es_manual():
    permiso = ConectorManual(identificador="grupos-de-barrio").verificar()
    assert permiso.vale
    assert permiso.identificador == "grupos-de-barrio"
    assert "manual" in permiso.advertencias[0]
