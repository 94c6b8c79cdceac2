"""Lo escrito por una persona se ve como texto en toda pantalla y vista previa, en un Chromium.

Lo hostil se pone en TODO campo de texto de la base donde alguien puede escribir: una columna
nueva entra sola, y una pantalla nueva también.
"""

import json

import pytest
from playwright.sync_api import Error
from sqlalchemy import Boolean, Date, Enum, Integer, String, cast, func, literal, select, update
from sqlalchemy.exc import IntegrityError

from cola.avisos import Aviso, ClaseAviso
from cola.estados import Estado
from cola.parrilla.mesa import MesaParrilla
from cola.publicaciones import Suceso
from herramientas.pantallas import pantallas_de
from panel import sesiones
from panel.redaccion.pendientes import BorradorDePantalla
from piezas.autorizaciones import Autorizacion
from piezas.base import Base
from piezas.consejos.vigiladas import PalabraVigilada
from piezas.entidad import Entidad
from piezas.juridica import ExigenciaJuridica
from piezas.lista_control import PuntoDeControl
from piezas.personas import Persona
from piezas.revisores import EnlaceRevision, Opinion
from tests.panel.matriz import sembrar_de
from tests.panel.sembrado import una_imagen
from tests.panel.servido import entrar_como, servido

pytestmark = [pytest.mark.navegador, pytest.mark.timeout(600)]

HOSTIL = (
    "</textarea></title></script>\"'><b data-inyectado=1>x</b>"
    "<img src=x data-inyectado=1 onerror=window.inyectado=1>"
    "<svg data-inyectado=1 onload=window.inyectado=1></svg>"
    "<script>window.inyectado=1</script>"
    "<a data-inyectado=1 href=javascript:window.inyectado=1>y</a>{{7*7}}${7*7}"
)
DIRECCION = "javascript:window.inyectado=1"
DE_MAQUINA = {
    "actividad", "alcances", "archivo_huella", "archivo_tipo", "archivos", "arriendo_de",
    "avance", "base_url", "campos", "clave", "comienzo", "contenido", "credencial", "cuerpo",
    "de", "a", "accion", "objeto", "escudo", "escudo_tipo", "evidencia", "factor", "filas",
    "firma", "hash_contenido", "huella", "huella_evidencia", "huella_pixeles", "huella_sobre",
    "huella_visual", "id", "id_remoto", "anterior", "llave", "marca", "paso", "recorte",
    "renovando_de", "resumen", "revision", "sellado", "sesion", "sobre", "subtitulos_huella",
    "tipo", "utm", "version", "web", "alias", "correo", "buscable", "llana", "etiquetas",
    "identificador", "eventos", "secreto",
}  # fmt: skip
"""Columnas de texto que escribe el programa: huellas, palabras fijas, JSON de la casa."""
DIRECCIONES = {"enlace", "url"}
SIN_FILAS = {"cabeza_bitacora", "latido", "pausa", "punto_marcado"}
"""Tablas que aquí no tienen fila, o cuya fila cambiaría lo que hace el panel."""


def texto_de_personas():
    """Cada (tabla, columna) donde una persona escribe."""
    for tabla in Base.metadata.sorted_tables:
        for columna in tabla.columns:
            es_texto = isinstance(columna.type, String) and not isinstance(columna.type, Enum)
            if es_texto and columna.name not in DE_MAQUINA and not columna.foreign_keys:
                yield tabla, columna


