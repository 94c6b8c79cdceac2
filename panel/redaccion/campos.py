"""De la pieza a los campos del editor, y los campos de dos personas puestos frente a frente."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from werkzeug.datastructures import MultiDict

from conectores.contrato import Red
from panel.redaccion.formulario import REDES_CON_TEXTO, Formulario
from piezas.contenidos import utm_de
from piezas.enlaces import RED, Utm
from piezas.envios import web_de_datos
from piezas.versiones import Momento, Pieza, Version
from piezas.zona import en_bogota

UTM_SUGERIDA = Utm(fuente=RED, medio="social")
SENCILLOS = {
    "titulo": "Título",
    "texto": "Texto común",
    "enlace": "Enlace",
    "utm_source": "Medición: fuente",
    "utm_medium": "Medición: medio",
    "utm_campaign": "Medición: campaña",
    "utm_content": "Medición: contenido",
    "etiquetas": "Hashtags",
    "comentario": "Primer comentario",
    "hilo": "Hilo en X",
    "campania": "Campaña",
    "dependencia": "Dependencia",
    "actividad": "Actividad del plan",
    "responsable": "Responsable",
    "extracto": "Extracto para la web",
    "categorias": "Categorías de la web",
    "etiquetas_web": "Etiquetas de la web",
}
"""Los campos de un solo valor, y cómo se llaman ante una persona."""
_TEXTOS = {
    Red.FACEBOOK: "Texto de Facebook",
    Red.X: "Texto de X",
    Red.WORDPRESS: "Texto del sitio web",
}


def campos_de(pieza: Pieza, version: Version) -> Formulario:
    """Los campos con que se escribió esa versión, con los momentos y la ficha de hoy."""
    campos: Formulario = MultiDict()
    campos.update(dict(_de_version(version)))
    campos.update(
        {
            "campania": pieza.campania.nombre if pieza.campania else "",
            "dependencia": pieza.dependencia.nombre if pieza.dependencia else "",
            "actividad": pieza.actividad,
            "responsable": str(pieza.responsable_id or ""),
        }
    )
    for elegido in version.medios:
        campos.add("medio", str(elegido.medio_id))
        campos[f"alterno_{elegido.medio_id}"] = elegido.texto_alternativo
        campos[f"subtitulos_{elegido.medio_id}"] = elegido.subtitulos_huella or ""
    momentos = {m.cuenta_id: m for m in pieza.momentos}
    for destino in version.destinos:
        poner_cuenta(campos, destino.cuenta_id, _momento(momentos.get(destino.cuenta_id)))
    return campos


def poner_cuenta(campos: Formulario, cuenta_id: int, momento: datetime | None) -> None:
    """Marca una cuenta y su hora; `None` = en cuanto se apruebe."""
    campos.add("cuenta", str(cuenta_id))
    local = None if momento is None else en_bogota(momento)
    campos[f"fecha_{cuenta_id}"] = "" if local is None else local.strftime("%Y-%m-%d")
    campos[f"hora_{cuenta_id}"] = "" if local is None else local.strftime("%H:%M")


def campos_en_blanco() -> Formulario:
    """Un editor vacío, con lo que casi siempre se pone."""
    return MultiDict(
        {
            "actividad": "A4",
            "utm_source": UTM_SUGERIDA.fuente,
            "utm_medium": UTM_SUGERIDA.medio,
        }
    )


def _de_version(version: Version) -> Iterator[tuple[str, str]]:
    yield "titulo", version.titulo
    yield "texto", version.texto
    for red in REDES_CON_TEXTO:
        propio: str | None = getattr(version, f"texto_{red}")
        yield f"distinto_{red}", "1" if propio is not None else ""
        yield f"texto_{red}", propio or ""
    yield "enlace", version.enlace or ""
    utm = utm_de(version)
    yield "utm_source", utm.fuente
    yield "utm_medium", utm.medio
    yield "utm_campaign", utm.campania
    yield "utm_content", utm.contenido
    yield "etiquetas", version.etiquetas
    yield "comentario", version.primer_comentario or ""
    yield "hilo", "1" if version.en_hilo else ""
    web = web_de_datos(json.loads(version.web))
    yield "extracto", web.extracto
    yield "categorias", ", ".join(web.categorias)
    yield "etiquetas_web", ", ".join(web.etiquetas)


def _momento(fila: Momento | None) -> datetime | None:
    return None if fila is None or fila.al_aprobarse else fila.programada_para


def aplanar(campos: Formulario) -> dict[str, str]:
    """Los campos en una forma que se compara: un texto por asunto, sin lo que no se usa."""
    plano = {nombre: _llano(campos.get(nombre, "")) for nombre in SENCILLOS}
    for red in REDES_CON_TEXTO:
        propio = campos.get(f"distinto_{red}") == "1"
        plano[f"texto_{red}"] = _llano(campos.get(f"texto_{red}", "")) if propio else ""
    cuentas = sorted(_numeros(campos.getlist("cuenta")))
    plano["cuenta"] = ",".join(map(str, cuentas))
    for cuenta in cuentas:
        cuando = f"{campos.get(f'fecha_{cuenta}', '')} {campos.get(f'hora_{cuenta}', '')}"
        plano[f"cuando_{cuenta}"] = cuando.strip()
    medios = _numeros(campos.getlist("medio"))
    plano["medio"] = ",".join(map(str, medios))
    for medio in medios:
        plano[f"alterno_{medio}"] = _llano(campos.get(f"alterno_{medio}", ""))
    return plano


def poner(campos: Formulario, asunto: str, valor: str) -> None:
    """Escribe en los campos el valor de un asunto de `aplanar`."""
    nombre, _, resto = asunto.partition("_")
    if asunto in ("cuenta", "medio"):
        campos.setlist(asunto, [parte for parte in valor.split(",") if parte])
    elif nombre == "cuando":
        fecha, _, hora = valor.partition(" ")
        campos[f"fecha_{resto}"], campos[f"hora_{resto}"] = fecha, hora
    else:
        if nombre == "texto" and resto:
            campos[f"distinto_{resto}"] = "1" if valor else ""
        campos[asunto] = valor


def nombre_de(asunto: str, cuentas: dict[int, str], medios: dict[int, str]) -> str:
    """Cómo se llama un asunto ante una persona."""
    nombre, _, resto = asunto.partition("_")
    if asunto in SENCILLOS:
        return SENCILLOS[asunto]
    if nombre == "texto":
        return _TEXTOS[Red(resto)]
    if nombre == "cuando":
        return f"Cuándo sale en {cuentas.get(int(resto), 'una cuenta')}"
    if nombre == "alterno":
        return f"Texto alternativo de {medios.get(int(resto), 'una imagen')}"
    return "Cuentas" if asunto == "cuenta" else "Imágenes y videos, en orden"


def _numeros(valores: Iterable[str]) -> list[int]:
    return [int(valor) for valor in dict.fromkeys(valores) if valor.isdecimal()]


def _llano(texto: str) -> str:
    return texto.replace("\r\n", "\n").replace("\r", "\n").strip()
