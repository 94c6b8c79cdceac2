"""La regla de objeto de cada ruta, escrita aparte del código, y lo que siembra de cada persona."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from cola import enmendar
from cola.avisos_web import AvisoWeb
from cola.conexiones import Conexion, PasoConexion
from cola.enlaces import abrir, guardar_candidatas
from cola.estados import Estado
from cola.parrilla.mesa import MesaParrilla
from conectores.contrato import Red
from conectores.enlace import Candidata
from panel import sesiones
from panel.redaccion.pendientes import BorradorDePantalla
from piezas import comentarios, fichas_api, revisores
from piezas.autorizaciones import Autorizacion
from piezas.enlaces_personales import ClaseEnlace, dar
from piezas.personas import Papel
from piezas.subidas import Subida
from piezas.suscripciones import suscribir
from tests.panel.sembrado import una_imagen


class Regla(Enum):
    """De quién debe ser el objeto para que la ruta lo atienda, además del papel."""

    NADA = auto()
    """La ruta no nombra ningún objeto."""
    OFICINA = auto()
    """El objeto es de la oficina: quien tiene el papel actúa sobre el de cualquiera."""
    DEL_EQUIPO = auto()
    """El equipo ve el de todos; un solicitante, solo el suyo."""
    SUYA = auto()
    """Solo quien es su dueño; para los demás no existe."""
    AJENA = auto()
    """Cuatro ojos: cualquiera menos su dueño."""
    SECRETO = auto()
    """La abre un secreto de la dirección, sin mirar quién es."""


def _de(regla, *endpoints):
    return dict.fromkeys(endpoints, regla)


REGLAS = {
    **_de(
        Regla.NADA,
        "acceso.comprobar", "acceso.entrar", "acceso.preguntar_salida", "acceso.salir",
        "apariencia.cambiar", "aprobacion.listar", "bitacora.comprobar", "bitacora.exportar",
        "bitacora.listar", "calendario.bajar", "calendario.bajar_semana",
        "calendario.elegir_parrilla", "calendario.eventos", "calendario.pedir_suscripcion",
        "calendario.recibir", "calendario.retirar_suscripcion", "calendario.suscripcion",
        "calendario.ver", "campanias.crear", "campanias.dependencias", "campanias.guardar",
        "campanias.listar", "campanias.nueva", "codigo.comprobar", "codigo.pedir",
        "confirmar.comprobar", "confirmar.pedir", "cuentas.canal", "cuentas.conectar",
        "cuentas.listar", "cuentas.llaves", "cuentas.nueva", "cuentas.olvidar",
        "cuentas.preguntar_olvido", "cuentas.preparar", "cuentas.recibir", "decisiones.varias",
        "avisos_web.listar", "avisos_web.pedir", "fichas.crear", "fichas.listar",
        "entidad.guardar", "entidad.quitar_escudo", "entidad.ver", "entidad.ver_escudo",
        "estaticos.ver", "estaticos.ver_armado", "lista_control.guardar", "lista_control.ver",
        "mediateca.editar_varias", "mediateca.elegir", "mediateca.empezar_subida",
        "mediateca.listar", "mediateca.subir", "olvido.pedir", "olvido.preguntar",
        "pausas.pausar", "pausas.reanudar", "pausas.ver", "perfil.activar_factor",
        "perfil.cambiar_avisos", "perfil.cambiar_clave", "perfil.cambiar_nombre",
        "perfil.cerrar_otras", "perfil.factor", "perfil.quitar_factor",
        "perfil.renovar_codigos", "perfil.ver", "piezas.listar", "prever.ver",
        "publicaciones.listar", "redaccion.autoguardar", "redaccion.crear", "redaccion.ficha",
        "redaccion.nueva", "salud.ver", "tablero.ver", "tarjetas.imagen", "tarjetas.ver",
        "usuarios.invitar", "usuarios.listar", "usuarios.preparar", "vigiladas.agregar",
        "vigiladas.listar", "vivo.seguir",
    ),
    **_de(
        Regla.OFICINA,
        "avisos_web.probar", "avisos_web.quitar", "avisos_web.rotar",
        "aprobacion.devolver", "aprobacion.ver", "calendario.elegir_hora", "calendario.libre",
        "calendario.mover", "calendario.mover_pieza", "campanias.cambiar", "campanias.editar",
        "campanias.ver", "cuentas.activar", "cuentas.desactivar", "cuentas.descartar",
        "cuentas.guardar", "cuentas.pausar", "cuentas.ver", "cuentas.verificar",
        "decisiones.mover", "dudas.adoptar", "dudas.confirmar", "dudas.mirar", "dudas.resolver",
        "enmiendas.archivo", "enmiendas.descartar", "enmiendas.pedir_correccion",
        "enmiendas.pedir_retiro", "enmiendas.reintentar", "franjas.guardar", "franjas.ver",
        "juridica.levantar", "juridica.pedir", "mediateca.archivar", "mediateca.autorizar",
        "mediateca.bajar", "mediateca.guardar", "mediateca.recortar", "mediateca.revocar",
        "mediateca.subtitular", "mediateca.ver", "mediateca.ver_documento",
        "mediateca.ver_recorte", "mediateca.ver_subtitulos", "pausas.reanudar_cuenta",
        "piezas.enviar", "publicaciones.cancelar", "publicaciones.reintentar",
        "publicaciones.ver", "redaccion.clonar", "redaccion.editar", "redaccion.guardar",
        "revisores.invitar", "revisores.listar", "revisores.revocar", "usuarios.activar",
        "usuarios.dar_enlace", "usuarios.ver", "vigiladas.quitar",
    ),
    **_de(
        Regla.DEL_EQUIPO,
        "comentarios.comentar", "comentarios.resolver", "mediateca.ver_miniatura", "medios.ver",
        "piezas.ver", "versiones.listar", "versiones.ver",
    ),
    **_de(
        Regla.SUYA,
        "calendario.corregir_mesa", "calendario.ver_mesa", "cuentas.escoger", "cuentas.ida",
        "cuentas.salida", "cuentas.terminar", "mediateca.agregar_trozo",
        "mediateca.cancelar_subida", "mediateca.terminar_subida", "mediateca.ver_subida",
        "fichas.revocar", "perfil.cerrar_sesion", "redaccion.descartar",
    ),
    **_de(
        Regla.AJENA,
        "aprobacion.aprobar", "aprobacion.aprobar_varias", "aprobacion.revisar",
        "avisos_web.confirmar", "cuentas.confirmar", "enmiendas.confirmar", "juridica.firmar",
        "usuarios.cambiar_papeles",
        "usuarios.desactivar", "usuarios.quitar_factor",
    ),
    **_de(
        Regla.SECRETO,
        "calendario.seguir", "olvido.poner", "olvido.ver", "revisores.medio", "revisores.opinar",
        "revisores.ver",
    ),
}  # fmt: skip
"""Toda ruta tiene su regla: una nueva sin regla no pasa la prueba."""


@dataclass
class Cosas:
    """Lo que es de una persona, por el nombre que tiene en las rutas."""

    valores: dict
    entregas: dict
    conexiones: dict


ENTREGA_DE = {
    "dudas": Estado.EN_DUDA,
    "enmiendas": Estado.PUBLICADA,
    "publicaciones.reintentar": Estado.FALLIDA,
}
CONEXION_DE = {
    "cuentas.salida": PasoConexion.IDA,
    "cuentas.ida": PasoConexion.IDA,
    "cuentas.escoger": PasoConexion.VUELTA,
    "cuentas.terminar": PasoConexion.VUELTA,
    "cuentas.confirmar": PasoConexion.POR_CONFIRMAR,
    "cuentas.descartar": PasoConexion.POR_CONFIRMAR,
}


def sembrar_de(panel, oficina, quien, *, color, cookie):
    """Una de cada cosa, suya; devuelve con qué valores se nombra cada una."""
    sesion, ahora = oficina.sesion, oficina.ahora
    pieza = oficina.en_revision(
        f"De {quien.correo}", imagen=una_imagen(color, quien.correo), cuentas=("facebook",)
    )
    pieza.autor_id = pieza.version.editor_id = quien.id
    medio = pieza.version.medios[0].medio
    medio.subido_por = quien.id
    medio.subtitulos_huella = oficina.almacen.guardar(b"WEBVTT\n")
    documento = oficina.almacen.guardar(b"%PDF-1.7 " + quien.correo.encode())
    autorizacion = Autorizacion(
        medio_id=medio.id, quien="Ana", referencia="Acta 1", fecha=ahora.date(),
        archivo_huella=documento, archivo_tipo="application/pdf", registrada_por=quien.id,
        registrada_en=ahora,
    )  # fmt: skip
    redactora = oficina.persona("redaccion@alcaldia.example")
    comentario = comentarios.comentar(sesion, pieza.id, "Mire", por=redactora.id, ahora=ahora)
    comentario.autor_id = quien.id
    enlace, secreto = revisores.invitar(
        sesion, pieza.id, para="La secretaria", plazo=timedelta(days=3), por=redactora.id,
        ahora=ahora,
    )  # fmt: skip
    enlace.persona_id = quien.id
    entregas, community = _entregas(oficina, quien), oficina.persona("community@alcaldia.example")
    retiro = enmendar.pedir_retiro(
        sesion, entregas[Estado.PUBLICADA], motivo="Se publicó con un error", ahora=ahora,
        archivo=(documento, "application/pdf"), por=community.id,
    )  # fmt: skip
    retiro.pedida_por = quien.id
    mesa = MesaParrilla(
        persona_id=quien.id, nombre="p.csv", creada_en=ahora, cambiada_en=ahora,
        filas=json.dumps([]),
    )  # fmt: skip
    subida = Subida(
        llave=f"{quien.id:032x}", persona_id=quien.id, nombre="v.mp4", peso_bytes=9, movida_en=ahora
    )
    borrador = BorradorDePantalla(
        persona_id=quien.id, campos='[["titulo", "A medias"]]', guardado_en=ahora
    )
    sesion.add_all([autorizacion, mesa, subida, borrador])
    sesiones.abrir(sesion, quien.id, navegador="otro", ahora=ahora)
    suscribe = quien.papeles - {Papel.SOLICITANTE}
    llave_ics = suscribir(sesion, por=quien.id, ahora=ahora) if suscribe else "x"
    aviso = AvisoWeb(
        nombre="Tablero", url="https://tablero.example/", eventos="publicada", secreto="",
        pedido_por=quien.id, creado_en=ahora,
    )  # fmt: skip
    sesion.add(aviso)
    ficha, _ = fichas_api.crear(
        sesion, nombre="de prueba", alcances=["piezas:leer"], plazo=timedelta(days=30),
        por=quien.id, ahora=ahora,
    )  # fmt: skip
    clave = dar(sesion, quien, ClaseEnlace.OLVIDO, ahora=ahora)
    sesion.flush()
    carpeta = oficina.almacen.carpeta.parent / "subidas"
    carpeta.mkdir(exist_ok=True)
    (carpeta / f"{subida.llave}.parte").touch()
    otra = sesiones.de_persona(sesion, quien.id, ahora=ahora)[-1]
    return Cosas(
        valores={
            "pieza_id": pieza.id, "version_id": pieza.version.id, "primera": 1, "segunda": 1,
            "comentario_id": comentario.id,
            "enlace_id": enlace.id, "enmienda_id": retiro.id, "medio_id": medio.id,
            "autorizacion_id": autorizacion.id, "mesa_id": mesa.id, "sesion_id": otra.id,
            "persona_id": quien.id, "ficha_id": ficha.id, "aviso_id": aviso.id,
            "huella": medio.huella,
            "borrador": borrador.id,
            "llave": subida.llave, "llave_ics": llave_ics, "clase": "contrasena",
            "secreto": secreto, "clave": clave,
        },
        entregas=entregas,
        conexiones=_conexiones(panel, oficina, quien, cookie),
    )  # fmt: skip


def _entregas(oficina, quien):
    halladas = {}
    for estado in (Estado.PROGRAMADA, Estado.EN_DUDA, Estado.PUBLICADA, Estado.FALLIDA):
        entrega = oficina.entrega(f"{estado} de {quien.correo}", "x", estado)
        entrega.pieza.autor_id = quien.id
        halladas[estado] = entrega.id
    return halladas


def _conexiones(panel, oficina, quien, cookie):
    sesion, halladas = oficina.sesion, {}
    caja = panel.servicios.caja
    for paso in (PasoConexion.IDA, PasoConexion.VUELTA, PasoConexion.POR_CONFIRMAR):
        numero = abrir(
            sesion, Red.FACEBOOK, cuenta_id=oficina.cuenta("facebook").id, datos={},
            sesion_panel=hashlib.sha256(f"conexion:{cookie}".encode()).hexdigest(),
            por=oficina.persona("jefatura@alcaldia.example").id, caja=caja, ahora=oficina.ahora,
        )  # fmt: skip
        conexion = sesion.get_one(Conexion, numero)
        conexion.persona_id = quien.id
        if paso is not PasoConexion.IDA:
            candidata = Candidata(
                red=Red.FACEBOOK, identificador=f"pagina-{numero}", nombre="Otra página",
                credencial={"token_pagina": "t"},
            )  # fmt: skip
            guardar_candidatas(sesion, numero, [candidata], caja=caja)
            conexion.paso = paso
            conexion.identificador, conexion.nombre = candidata.identificador, candidata.nombre
        halladas[paso] = numero
    return halladas
