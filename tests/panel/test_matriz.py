"""La matriz de permisos: cada ruta con cada papel, con lo propio y con lo ajeno.

Sale de la tabla de rutas: una ruta nueva sin su regla no pasa. Lo que se espera está escrito
aparte del código, en `QUIENES` (por papel) y en `REGLAS` (por objeto).
"""

import sqlite3
from contextlib import closing

import pytest

from cola.cuentas import Cuenta
from cola.estados import Estado
from panel import sesiones
from panel.acceso import nombre_de_cookie
from piezas.composicion import adelantar_copias
from piezas.personas import Papel
from piezas.versiones import EstadoPieza, Pieza
from tests.panel.matriz import CONEXION_DE, ENTREGA_DE, REGLAS, Regla, sembrar_de
from tests.panel.sembrado import CLAVE_GUARDADA, una_persona
from tests.panel.test_acceso import QUIENES
from tests.panel.visitas import es_de_pantalla

FIJOS = {
    "red": "facebook", "forma": "csv", "formato": "csv", "nombre": "panel.css",
    "alias": "facebook", "campania_id": 1, "cuenta_id": 1, "palabra_id": 1,
}  # fmt: skip
NEGADAS = {403, 404, 405}
SIN_OBJETO_SEMBRADO = frozenset(
    {"campanias.ver", "campanias.editar", "campanias.cambiar", "vigiladas.quitar",
     "entidad.ver_escudo", "tarjetas.imagen", "cuentas.conectar", "cuentas.llaves",
     "cuentas.preparar", "cuentas.ida", "estaticos.ver_armado", "calendario.seguir",
     "revisores.medio", "estaticos.ver", "cuentas.canal"}
)  # fmt: skip
"""Rutas que aquí responden 404 porque su objeto no es de personas y no se sembró."""


class Fotografia:
    """El estado de la base: decir si alguien escribió, y devolverla a como estaba."""

    def __init__(self, archivo):
        self._mira = sqlite3.connect(archivo)
        self._guardada = sqlite3.connect(":memory:")
        self._mira.backup(self._guardada)
        self._version = self._leer()

    def _leer(self):
        # Cambia cuando otra conexión confirma cualquier escritura.
        return self._mira.execute("PRAGMA data_version").fetchone()[0]

    def cambio(self):
        return self._leer() != self._version

    def volver(self, archivo):
        with closing(sqlite3.connect(archivo)) as destino:
            self._guardada.backup(destino)
        self._version = self._leer()

    def cerrar(self):
        self._mira.close()
        self._guardada.close()


def test_toda_ruta_tiene_su_regla_de_objeto(panel):
    assert set(REGLAS) == {e for e in panel.app.view_functions if es_de_pantalla(e)}
    for regla in panel.app.url_map.iter_rules():
        nombra = {n for n in regla.arguments if n.endswith("_id") or n in {"llave", "secreto"}}
        if nombra and es_de_pantalla(regla.endpoint):
            assert REGLAS[regla.endpoint] is not Regla.NADA, regla.endpoint


def espera(endpoint, papel, es_suya):
    """Lo que debe pasar, según lo escrito aparte: "papel", "objeto" o "pasa"."""
    papeles = QUIENES[endpoint]
    if papeles is not None and papel not in papeles:
        return "papel"
    negado = {
        Regla.DEL_EQUIPO: papel is Papel.SOLICITANTE and not es_suya,
        Regla.SUYA: not es_suya,
        Regla.AJENA: es_suya,
    }
    return "objeto" if negado.get(REGLAS[endpoint]) else "pasa"


def camino_de(app, regla, cosas):
    valores = FIJOS | cosas.valores
    valores["publicacion_id"] = cosas.entregas[_entrega(regla.endpoint)]
    if regla.endpoint in CONEXION_DE:
        valores["conexion_id"] = cosas.conexiones[CONEXION_DE[regla.endpoint]]
    if regla.endpoint == "calendario.seguir":
        valores["llave"] = cosas.valores["llave_ics"]
    if regla.endpoint.startswith("olvido"):
        valores["secreto"] = cosas.valores["clave"]
    return app.url_map.bind("127.0.0.1").build(
        regla.endpoint, {n: valores[n] for n in regla.arguments}
    )


def _entrega(endpoint):
    por_tema = ENTREGA_DE.get(endpoint.partition(".")[0], Estado.PROGRAMADA)
    return ENTREGA_DE.get(endpoint, por_tema)


