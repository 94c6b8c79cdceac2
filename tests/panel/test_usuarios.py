"""Usuarios, mi cuenta y la entrada en dos pasos, como las usa una persona y como las ataca otra."""

import queue
import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from panel.acceso import nombre_de_cookie
from panel.sesiones import SesionPanel
from piezas.bitacora import Anotacion
from piezas.personas import Papel, Persona
from tests.panel.sembrado import CLAVE, una_persona
from tests.panel.visitas import CORREO, entrar

NUEVA = "siete loros miran el río"
JEFA = "jefatura@alcaldia.example"


@pytest.fixture
def cartas():
    return queue.Queue()


@pytest.fixture
def con_correo(armar_panel, cartas):
    def enviar(*carta):
        cartas.put(carta)
        return True

    return armar_panel(enviar_carta=enviar)


def persona_de(panel, correo):
    with panel.leer() as sesion:
        return sesion.query(Persona).filter_by(correo=correo).one()


def cookie(cliente, panel):
    return cliente.get_cookie(nombre_de_cookie(panel.app)).value


def enlace_de(carta):
    return re.search(r"http://\S+(/poner/\S+)", carta[2])[1]


def activar_factor(panel, cliente):
    hoja = cliente.get("/perfil/segundo-factor").text
    secreto = re.search(r'id="clave-factor">([^<]+)<', hoja)[1].replace(" ", "")
    sellado = re.search(r'name="sellado" value="([^"]+)"', hoja)[1]
    codigo = pyotp.TOTP(secreto).at(panel.ahora)
    respuesta = cliente.post("/perfil/segundo-factor", data={"sellado": sellado, "codigo": codigo})
    assert respuesta.status_code == 303
    hoja = cliente.get("/perfil/segundo-factor").text
    return secreto, re.findall(r"<li>([A-Z2-9-]{19})</li>", hoja)


def test_una_invitacion_por_correo_lleva_a_entrar(con_correo, cartas):
    admin = con_correo.como("administracion")
    datos = {"nombre": "Ana Ruiz", "correo": "ana@alcaldia.example", "papel": ["redaccion"]}
    assert admin.post("/usuarios/invitar", data=datos).status_code == 303
    carta = cartas.get(timeout=5)
    assert carta[0] == "ana@alcaldia.example"
    lista = admin.get("/usuarios").text
    assert "Con invitación" in lista
    assert "/poner/" not in lista
    camino, ana = enlace_de(carta), con_correo.visitante()
    assert "Hola, Ana Ruiz" in ana.get(camino).text
    assert "al menos 12" in ana.post(camino, data={"clave": "corta"}).text
    assert ana.post(camino, data={"clave": NUEVA}).location == "/entrar"
    assert ana.get(camino).status_code == 404
    assert entrar(ana, correo="ana@alcaldia.example", clave=NUEVA).location == "/"


def test_sin_correo_el_enlace_se_muestra_una_sola_vez(panel):
    admin = panel.como("administracion")
    datos = {"nombre": "Ana", "correo": "ana@alcaldia.example", "papel": ["consulta"]}
    admin.post("/usuarios/invitar", data=datos)
    assert "/poner/invitacion/" in admin.get("/usuarios").text
    assert "/poner/invitacion/" not in admin.get("/usuarios").text


def test_una_invitacion_con_fallas_no_pierde_lo_escrito(panel):
    datos = {"nombre": "Ana", "correo": JEFA, "papel": ["diseno"]}
    respuesta = panel.como("administracion").post("/usuarios/invitar", data=datos)
    assert respuesta.status_code == 422
    assert "Ya hay una persona" in respuesta.text
    assert 'value="Ana"' in respuesta.text
    assert re.search(r'value="diseno"[^>]* checked', respuesta.text)


@pytest.mark.parametrize("accion", ["papeles", "desactivar"])
def test_cambiar_papeles_o_desactivar_cierra_sus_sesiones(panel, accion):
    suyo, numero = panel.como("community"), persona_de(panel, CORREO).id
    admin = panel.como("administracion")
    datos = {"papel": ["community", "diseno"]}
    assert admin.post(f"/usuarios/{numero}/{accion}", data=datos).status_code == 303
    assert suyo.get("/").status_code == 302
    assert entrar(panel.visitante()).status_code == (303 if accion == "papeles" else 401)


def test_nadie_se_da_papeles(panel):
    jefa = panel.como("jefatura")
    numero = persona_de(panel, JEFA).id
    jefa.post(f"/usuarios/{numero}/papeles", data={"papel": ["jefatura", "administracion"]})
    assert persona_de(panel, JEFA).papeles == {Papel.JEFATURA}


