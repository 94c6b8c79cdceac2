"""Los papeles: quién abre cada ruta, y que mirar no cambia nada."""

import pytest

from panel.acceso import papeles_de
from piezas.personas import Papel, Persona
from tests.panel.visitas import es_de_pantalla, rutas

EQUIPO = set(Papel) - {Papel.SOLICITANTE}
GESTION = {Papel.COMMUNITY, Papel.JEFATURA}
REVISORES = {Papel.JEFATURA, Papel.REVISION, Papel.JURIDICA}
REDACTORES = {Papel.REDACCION, Papel.DISENO, Papel.COMMUNITY, Papel.JEFATURA}

# Quién puede abrir cada ruta, escrito aparte del código: si una de las dos cambia, se nota.
MANEJAN = {Papel.JEFATURA, Papel.ADMINISTRACION}
MIRAN_BITACORA = {Papel.JEFATURA, Papel.ADMINISTRACION, Papel.CONSULTA}
QUIENES = {
    "codigo.pedir": None,
    "codigo.comprobar": None,
    "olvido.preguntar": None,
    "olvido.pedir": None,
    "olvido.ver": None,
    "olvido.poner": None,
    "confirmar.pedir": set(Papel),
    "confirmar.comprobar": set(Papel),
    "perfil.ver": set(Papel),
    "perfil.cambiar_nombre": set(Papel),
    "perfil.cambiar_clave": set(Papel),
    "perfil.cambiar_avisos": set(Papel),
    "perfil.cerrar_sesion": set(Papel),
    "perfil.cerrar_otras": set(Papel),
    "perfil.factor": set(Papel),
    "perfil.activar_factor": set(Papel),
    "perfil.renovar_codigos": set(Papel),
    "perfil.quitar_factor": set(Papel),
    **dict.fromkeys(
        (
            "avisos_web.listar",
            "avisos_web.pedir",
            "avisos_web.confirmar",
            "avisos_web.rotar",
            "avisos_web.probar",
            "avisos_web.quitar",
        ),
        MANEJAN,
    ),
    "fichas.listar": set(Papel),
    "fichas.crear": set(Papel),
    "fichas.revocar": set(Papel),
    "usuarios.listar": MANEJAN,
    "usuarios.preparar": MANEJAN,
    "usuarios.invitar": MANEJAN,
    "usuarios.ver": MANEJAN,
    "usuarios.cambiar_papeles": MANEJAN,
    "usuarios.desactivar": MANEJAN,
    "usuarios.activar": MANEJAN,
    "usuarios.dar_enlace": MANEJAN,
    "usuarios.quitar_factor": MANEJAN,
    "bitacora.listar": MIRAN_BITACORA,
    "bitacora.comprobar": MIRAN_BITACORA,
    "bitacora.exportar": MIRAN_BITACORA,
    "acceso.entrar": None,
    "acceso.comprobar": None,
    "acceso.preguntar_salida": None,
    "acceso.salir": None,
    "estaticos.ver": None,
    "estaticos.ver_armado": None,
    "salud.ver": None,
    "apariencia.cambiar": None,
    "entidad.ver_escudo": None,
    "entidad.ver": {Papel.JEFATURA, Papel.ADMINISTRACION},
    "entidad.guardar": {Papel.JEFATURA, Papel.ADMINISTRACION},
    "entidad.quitar_escudo": {Papel.JEFATURA, Papel.ADMINISTRACION},
    "vivo.seguir": EQUIPO,
    "tablero.ver": set(Papel),
    "prever.ver": REDACTORES,
    "tarjetas.ver": REDACTORES | REVISORES,
    "tarjetas.imagen": REDACTORES | REVISORES,
    "versiones.listar": set(Papel),
    "versiones.ver": set(Papel),
    "comentarios.comentar": set(Papel) - {Papel.CONSULTA},
    "comentarios.resolver": set(Papel) - {Papel.CONSULTA},
    "vigiladas.listar": {Papel.JEFATURA, Papel.ADMINISTRACION},
    "vigiladas.agregar": {Papel.JEFATURA, Papel.ADMINISTRACION},
    "vigiladas.quitar": {Papel.JEFATURA, Papel.ADMINISTRACION},
    "cuentas.listar": EQUIPO,
    "cuentas.ver": EQUIPO,
    "cuentas.verificar": GESTION | {Papel.ADMINISTRACION},
    "cuentas.pausar": GESTION,
    **dict.fromkeys(
        (
            "cuentas.nueva",
            "cuentas.preparar",
            "cuentas.conectar",
            "cuentas.llaves",
            "cuentas.canal",
            "cuentas.salida",
            "cuentas.ida",
            "cuentas.escoger",
            "cuentas.terminar",
            "cuentas.guardar",
            "cuentas.desactivar",
            "cuentas.activar",
            "cuentas.confirmar",
            "cuentas.descartar",
            "cuentas.preguntar_olvido",
            "cuentas.olvidar",
        ),
        MANEJAN,
    ),
    # Pública para no copiar lo que trae en la dirección de la puerta; por dentro exige el papel.
    "cuentas.recibir": None,
    "piezas.listar": set(Papel),
    "piezas.ver": set(Papel),
    "medios.ver": set(Papel),
    "mediateca.listar": EQUIPO,
    "mediateca.elegir": EQUIPO,
    "mediateca.ver": EQUIPO,
    "mediateca.bajar": EQUIPO,
    "mediateca.ver_subtitulos": EQUIPO,
    "mediateca.ver_documento": EQUIPO,
    "mediateca.ver_miniatura": set(Papel),
    "mediateca.subir": REDACTORES,
    "mediateca.empezar_subida": REDACTORES,
    "mediateca.ver_subida": REDACTORES,
    "mediateca.agregar_trozo": REDACTORES,
    "mediateca.terminar_subida": REDACTORES,
    "mediateca.cancelar_subida": REDACTORES,
    "mediateca.guardar": REDACTORES,
    "mediateca.editar_varias": REDACTORES,
    "mediateca.archivar": REDACTORES,
    "mediateca.subtitular": REDACTORES,
    "mediateca.autorizar": REDACTORES,
    "mediateca.revocar": REDACTORES,
    "mediateca.ver_recorte": REDACTORES,
    "mediateca.recortar": REDACTORES,
    "piezas.enviar": REDACTORES,
    "redaccion.nueva": REDACTORES,
    "redaccion.crear": REDACTORES,
    "redaccion.editar": REDACTORES,
    "redaccion.guardar": REDACTORES,
    "redaccion.clonar": REDACTORES,
    "redaccion.autoguardar": REDACTORES,
    "redaccion.descartar": REDACTORES,
    "redaccion.ficha": REDACTORES,
    "campanias.listar": EQUIPO,
    "campanias.ver": EQUIPO,
    "campanias.nueva": REDACTORES,
    "campanias.crear": REDACTORES,
    "campanias.editar": REDACTORES,
    "campanias.cambiar": REDACTORES,
    "campanias.dependencias": EQUIPO,
    "campanias.guardar": {Papel.JEFATURA, Papel.ADMINISTRACION},
    "calendario.ver": EQUIPO,
    "calendario.eventos": EQUIPO,
    "calendario.bajar": EQUIPO,
    "calendario.bajar_semana": EQUIPO,
    "calendario.libre": EQUIPO,
    "calendario.suscripcion": EQUIPO,
    "calendario.pedir_suscripcion": EQUIPO,
    "calendario.retirar_suscripcion": EQUIPO,
    "calendario.seguir": None,
    "calendario.mover": REDACTORES,
    "calendario.elegir_hora": REDACTORES,
    "calendario.mover_pieza": REDACTORES,
    "calendario.elegir_parrilla": REDACTORES,
    "calendario.recibir": REDACTORES,
    "calendario.ver_mesa": REDACTORES,
    "calendario.corregir_mesa": REDACTORES,
    "franjas.ver": GESTION,
    "franjas.guardar": GESTION,
    "publicaciones.listar": EQUIPO,
    "publicaciones.ver": EQUIPO,
    "pausas.ver": EQUIPO,
    "publicaciones.reintentar": GESTION,
    "publicaciones.cancelar": GESTION,
    "dudas.resolver": GESTION,
    "dudas.confirmar": GESTION,
    "pausas.pausar": GESTION,
    "pausas.reanudar": GESTION,
    "pausas.reanudar_cuenta": GESTION,
    "aprobacion.listar": REVISORES,
    "aprobacion.ver": REVISORES,
    "lista_control.ver": EQUIPO,
    "lista_control.guardar": {Papel.JEFATURA, Papel.ADMINISTRACION},
    "juridica.pedir": {
        *(Papel.REDACCION, Papel.COMMUNITY, Papel.REVISION, Papel.JEFATURA, Papel.JURIDICA)
    },
    "juridica.firmar": {Papel.JURIDICA},
    "juridica.levantar": {Papel.JURIDICA},
    "revisores.listar": REDACTORES | REVISORES,
    "revisores.invitar": REDACTORES | REVISORES,
    "revisores.revocar": REDACTORES | REVISORES,
    "decisiones.varias": GESTION,
    "decisiones.mover": GESTION,
    "dudas.mirar": GESTION,
    "dudas.adoptar": GESTION,
    "enmiendas.pedir_retiro": GESTION,
    "enmiendas.pedir_correccion": GESTION,
    "enmiendas.confirmar": {Papel.JEFATURA},
    "enmiendas.reintentar": GESTION,
    "enmiendas.descartar": GESTION,
    "enmiendas.archivo": GESTION,
    "revisores.ver": None,
    "revisores.opinar": None,
    "revisores.medio": None,
    "aprobacion.devolver": REVISORES,
    "aprobacion.revisar": {Papel.REVISION},
    "aprobacion.aprobar": {Papel.JEFATURA},
    "aprobacion.aprobar_varias": {Papel.JEFATURA},
}


