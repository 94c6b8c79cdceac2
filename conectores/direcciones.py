"""La dirección que escribe una persona: se acepta solo si lleva a un sitio público de verdad."""

import ipaddress
import socket
from collections.abc import Callable, Iterable
from urllib.parse import SplitResult, urlsplit

Direccion = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Iterable[str]]

# `is_global` de Python 3.11 llama públicas a redes que no lo son: estas se niegan aparte.
_IPV4_NEGADAS = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))
_IPV6_PUBLICA = ipaddress.IPv6Network("2000::/3")
_IPV6_NEGADAS = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16")))
_PUERTOS = (80, 443)


class DireccionNoPermitida(ValueError):
    """La dirección no se puede usar; `mensaje` dice por qué y qué hacer."""

    def __init__(self, mensaje: str) -> None:
        self.mensaje = mensaje
        super().__init__(mensaje)


def es_publica(direccion: Direccion) -> bool:
    """Si una dirección IP es de internet y no de una red interna, especial o de paso."""
    if isinstance(direccion, ipaddress.IPv6Address):
        return direccion in _IPV6_PUBLICA and not any(direccion in red for red in _IPV6_NEGADAS)
    negada = any(direccion in red for red in _IPV4_NEGADAS)
    return direccion.is_global and not direccion.is_multicast and not negada


def es_local(anfitrion: str) -> bool:
    """Si un nombre de anfitrión es, escrito tal cual, esta misma máquina."""
    if anfitrion == "localhost":
        return True
    try:
        return ipaddress.ip_address(anfitrion).is_loopback
    except ValueError:
        return False


def resolver_del_sistema(anfitrion: str, puerto: int) -> Iterable[str]:
    """Las direcciones IP que el sistema da para un nombre."""
    respuestas = socket.getaddrinfo(anfitrion, puerto, type=socket.SOCK_STREAM)
    return [str(respuesta[4][0]) for respuesta in respuestas]


def revisar_direccion(
    url: str, *, permitir_local: bool, resolver: Resolver = resolver_del_sistema
) -> str:
    """La dirección base en limpio, sin barra final; lanza `DireccionNoPermitida` si no se acepta.

    `permitir_local`: admite esta máquina, también por http y en cualquier puerto (redes de ensayo).
    """
    partes = _partir(url)
    anfitrion = _anfitrion(partes)
    puerto = _puerto(partes)
    if not (permitir_local and es_local(anfitrion)):
        _exigir_publica(partes, anfitrion, puerto, resolver)
    visible = f"[{anfitrion}]" if ":" in anfitrion else anfitrion
    propio = "" if puerto == _puerto_de(partes.scheme) else f":{puerto}"
    return f"{partes.scheme}://{visible}{propio}{partes.path.rstrip('/')}"


def _partir(url: str) -> SplitResult:
    limpia = url.strip()
    if any(letra.isspace() or ord(letra) < 32 or letra == "\\" for letra in limpia):
        raise DireccionNoPermitida("La dirección tiene espacios o signos que no van. Revísela.")
    try:
        partes = urlsplit(limpia)
    except ValueError:
        raise DireccionNoPermitida("La dirección no está bien escrita. Revísela.") from None
    if partes.scheme not in {"http", "https"} or not partes.netloc:
        raise DireccionNoPermitida(
            "La dirección debe empezar por https:// y el nombre del sitio, por ejemplo "
            "https://www.ejemplo.gov.co."
        )
    if "@" in partes.netloc:
        raise DireccionNoPermitida(
            "La dirección no debe llevar usuario ni contraseña. Escríbalos en sus propios campos."
        )
    if partes.query or partes.fragment:
        raise DireccionNoPermitida("Escriba solo la dirección del sitio, sin lo que va tras ? o #.")
    return partes


def _anfitrion(partes: SplitResult) -> str:
    nombre = (partes.hostname or "").rstrip(".")
    if not nombre or "%" in nombre:
        raise DireccionNoPermitida("A la dirección le falta el nombre del sitio. Revísela.")
    try:
        limpio = nombre if ":" in nombre else nombre.encode("idna").decode()
    except UnicodeError:
        limpio = ""
    # IDNA convierte algunos signos sueltos en un espacio y una tilde, y no se queja.
    if not limpio or not limpio.isprintable() or " " in limpio:
        raise DireccionNoPermitida("El nombre del sitio no está bien escrito. Revíselo.")
    return limpio


def _puerto(partes: SplitResult) -> int:
    try:
        return partes.port or _puerto_de(partes.scheme)
    except ValueError:
        raise DireccionNoPermitida("El puerto de la dirección no es un número válido.") from None


def _puerto_de(esquema: str) -> int:
    return 443 if esquema == "https" else 80


def _exigir_publica(partes: SplitResult, anfitrion: str, puerto: int, resolver: Resolver) -> None:
    if partes.scheme != "https":
        raise DireccionNoPermitida(
            "El sitio debe abrirse por https://: por http la contraseña viajaría a la vista."
        )
    if puerto not in _PUERTOS:
        raise DireccionNoPermitida(
            "Solo se admiten los puertos 80 y 443. Quite el de la dirección."
        )
    try:
        halladas = [ipaddress.ip_address(texto) for texto in resolver(anfitrion, puerto)]
    except (OSError, ValueError):
        halladas = []
    if not halladas:
        raise DireccionNoPermitida(
            "No se encontró ningún sitio con ese nombre. Revise que esté bien escrito."
        )
    # Todas, no alguna: un nombre con una dirección pública y otra interna es una trampa conocida.
    if not all(es_publica(direccion) for direccion in halladas):
        raise DireccionNoPermitida(
            "La dirección lleva a una red interna o a esta misma máquina. "
            "Escriba la dirección pública del sitio."
        )
