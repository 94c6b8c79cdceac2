"""Del enlace que pega una persona al identificador de la publicación en su red."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from conectores.contrato import Red

_SITIOS: Mapping[Red, tuple[str, ...]] = {
    Red.FACEBOOK: ("facebook.com", "fb.com", "fb.watch"),
    Red.X: ("x.com", "twitter.com"),
}


def id_en(direccion: str, *, red: Red, identificador: str, base_url: str | None) -> str | None:
    """El id, o `None` si la dirección no parece de esa red y cuenta.

    Facebook: `{página}_{publicación}`. En la web no hay id en la dirección: se guarda ella misma.
    `base_url`: el servidor propio de la cuenta (su sitio, o la red de ensayo).
    """
    try:
        partes = urlsplit(direccion)
        sitio = partes.hostname or ""
    except ValueError:
        return None
    if not _es_de(sitio, red, base_url):
        return None
    match red:
        case Red.X:
            hallado = re.search(r"/status(?:es)?/(\d+)", partes.path)
            return hallado.group(1) if hallado else None
        case Red.FACEBOOK:
            return _de_facebook(partes.path, partes.query, identificador)
        case _:
            return direccion


def _es_de(sitio: str, red: Red, base_url: str | None) -> bool:
    propio = urlsplit(base_url).hostname if base_url else None
    admitidos = (*_SITIOS.get(red, ()), *((propio,) if propio else ()))
    # Una entrega manual se demuestra con cualquier dirección: no hay una red que mirar.
    return bool(sitio) and (
        not admitidos or any(sitio == uno or sitio.endswith(f".{uno}") for uno in admitidos)
    )


def _de_facebook(camino: str, consulta: str, pagina: str) -> str | None:
    completo = re.search(r"(\d+)_(\d+)", camino)
    if completo:
        return completo.group(0) if completo.group(1) == pagina else None
    parametros = parse_qs(consulta)
    for nombre in ("story_fbid", "fbid", "v"):
        if valores := parametros.get(nombre):
            return f"{pagina}_{valores[0]}" if re.fullmatch(r"\w+", valores[0]) else None
    suelto = re.search(r"/(?:posts|videos|photos|reel)/(?:[^/]+/)?(\w+)/?$", camino)
    return f"{pagina}_{suelto.group(1)}" if suelto else None
