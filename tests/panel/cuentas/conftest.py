"""Un panel que conecta de verdad contra las redes de ensayo."""

from dataclasses import dataclass

import pytest
from cryptography.fernet import Fernet
from flask.testing import FlaskClient

from cola.credenciales import Caja, contexto_de
from cola.cuentas import Cuenta
from cola.tomas import Credencial
from conectores.contrato import Red
from conectores.http import Plazos
from conectores.registro import CLASES, armar
from publicador.ajustes import Ajustes
from publicador.enlaces import enlazadores
from publicador.ensayo.facebook_permisos import PERMISOS
from publicador.ensayo.servidor import Ensayo
from tests.consentir import camino_de, consentir
from tests.panel.conftest import Panel

PLAZOS = Plazos(conexion_s=2, lectura_s=5)
PAGINA, OTRA = "100900000000101", "100900000000102"
CUENTA_X = "900000000000000101"
TODO = {"declara": "si", "activo": "si"}


@dataclass
class Conector:
    """El panel, las redes y los atajos de quien conecta."""

    panel: Panel
    redes: Ensayo
    caja: Caja

    def como(self, papel: str) -> FlaskClient:
        return self.panel.como(papel)

    def salir(self, cliente: FlaskClient, red: str, **campos: str) -> str:
        """Empieza a conectar; devuelve la dirección de la red a la que llevaría el enlace."""
        puerta = cliente.post(f"/cuentas/conectar/{red}", data=campos)
        assert puerta.status_code == 303, puerta.text
        ida = cliente.get(puerta.location.removesuffix("/salida") + "/ida")
        assert ida.status_code == 302
        return ida.location

    def volver(self, cliente: FlaskClient, red: str, **campos: object) -> str:
        """Sale, da el permiso y vuelve; devuelve la página donde se escoge."""
        propios = {"url": campos.pop("url")} if "url" in campos else {}
        alias = {"cuenta": str(campos.pop("alias"))} if "alias" in campos else {}
        destino = self.salir(cliente, red, **propios, **alias)
        campos.setdefault("permisos", list(PERMISOS))
        respuesta = cliente.get(camino_de(consentir(destino, **campos)))
        assert respuesta.status_code == 303, respuesta.text
        return respuesta.location

    def cuenta(self, alias: str) -> Cuenta:
        with self.panel.leer() as sesion:
            return sesion.query(Cuenta).filter_by(alias=alias).one()

    def secreta(self, alias: str) -> dict[str, str]:
        cuenta = self.cuenta(alias)
        return self.caja.abrir(contexto_de(cuenta.red, cuenta.identificador), cuenta.credencial)


@pytest.fixture
def conexion(armar_panel, redes) -> Conector:
    redes.mundo.nombrar("facebook", PAGINA, "Alcaldía de Ensayo")
    redes.mundo.nombrar("facebook", OTRA, "Cultura de Ensayo")
    redes.mundo.nombrar("x", CUENTA_X, "Alcaldía", usuario="alcaldia_demo")
    caja = Caja([Fernet.generate_key()])
    ajustes = Ajustes(_env_file=None, ensayo_url=redes.url)
    panel: Panel | None = None

    def ahora():
        return panel.ahora

    def verificar(credencial: Credencial):
        datos = caja.abrir(
            contexto_de(credencial.red, credencial.identificador), credencial.sellada
        )
        return armar(
            credencial.red,
            datos,
            identificador=credencial.identificador,
            base_url=credencial.base_url,
            plazos=PLAZOS,
            ahora=ahora,
        ).verificar()

    panel = armar_panel(
        caja=caja,
        enlazadores=enlazadores(ajustes, plazos=PLAZOS, ahora=ahora),
        redes=frozenset(CLASES),
        verificar=verificar,
    )
    return Conector(panel, redes, caja)


@pytest.fixture
def conectada(conexion) -> Conector:
    """Con una página ya conectada como `prensa_fb` por la jefatura."""
    cliente = conexion.como("jefatura")
    escoger = conexion.volver(cliente, "facebook", paginas=[PAGINA])
    hecha = cliente.post(
        escoger, data=TODO | {"red": "facebook", "elegida": PAGINA, "alias": "prensa_fb"}
    )
    assert hecha.location.endswith("/cuentas/prensa_fb"), hecha.text
    assert conexion.cuenta("prensa_fb").red is Red.FACEBOOK
    return conexion
