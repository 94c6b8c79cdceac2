"""La oficina de la demostración: sus personas y sus cuentas de ensayo."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from cola.carriles import CuentaNueva, agregar_cuenta
from cola.credenciales import Caja
from conectores.contrato import Red
from piezas.usuarios import crear_persona
from publicador.demo.contenido import Contenido, CuentaDemo
from publicador.ensayo.mundo import Mundo

CLAVE: Final = "mora-lulo-guayaba"
"""La contraseña de todas: a la demostración solo se entra desde esta misma máquina."""
USUARIO_WEB: Final = "prensa"
QUIEN: Final = "demostración"


def abrir_oficina(
    sesion: Session, contenido: Contenido, *, caja: Caja, url_ensayo: str, ahora: datetime
) -> None:
    """Crea las personas y registra las cuentas, que apuntan a las redes de ensayo."""
    for persona in contenido.personas:
        crear_persona(
            sesion,
            correo=persona.correo,
            nombre=persona.nombre,
            papeles=persona.papeles,
            clave=CLAVE,
            ahora=ahora,
            quien=QUIEN,
        )
    for cuenta in contenido.cuentas:
        agregar_cuenta(sesion, _nueva(cuenta, url_ensayo), caja=caja, quien=QUIEN, ahora=ahora)


def bautizar(mundo: Mundo, contenido: Contenido) -> None:
    """Les da nombre en las redes de ensayo, para que el muro se lea como debe."""
    for cuenta in contenido.cuentas:
        if cuenta.red is Red.WORDPRESS:
            for quien in ("sitio", USUARIO_WEB):
                mundo.nombrar(cuenta.red.value, quien, cuenta.nombre)
        elif cuenta.red is not Red.MANUAL:
            datos = {"usuario": cuenta.usuario} if cuenta.usuario else {}
            mundo.nombrar(
                cuenta.red.value,
                cuenta.identificador,
                cuenta.nombre,
                seguidores=cuenta.seguidores,
                **datos,
            )


def _nueva(cuenta: CuentaDemo, url_ensayo: str) -> CuentaNueva:
    con_base = cuenta.red in (Red.FACEBOOK, Red.X)
    return CuentaNueva(
        alias=cuenta.alias,
        red=cuenta.red,
        identificador=cuenta.identificador,
        credencial=_credencial(cuenta, url_ensayo),
        nombre=cuenta.nombre,
        base_url=f"{url_ensayo}/{cuenta.red.value}" if con_base else None,
        es_ensayo=cuenta.red is not Red.MANUAL,
    )


def _credencial(cuenta: CuentaDemo, url_ensayo: str) -> dict[str, str]:
    """Lo que las redes de ensayo aceptan; fuera de ellas no abre nada."""
    if cuenta.red is Red.FACEBOOK:
        return {"token_pagina": f"EAAensayo-{cuenta.identificador}-demostracion"}
    if cuenta.red is Red.X:
        claves = dict.fromkeys(("api_key", "api_secret", "access_secret"), "de-ensayo")
        token = f"{cuenta.identificador}-demostracion"
        return {**claves, "access_token": token, "usuario": cuenta.usuario or ""}
    if cuenta.red is Red.WORDPRESS:
        return {
            "url": f"{url_ensayo}/wordpress",
            "usuario": USUARIO_WEB,
            "contrasena_aplicacion": "demo demo demo demo demo demo",
        }
    return {}
