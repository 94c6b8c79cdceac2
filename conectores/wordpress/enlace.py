"""Conectar un sitio WordPress: su pantalla de autorización, o usuario y contraseña a mano."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from conectores.comprobaciones import por_alcances
from conectores.contrato import Red
from conectores.direcciones import DireccionNoPermitida, revisar_direccion
from conectores.enlace import Candidata
from conectores.errores import MalConfigurada, SinPermiso
from conectores.http import Plazos
from conectores.wordpress.permiso import verificar
from conectores.wordpress.respuestas import Json
from conectores.wordpress.sitio import Sitio

APLICACION = str(uuid.uuid5(uuid.NAMESPACE_URL, "publicador"))
"""Quiénes somos para WordPress: siempre el mismo, para que el sitio nos reconozca."""
_SIN_PANTALLA = (
    "Ese sitio no ofrece contraseñas de aplicación: falta https o un complemento las apagó. Pida "
    "a quien lo administra que las encienda, o escriba usuario y contraseña de aplicación."
)
_OTRO_SITIO = (
    "El permiso volvió de un sitio distinto del que se iba a conectar. No se guardó: empiece de "
    "nuevo con la dirección exacta del sitio."
)


class EnlaceWordPress:
    """Lleva a la pantalla del sitio que crea la contraseña, y comprueba lo que vuelve."""

    red = Red.WORDPRESS
    emisor = None
    falta = ""

    def __init__(
        self, *, ensayo_url: str | None, plazos: Plazos, ahora: Callable[[], datetime]
    ) -> None:
        self._ensayo = ensayo_url.rstrip("/") if ensayo_url else None
        self._plazos = plazos
        self._ahora = ahora

    def preparar(self, datos: Mapping[str, str]) -> dict[str, str]:
        """Revisa la dirección y averigua en el sitio cuál es su pantalla de autorización."""
        base = self.revisar(datos.get("url", ""))
        pantalla = _pantalla(self._sitio(base, "", "").indice())
        if pantalla is None:
            raise MalConfigurada(_SIN_PANTALLA)
        if _lugar(pantalla) != _lugar(base):
            # Lo dice el sitio: no se lleva a nadie a escribir su clave en otra parte.
            raise MalConfigurada(
                "El sitio manda a autorizar en otra dirección. Escriba la dirección principal del "
                "sitio, con https:// y con o sin www, como aparece al abrirlo."
            )
        return {"url": base, "pantalla": pantalla}

    def ida(self, *, vuelta: str, estado: str, reto: str, datos: Mapping[str, str]) -> str:
        """La pantalla «Autorizar aplicación» del sitio."""
        con_estado = f"{vuelta}?{urlencode({'state': estado})}"
        consulta = {
            "app_name": "Publicador",
            "app_id": APLICACION,
            "success_url": con_estado,
            "reject_url": f"{con_estado}&success=false",
        }
        return f"{datos['pantalla']}?{urlencode(consulta)}"

    def recibir(
        self,
        consulta: Mapping[str, str],
        *,
        vuelta: str,
        verificador: str,
        datos: Mapping[str, str],
    ) -> tuple[Candidata, ...]:
        """WordPress entrega usuario y contraseña en la vuelta; se comprueban en el sitio."""
        if _lugar(consulta.get("site_url", "")) != _lugar(datos["url"]):
            raise SinPermiso(_OTRO_SITIO)
        usuario = consulta.get("user_login", "")
        return (self._reconocer(datos["url"], usuario, consulta.get("password", "")),)

    def probar(self, datos: Mapping[str, str]) -> Candidata:
        """Usuario y contraseña de aplicación escritos a mano."""
        base = self.revisar(datos.get("url", ""))
        usuario, clave = datos.get("usuario", "").strip(), datos.get("contrasena_aplicacion", "")
        return self._reconocer(base, usuario, clave.strip())

    def revisar(self, url: str) -> str:
        """La dirección en limpio, o `MalConfigurada`: solo sitios públicos, y el de ensayo."""
        es_ensayo = self._es_ensayo(url.strip())
        try:
            return revisar_direccion(url, permitir_local=es_ensayo)
        except DireccionNoPermitida as error:
            raise MalConfigurada(error.mensaje) from None

    def _es_ensayo(self, url: str) -> bool:
        propia = f"{self._ensayo}/wordpress" if self._ensayo else None
        return propia is not None and (url == propia or url.startswith(f"{propia}/"))

    def _sitio(self, base: str, usuario: str, clave: str) -> Sitio:
        return Sitio(
            base_url=base,
            usuario=usuario,
            contrasena=clave,
            plazos=self._plazos,
            ahora=self._ahora,
        )

    def _reconocer(self, base: str, usuario: str, clave: str) -> Candidata:
        if not usuario or not clave:
            raise MalConfigurada("Faltan el usuario del sitio o su contraseña de aplicación.")
        partes = urlsplit(base)
        identificador = f"{partes.netloc}{partes.path}"
        permiso = verificar(self._sitio(base, usuario, clave), identificador)
        if not permiso.alcances and not permiso.vale:
            raise SinPermiso(next(iter(permiso.advertencias), None))
        return Candidata(
            red=Red.WORDPRESS,
            identificador=identificador,
            nombre=permiso.nombre,
            detalle=base,
            credencial={"url": base, "usuario": usuario, "contrasena_aplicacion": clave},
            base_url=base,
            es_ensayo=self._es_ensayo(base),
            comprobaciones=por_alcances(Red.WORDPRESS, permiso.alcances),
        )


def _pantalla(indice: Json) -> str | None:
    # PHP escribe `[]` donde el objeto va vacío.
    dato = indice.get("authentication")
    for paso in ("application-passwords", "endpoints", "authorization"):
        dato = dato.get(paso) if isinstance(dato, dict) else None
    return dato if isinstance(dato, str) and dato else None


def _lugar(direccion: str) -> tuple[str, str]:
    """Esquema y servidor: lo que hace que dos direcciones sean del mismo sitio."""
    try:
        partes = urlsplit(direccion)
    except ValueError:
        return ("", "")
    return (partes.scheme, partes.netloc.lower())