def sembrar(panel, cookie):
    """Una fila hostil en cada tabla donde alguien escribe."""
    with panel.oficina() as oficina:
        sesion, ahora = oficina.sesion, oficina.ahora
        jefa = oficina.persona("jefatura@alcaldia.example")
        cosas = sembrar_de(panel, oficina, jefa, color="#0b5f6b", cookie=cookie)
        lo_suyo = {"cuentas": ("facebook", "x", "web"), "texto": HOSTIL, "alterno": HOSTIL[:300]}
        oficina.en_revision("Por aprobar", imagen=una_imagen(), campania="Campaña", **lo_suyo)
        pieza = oficina.pieza(
            "La de hoy", texto_x=HOSTIL[:200], texto_facebook=HOSTIL, primer_comentario=HOSTIL,
            etiquetas=("#etiqueta",), dependencia="Dependencia", **lo_suyo,
        )  # fmt: skip
        oficina.devuelta("Otra", motivo="Le falta la fecha")
        for estado in set(Estado) - {Estado.TOMADA}:  # una sola en mano por cuenta
            entrega = oficina.entrega(f"Entrega {estado}", "web", estado, texto=HOSTIL)
            oficina.suceso(entrega, Suceso.SIN_RESPUESTA, HOSTIL)
        oficina.pausar_cuenta("x", HOSTIL)
        for permiso in sesion.query(Autorizacion):
            permiso.revocada_en, permiso.revocada_por = ahora, jefa.id
            permiso.revocada_motivo = HOSTIL
        sesion.add_all(_filas_sueltas(jefa.id, pieza.id, ahora))
        sesion.flush()
        for enlace in sesion.query(EnlaceRevision):
            enlace.opinion, enlace.respondido_en = Opinion.OBSERVACIONES, ahora
        return cosas.valores | {"pieza_id": pieza.id}


def _filas_sueltas(persona_id, pieza_id, ahora):
    celdas = dict.fromkeys(("pieza", "texto", "hora", "cuentas", "campania"), HOSTIL)
    campos = [[n, HOSTIL] for n in ("titulo", "texto", "texto_x", "campania", "comentario")]
    return [
        Aviso(clase=ClaseAviso.DUDA, texto=HOSTIL, creado_en=ahora),
        Entidad(id=1, nombre=HOSTIL, cambiada_en=ahora, cambiada_por=persona_id),
        PalabraVigilada(
            palabra="hola", llana="hola", motivo="x", puesta_por=persona_id, puesta_en=ahora
        ),
        PuntoDeControl(orden=1, texto=HOSTIL),
        ExigenciaJuridica(pieza_id=pieza_id, motivo=HOSTIL, persona_id=persona_id, en=ahora),
        MesaParrilla(
            persona_id=persona_id, nombre="p.csv", creada_en=ahora, cambiada_en=ahora,
            filas=json.dumps([{"numero": 2, "celdas": celdas}]),
        ),
        BorradorDePantalla(
            persona_id=persona_id, pieza_id=pieza_id, guardado_en=ahora,
            campos=json.dumps([*campos, ["enlace", DIRECCION]]),
        ),
    ]  # fmt: skip


def envenenar(panel):
    """Lo hostil en todo campo de texto; devuelve las tablas que no tenían dónde ponerlo."""
    vacias = set()
    with panel.servicios.sesiones.begin() as sesion:
        for tabla, _ in texto_de_personas():
            if tabla.name not in SIN_FILAS:
                _exigir_fila(sesion, tabla, panel.ahora)
        for tabla, columna in texto_de_personas():
            hostil = DIRECCION if columna.name in DIRECCIONES else HOSTIL
            if columna.unique:  # que cada fila siga siendo distinta
                hostil = literal(hostil).concat(cast(tabla.c.id, String))
            poner = update(tabla).values({columna.name: hostil})
            try:
                with sesion.begin_nested():
                    hechas = sesion.execute(poner).rowcount
            except IntegrityError:  # va junto con otra columna: solo donde ya había algo
                hechas = sesion.execute(poner.where(columna.is_not(None))).rowcount
            if not hechas and tabla.name not in SIN_FILAS:
                vacias.add(f"{tabla.name}.{columna.name}")
    return vacias


def _exigir_fila(sesion, tabla, ahora):
    if not sesion.scalar(select(func.count()).select_from(tabla)):
        sesion.execute(tabla.insert().values(_fila_minima(sesion, tabla, ahora)))