def test_lo_delicado_pide_la_clave_a_los_diez_minutos_y_cambia_la_sesion(panel):
    admin = panel.como("administracion")
    panel.pasan(timedelta(minutes=9, seconds=59))
    assert admin.get("/usuarios/invitar").status_code == 200
    panel.pasan(timedelta(seconds=1))
    respuesta = admin.get("/usuarios/invitar")
    assert respuesta.location == "/confirmar?next=/usuarios/invitar"
    numero = persona_de(panel, CORREO).id
    assert "/confirmar" in admin.post(f"/usuarios/{numero}/desactivar").location
    assert persona_de(panel, CORREO).activa
    vieja = cookie(admin, panel)
    datos = {"clave": "no es esta clave", "next": "/usuarios/invitar"}
    assert admin.post("/confirmar", data=datos).status_code == 401
    datos = {"clave": CLAVE, "next": "/usuarios/invitar"}
    assert admin.post("/confirmar", data=datos).location == "/usuarios/invitar"
    assert admin.get("/usuarios/invitar").status_code == 200
    ladron = panel.visitante()
    ladron.set_cookie("sesion", vieja)
    assert ladron.get("/").status_code == 302


def test_confirmar_tiene_freno_y_no_lleva_a_otro_sitio(panel):
    admin = panel.como("administracion")
    datos = {"clave": CLAVE, "next": "//otro.example"}
    assert admin.post("/confirmar", data=datos).location == "/"
    for _ in range(5):
        assert admin.post("/confirmar", data={"clave": "mala"}).status_code == 401
    assert admin.post("/confirmar", data={"clave": CLAVE}).status_code == 429


def test_cambiar_la_clave_cierra_las_demas_y_la_vieja_ya_no_entra(panel):
    otro, mio = panel.como("community"), panel.como("community")
    vieja = cookie(mio, panel)
    respuesta = mio.post("/perfil/clave", data={"actual": "no es", "nueva": NUEVA})
    assert respuesta.status_code == 422
    assert "La contraseña actual no es esa" in respuesta.text
    assert mio.post("/perfil/clave", data={"actual": CLAVE, "nueva": NUEVA}).status_code == 303
    assert cookie(mio, panel) != vieja
    assert mio.get("/perfil").status_code == 200
    assert otro.get("/").status_code == 302
    assert entrar(panel.visitante()).status_code == 401
    assert entrar(panel.visitante(), clave=NUEVA).status_code == 303


def test_cada_quien_cierra_sus_sesiones_y_no_las_de_otros(panel):
    ajena, otra, mia = panel.como("jefatura"), panel.como("community"), panel.como("community")
    with panel.leer() as sesion:
        ids = dict(sesion.execute(select(SesionPanel.id, SesionPanel.persona_id)).all())
    jefa = persona_de(panel, JEFA).id
    de_ella = next(n for n, quien in ids.items() if quien == jefa)
    mia.post(f"/perfil/sesiones/{de_ella}/cerrar")
    assert ajena.get("/").status_code == 200
    mias = sorted(n for n, quien in ids.items() if quien != jefa)
    mia.post(f"/perfil/sesiones/{mias[0]}/cerrar")
    assert otra.get("/").status_code == 302
    tercera = panel.como("community")
    assert (
        "Se cerraron 1 sesión"
        in mia.post("/perfil/sesiones/cerrar-otras", follow_redirects=True).text
    )
    assert tercera.get("/").status_code == 302
    assert mia.get("/").status_code == 200


def test_con_segundo_factor_la_clave_sola_no_abre_nada(panel):
    secreto, codigos = activar_factor(panel, panel.como("community"))
    assert len(codigos) == 10
    cliente = panel.visitante()
    panel.pasan(timedelta(minutes=2))
    assert entrar(cliente, next="/cola").location == "/entrar/codigo?next=/cola"
    a_medias = cookie(cliente, panel)
    assert cliente.get("/").status_code == 302
    bueno = pyotp.TOTP(secreto).at(panel.ahora)
    assert cliente.post("/entrar/codigo", data={"codigo": "000000"}).status_code == 401
    datos = {"codigo": bueno, "next": "/cola"}
    assert cliente.post("/entrar/codigo", data=datos).location == "/cola"
    assert cookie(cliente, panel) != a_medias
    assert cliente.get("/cola").status_code == 200
    repite = panel.visitante()
    entrar(repite)
    assert repite.post("/entrar/codigo", data={"codigo": bueno}).status_code == 401
    assert repite.post("/entrar/codigo", data={"codigo": codigos[0]}).status_code == 303