def test_toda_ruta_declara_sus_papeles_y_son_los_esperados(panel):
    declarados = {
        nombre: papeles_de(vista) and set(papeles_de(vista))
        for nombre, vista in panel.app.view_functions.items()
        if es_de_pantalla(nombre)
    }
    assert declarados == QUIENES


def test_una_ruta_sin_papeles_declarados_no_atiende_a_nadie(panel):
    panel.app.config["PROPAGATE_EXCEPTIONS"] = False
    panel.app._got_first_request = False
    panel.app.add_url_rule("/olvidada", "olvidada", lambda: "secreto")
    respuesta = panel.como("jefatura").get("/olvidada")
    assert respuesta.status_code == 500
    assert "secreto" not in respuesta.text


@pytest.mark.parametrize("papel", list(Papel))
def test_cada_ruta_con_cada_papel(panel, papel):
    cliente = panel.como(papel)
    for endpoint, metodo, camino in rutas(panel.app):
        if endpoint == "acceso.salir":
            continue
        codigo = cliente.open(camino, method=metodo).status_code
        permitidos = QUIENES[endpoint]
        if permitidos is not None and papel not in permitidos:
            assert codigo == 403, (endpoint, papel, codigo)
        else:
            assert codigo not in {403, 500, 405}, (endpoint, papel, codigo)


def test_sin_entrar_toda_ruta_privada_lleva_a_la_puerta(panel):
    cliente = panel.visitante()
    for endpoint, metodo, camino in rutas(panel.app):
        if QUIENES[endpoint] is None:
            continue
        respuesta = cliente.open(camino, method=metodo)
        assert respuesta.status_code == 302, endpoint
        assert respuesta.location.startswith("/entrar"), endpoint


def test_mirar_dos_veces_no_cambia_nada(panel):
    cliente = panel.como("jefatura")

    def fotografia():
        with panel.leer() as sesion:
            return [
                sesion.execute(tabla.select()).all() for tabla in Persona.metadata.sorted_tables
            ]

    antes = fotografia()
    for _, metodo, camino in rutas(panel.app):
        if metodo == "GET":
            cliente.get(camino)
            cliente.get(camino)
    assert fotografia() == antes