def _fila_minima(sesion, tabla, ahora):
    """Lo menos que una fila necesita, para que una tabla nueva también muestre lo hostil."""
    fila = {}
    for columna in tabla.columns:
        if columna.nullable or columna.primary_key or columna.default is not None:
            continue
        if columna.foreign_keys:
            (ajena,) = columna.foreign_keys
            _exigir_fila(sesion, ajena.column.table, ahora)
            fila[columna.name] = sesion.scalar(select(func.max(ajena.column)))
        elif isinstance(columna.type, Enum):
            fila[columna.name] = next(iter(columna.type.enum_class))
        elif isinstance(columna.type, String):
            fila[columna.name] = HOSTIL
        elif isinstance(columna.type, Integer | Boolean):
            fila[columna.name] = 1
        else:
            fila[columna.name] = ahora.date() if isinstance(columna.type, Date) else ahora
    return fila


def test_lo_hostil_es_texto_en_toda_pantalla(panel, pagina):
    with panel.servicios.sesiones.begin() as sesion:
        jefa = sesion.query(Persona).filter_by(correo="jefatura@alcaldia.example").one()
        cookie = sesiones.abrir(sesion, jefa.id, navegador="prueba", ahora=panel.ahora)
    valores = sembrar(panel, cookie)
    assert not envenenar(panel)
    with panel.leer() as sesion:
        pantallas = pantallas_de(panel.app, sesion)
    sueltas = [
        f"/piezas/{valores['pieza_id']}", f"/piezas/{valores['pieza_id']}/editar",
        f"/revision/{valores['secreto']}", f"/poner/contrasena/{valores['clave']}",
        "/calendario?vista=semana", "/calendario?vista=lista", "/piezas?estado=devuelta",
    ]  # fmt: skip
    faltas, lo_muestran = [], set()
    _vigilar(pagina, faltas)
    with servido(panel) as url:
        for papel in ("jefatura", "redaccion", "administracion", "revision", "community"):
            entrar_como(pagina, panel, url, papel)
            caminos = {p.camino for p in pantallas if p.papel == papel}
            for camino in sorted(caminos | (set(sueltas) if papel == "jefatura" else set())):
                if _mirar(pagina, url + camino, faltas):
                    lo_muestran.add(camino)
        pagina.context.clear_cookies()
        for pantalla in (p for p in pantallas if p.papel is None):
            _mirar(pagina, url + pantalla.camino, faltas)
    assert not faltas, "\n".join(faltas)
    # Si lo hostil no llegara a las pantallas, esta prueba no probaría nada.
    assert len(lo_muestran) > 30, sorted(lo_muestran)


def _vigilar(pagina, faltas):
    """Que nada pregunte, ni el navegador avise de un guion o un estilo que la política negó."""

    def negar(dialogo):
        if dialogo.type == "beforeunload":  # el editor pregunta antes de dejar lo escrito
            dialogo.accept()
            return
        faltas.append(f"{pagina.url}: abrió un diálogo")
        dialogo.dismiss()

    def leer(mensaje):
        if "Content Security Policy" in mensaje.text:
            faltas.append(f"{pagina.url}: {mensaje.text[:200]}")

    pagina.on("dialog", negar)
    pagina.on("console", leer)


def _mirar(pagina, direccion, faltas):
    """Abre una pantalla y anota lo que no debía estar; dice si lo hostil se lee en ella."""
    try:
        respuesta = pagina.goto(direccion, wait_until="commit")
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        return False
    if respuesta is not None and respuesta.status >= 500:
        faltas.append(f"{direccion}: respondió {respuesta.status}")
    pagina.wait_for_load_state("load")
    # Lo que dibujan los guiones (el calendario, la vista previa) llega después de cargar.
    pagina.wait_for_timeout(250)
    hallado = pagina.evaluate(
        """() => {
            const ajenos = document.querySelectorAll(
                '[data-inyectado], a[href^="javascript:"], img[src="x"], [onerror], [onload]');
            return [...ajenos].map(e => e.outerHTML.slice(0, 120))
                .concat(window.inyectado ? ['se ejecutó un guion'] : []);
        }"""
    )
    faltas.extend(f"{direccion}: {uno}" for uno in hallado)
    visible = "document.body.innerText + [...document.querySelectorAll('input, textarea')]"
    return "window.inyectado=1" in pagina.evaluate(f"{visible}.map(e => e.value).join()")
