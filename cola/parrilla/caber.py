"""Si lo de una fila cabe en cada red a la que va, contado como lo cuenta esa red."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cola.cuentas import Cuenta
from cola.parrilla.fallas import Falla
from cola.parrilla.renglones import Renglon
from conectores.contrato import Red
from conectores.limites import revisar
from piezas.composicion import adjunto_previsto
from piezas.envios import Contenido, componer

_PROPIA = {
    Red.FACEBOOK: "texto_facebook",
    Red.X: "texto_x",
    Red.WORDPRESS: "texto_wordpress",
}
_CLAVE = "pub-0000000000000000"


def fallas_de_cabida(renglon: Renglon, cuentas: Iterable[Cuenta]) -> Iterator[Falla]:
    """Las fallas de texto y de archivos, una vez por red."""
    for red in sorted({cuenta.red for cuenta in cuentas}):
        yield from _en_red(renglon, red)


def _en_red(renglon: Renglon, red: Red) -> Iterator[Falla]:
    fila = renglon.fila
    propia = _PROPIA.get(red, "texto")
    columna = propia if fila[propia] else "texto"
    if not fila[columna]:
        falta = "falta el texto." if propia == "texto" else f"falta el texto (o «{propia}»)."
        yield Falla(fila.numero, "texto", falta)
        return
    contenido = Contenido(
        titulo=renglon.titulo or "-",
        texto=fila["texto"],
        texto_facebook=fila["texto_facebook"],
        texto_x=fila["texto_x"],
        texto_wordpress=fila["texto_wordpress"],
        enlace=fila["enlace"] or None,
        etiquetas=renglon.etiquetas,
        primer_comentario=fila["primer_comentario"] or None,
        en_hilo=renglon.en_hilo,
        adjuntos=tuple(
            adjunto_previsto(elegido.medio, red, elegido.texto_alternativo)
            for elegido in renglon.elegidos
        ),
    )
    envio = componer(contenido, red, clave=_CLAVE)
    # Lo que se queja igual sin los archivos es del texto.
    del_texto = frozenset(revisar(replace(envio, adjuntos=())))
    for frase in revisar(envio):
        # Que falte un texto alternativo ya se dijo al contarlos.
        if "falta el texto alternativo" not in frase:
            yield Falla(fila.numero, _columna(frase, columna, frase in del_texto), frase)


def _columna(frase: str, del_texto: str, es_texto: bool) -> str:
    if es_texto:
        return "primer_comentario" if "comentario" in frase else del_texto
    return "video" if frase.startswith("Video") else "imagenes"