def cuerpo_de(endpoint, cosas):
    """Lo que hace falta para que, de estar permitido, la ruta actúe sobre ese objeto."""
    valores = cosas.valores
    especiales = {
        "redaccion.descartar": {"borrador": valores["borrador"]},
        "aprobacion.aprobar_varias": {"elegidas": f"{valores['pieza_id']}:{valores['version_id']}"},
        "aprobacion.devolver": {"motivo": "Falta la fecha", "version_id": valores["version_id"]},
        "aprobacion.aprobar": {"version_id": valores["version_id"]},
        "aprobacion.revisar": {"version_id": valores["version_id"]},
        "usuarios.cambiar_papeles": {"papel": "diseno"},
        "comentarios.comentar": {"texto": "Hola"},
        "calendario.corregir_mesa": {"hacer": "guardar"},
        "juridica.pedir": {"motivo": "Contratación de obra"},
        "revisores.invitar": {"para": "Alguien de fuera", "dias": "3"},
        "pausas.pausar": {"motivo": "Una emergencia"},
    }
    return especiales.get(endpoint, {})


def falta(endpoint, metodo, esperado, respuesta, cambio):
    """En qué se aparta la respuesta de lo esperado; vacío si en nada."""
    codigo = respuesta.status_code
    if metodo == "GET" and cambio and endpoint != "revisores.ver":
        return "mirar cambió la base"
    if esperado == "pasa":
        negada = codigo in NEGADAS and endpoint not in SIN_OBJETO_SEMBRADO
        return f"se negó con {codigo}" if negada or codigo >= 500 else ""
    if cambio:
        return "cambió la base"
    mal = codigo != 403 if esperado == "papel" else codigo == 200
    return f"respondió {codigo}" if mal else ""


@pytest.mark.parametrize("papel", list(Papel))
def test_cada_ruta_con_cada_objeto(panel, papel):
    propias, ajenas, cookie = sembrar_par(panel, papel)
    archivo = panel.servicios.sesiones.kw["bind"].url.database
    foto, faltas = Fotografia(archivo), []
    canarios = [b"CANARIO", CLAVE_GUARDADA.encode(), cookie.encode()]
    try:
        for regla in panel.app.url_map.iter_rules():
            if not es_de_pantalla(regla.endpoint):
                continue
            casos = (True,) if REGLAS[regla.endpoint] is Regla.NADA else (True, False)
            for metodo in sorted(regla.methods - {"HEAD", "OPTIONS"}):
                for es_suya in casos:
                    cosas = propias if es_suya else ajenas
                    cliente = panel.app.test_client()
                    cliente.set_cookie(nombre_de_cookie(panel.app), cookie)
                    respuesta = cliente.open(
                        camino_de(panel.app, regla, cosas),
                        method=metodo,
                        data=cuerpo_de(regla.endpoint, cosas) if metodo == "POST" else None,
                    )
                    esperado = espera(regla.endpoint, papel, es_suya)
                    cambio = foto.cambio()
                    if any(canario in respuesta.data for canario in canarios):
                        faltas.append((regla.endpoint, "muestra un secreto"))
                    if halla := falta(regla.endpoint, metodo, esperado, respuesta, cambio):
                        de_quien = "propio" if es_suya else "ajeno"
                        faltas.append((regla.endpoint, metodo, de_quien, esperado, halla))
                    if cambio:
                        foto.volver(archivo)
    finally:
        foto.cerrar()
    assert not faltas, "\n".join(map(str, faltas))


def sembrar_par(panel, papel):
    with panel.oficina() as oficina:
        quien = oficina.persona(f"{papel}@alcaldia.example")
        otra = una_persona(
            oficina.sesion, f"dos.{papel}@alcaldia.example", papel, ahora=panel.ahora
        )
        cookie = sesiones.abrir(oficina.sesion, quien.id, navegador="prueba", ahora=panel.ahora)
        oficina.sesion.flush()
        for cuenta in oficina.sesion.query(Cuenta):
            cuenta.credencial = "CANARIO-credencial"
        quien.factor = "CANARIO-factor"
        propias = sembrar_de(panel, oficina, quien, color="#0b5f6b", cookie=cookie)
        ajenas = sembrar_de(panel, oficina, otra, color="#6b0b1f", cookie="de-otra")
    # Las copias de cada imagen son un adelanto que no decide nada: que no cuenten como un cambio.
    for cosas in (propias, ajenas):
        adelantar_copias(
            panel.servicios.sesiones, panel.servicios.almacen, cosas.valores["pieza_id"]
        )
    return propias, ajenas, cookie


def test_lo_que_se_aprueba_es_ajeno_y_si_queda_aprobado(panel):
    """La matriz también debe poder decir que sí: con el mismo envío, lo ajeno sí se aprueba."""
    propias, ajenas, cookie = sembrar_par(panel, Papel.JEFATURA)
    cliente = panel.app.test_client()
    cliente.set_cookie(nombre_de_cookie(panel.app), cookie)
    for cosas, queda in ((propias, EstadoPieza.EN_REVISION), (ajenas, EstadoPieza.APROBADA)):
        numero = cosas.valores["pieza_id"]
        cliente.post(f"/aprobacion/{numero}/aprobar", data=cuerpo_de("aprobacion.aprobar", cosas))
        with panel.leer() as sesion:
            assert sesion.get_one(Pieza, numero).estado is queda