def test_adivinar_el_codigo_se_frena_y_la_entrada_a_medias_vence(panel):
    secreto, _ = activar_factor(panel, panel.como("community"))
    panel.pasan(timedelta(minutes=2))
    cliente = panel.visitante()
    entrar(cliente)
    for _ in range(5):
        assert cliente.post("/entrar/codigo", data={"codigo": "000000"}).status_code == 401
    bueno = {"codigo": pyotp.TOTP(secreto).at(panel.ahora)}
    assert cliente.post("/entrar/codigo", data=bueno).status_code == 429
    panel.pasan(timedelta(minutes=10))
    assert cliente.post("/entrar/codigo", data=bueno).location == "/entrar?next=/"


def test_donde_es_obligatorio_quien_aprueba_lo_pone_antes_de_seguir(armar_panel):
    panel = armar_panel(segundo_factor_obligatorio=True)
    jefa, redacta = panel.como("jefatura"), panel.como("redaccion")
    assert redacta.get("/").status_code == 200
    assert jefa.get("/").location == "/perfil/segundo-factor"
    assert jefa.post("/piezas/1/aprobar").location in {"/perfil/segundo-factor", None}
    activar_factor(panel, jefa)
    assert jefa.get("/").status_code == 200
    jefa.post("/perfil/segundo-factor/quitar")
    assert persona_de(panel, JEFA).factor is not None


def test_olvide_contesta_igual_exista_o_no_y_solo_escribe_a_quien_existe(con_correo, cartas):
    paginas = set()
    for correo in ("nadie@alcaldia.example", CORREO):
        respuesta = con_correo.visitante().post("/olvide", data={"correo": correo})
        paginas.add((respuesta.status_code, re.sub(r'content="[^"]+"', "", respuesta.text)))
    assert len(paginas) == 1
    assert cartas.get(timeout=5)[0] == CORREO
    assert cartas.empty()


def test_olvide_se_frena(con_correo):
    cliente = con_correo.visitante()
    codigos = [cliente.post("/olvide", data={"correo": CORREO}).status_code for _ in range(6)]
    assert codigos == [200] * 5 + [429]


def test_el_enlace_de_olvido_vence_no_salta_el_segundo_factor_y_cierra_todo(con_correo, cartas):
    abierta = con_correo.como("community")
    activar_factor(con_correo, abierta)
    assert "segundo factor" in cartas.get(timeout=5)[1]
    con_correo.visitante().post("/olvide", data={"correo": CORREO})
    camino = enlace_de(cartas.get(timeout=5))
    con_correo.pasan(timedelta(minutes=29, seconds=59))
    cliente = con_correo.visitante()
    assert cliente.post(camino, data={"clave": NUEVA}).location == "/entrar"
    assert abierta.get("/").status_code == 302
    assert entrar(cliente, clave=NUEVA).location == "/entrar/codigo"
    con_correo.visitante().post("/olvide", data={"correo": CORREO})
    assert "cambió" in cartas.get(timeout=5)[1]
    camino = enlace_de(cartas.get(timeout=5))
    con_correo.pasan(timedelta(minutes=30))
    assert con_correo.visitante().get(camino).status_code == 404


def test_avisa_a_quien_lo_pidio_que_entraron_con_su_usuario(con_correo, cartas):
    cliente = con_correo.como("community")
    cliente.post("/perfil/avisos", data={"entradas": "si"})
    entrar(con_correo.visitante())
    assert cartas.get(timeout=5)[1] == "Publicador: entraron con su usuario"
    assert not persona_de(con_correo, CORREO).avisos_por_correo


def test_el_nombre_se_cambia_y_uno_vacio_no_se_acepta(panel):
    cliente = panel.como("community")
    assert cliente.post("/perfil/nombre", data={"nombre": " "}).status_code == 422
    cliente.post("/perfil/nombre", data={"nombre": "<b>Luz</b>  Díaz"})
    assert "&lt;b&gt;Luz&lt;/b&gt; Díaz" in cliente.get("/perfil").text


def test_nada_secreto_queda_en_la_bitacora(panel):
    secreto, codigos = activar_factor(panel, panel.como("community"))
    entrar(panel.visitante(), clave="una clave que no es de nadie")
    with panel.leer() as sesion:
        todo = " ".join(str(vars(fila)) for fila in sesion.scalars(select(Anotacion)))
    for cosa in (secreto, codigos[0], "una clave que no es de nadie"):
        assert cosa not in todo


def test_quien_no_ha_aceptado_su_invitacion_no_entra_con_la_clave_vacia(panel):
    with panel.oficina() as oficina:
        quien = una_persona(
            oficina.sesion, "nueva@alcaldia.example", Papel.DISENO, ahora=panel.ahora
        )
        quien.clave = ""
    assert entrar(panel.visitante(), correo="nueva@alcaldia.example", clave="").status_code == 401
