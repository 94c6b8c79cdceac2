"""Las dudas: cuándo empiezan, cómo se miran y cómo las resuelve una persona."""

import pytest

from cola.desenlaces import Duda, Espera, Publicada
from cola.dudas import resolver
from cola.errores import NoSePuede
from cola.publicaciones import Suceso
from conectores.contrato import Red
from tests.cola.escena import RECIBO


def test_un_arriendo_vencido_de_lo_que_salia_es_duda_y_sostiene_el_carril(escena):
    cuenta = escena.cuenta(espaciado_s=0)
    (una,) = escena.aprobada(cuenta)
    (toma,) = escena.tomar()
    escena.salir(toma)
    escena.aprobada(cuenta)
    escena.pasa(seconds=121)
    escena.rescatar()
    assert escena.estado(una) == "en_duda"
    assert escena.tomar() == []
    (mirada,) = escena.mirar()
    escena.cerrar(mirada, Duda("mírela usted", None, ausente=True), Suceso.AUSENTE)
    assert escena.fila(una).requiere_persona
    assert len(escena.tomar()) == 1  # ya no espera miradas: el carril sigue


def test_una_mirada_busca_desde_la_primera_salida_del_paso(escena):
    escena.aprobada(escena.cuenta(Red.X))
    (toma,) = escena.tomar()
    escena.salir(toma)
    primera = escena.ahora
    escena.cerrar(toma, Espera(escena.ahora, "otra vez", reenvia=True), None)
    escena.pasa(minutes=11)
    (otra,) = escena.tomar()
    escena.salir(otra)
    escena.cerrar(otra, Duda("repetida", escena.ahora, duplicado=True), Suceso.SIN_RESPUESTA)
    (mirada,) = escena.mirar()
    assert mirada.primera_salida_en == primera
    assert mirada.momento("publicar", mirada.avance, escena.ahora).era_duplicado


def en_manos_de_una_persona(escena, identificador="1001") -> int:
    (una,) = escena.aprobada(escena.cuenta(identificador=identificador))
    (toma,) = escena.tomar()
    escena.salir(toma)
    escena.cerrar(toma, Duda("mírela", None), Suceso.SIN_RESPUESTA)
    return una


def resolver_como(escena, una: int, **cambios) -> None:
    with escena.sesiones.begin() as sesion:
        resolver(sesion, una, quien="c@x", persona_id=None, ahora=escena.ahora, **cambios)


def test_resolver_si_salio_guarda_la_direccion_y_su_id(escena):
    una = en_manos_de_una_persona(escena)
    resolver_como(escena, una, salio=True, url="https://www.facebook.com/1001/posts/77")
    fila = escena.fila(una)
    assert (fila.estado.value, fila.id_remoto) == ("publicada", "1001_77")


def test_resolver_con_una_direccion_que_no_es_de_la_red_se_niega(escena):
    una = en_manos_de_una_persona(escena)
    with pytest.raises(NoSePuede, match="no parece"):
        resolver_como(escena, una, salio=True, url="https://www.facebook.com/2002_77")
    assert escena.estado(una) == "en_duda"


def test_resolver_no_salio_la_cierra_o_la_reenvia(escena):
    una = en_manos_de_una_persona(escena)
    resolver_como(escena, una, salio=False)
    assert escena.estado(una) == "fallida"
    otra = en_manos_de_una_persona(escena, "2002")
    resolver_como(escena, otra, salio=False, reenviar=True)
    assert escena.estado(otra) == "programada"


def test_no_se_resuelve_dos_veces(escena):
    una = en_manos_de_una_persona(escena)
    resolver_como(escena, una, salio=False)
    with pytest.raises(NoSePuede, match="no hay duda"):
        resolver_como(escena, una, salio=False)


def test_una_duda_no_se_resuelve_con_la_direccion_de_otra_entrega(escena):
    cuenta = escena.cuenta(espaciado_s=0, identificador="1001")
    (una,), (otra,) = escena.aprobada(cuenta), escena.aprobada(cuenta)
    for desenlace in (Publicada(RECIBO), Duda("No se sabe.", None)):
        (toma,) = escena.tomar()
        escena.salir(toma)
        escena.cerrar(toma, desenlace)
    quien = {"quien": "x", "persona_id": None, "ahora": escena.ahora}
    with pytest.raises(NoSePuede, match=f"ya es de la entrega {una}"), escena.sesiones.begin() as s:
        resolver(s, otra, salio=True, url=RECIBO.url, **quien)
    assert escena.estado(otra) == "en_duda"
