"""Coteja, fila por fila y en los dos sentidos, nuestra tabla con el libro de las redes."""

import html
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from sqlalchemy import select

from cola.cuentas import Cuenta
from cola.estados import Estado
from cola.publicaciones import Publicacion
from conectores.bloques import hay_marca
from conectores.contrato import Clase, Envio, Red
from piezas.envios import abrir
from publicador.armado import Casa
from publicador.ensayo.mundo import Entrada, Mundo

YA_ACABARON = frozenset({Estado.PUBLICADA, Estado.FALLIDA, Estado.CANCELADA, Estado.DETENIDA})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrega:
    """Una fila con lo que se aprobó y lo que su red tiene de ella, en orden de creación."""

    fila: Publicacion
    envio: Envio
    en_la_red: list[Entrada]

    @property
    def es_publicada(self) -> bool:
        return self.fila.estado is Estado.PUBLICADA

    @property
    def espera_persona(self) -> bool:
        """En duda y sin más miradas por delante, o apartada."""
        return self.fila.requiere_persona or self.fila.estado in {
            Estado.DETENIDA,
            Estado.FALLIDA,
        }


@dataclass(slots=True, kw_only=True)
class Cotejo:
    """Lo que se vio: nada de esto puede tener elementos, salvo `entregas`."""

    entregas: list[Entrega] = field(default_factory=list)
    repetidas: list[str] = field(default_factory=list)
    perdidas: list[str] = field(default_factory=list)
    falsas: list[str] = field(default_factory=list)
    distintas: list[str] = field(default_factory=list)
    sobrantes: list[str] = field(default_factory=list)

    @property
    def faltas(self) -> list[str]:
        """Todas, con su clase delante."""
        nombres = ("repetidas", "perdidas", "falsas", "distintas", "sobrantes")
        return [f"{nombre}: {una}" for nombre in nombres for una in getattr(self, nombre)]


def cotejar(casa: Casa, mundo: Mundo, *, con_comentario: bool = True) -> Cotejo:
    """Lee las dos partes y dice en qué no concuerdan.

    `con_comentario=False`: el primer comentario puede faltar, si la fila lo avisa.
    """
    visto = Cotejo()
    libres = {(e.red, e.id): e for e in mundo.entradas() if not e.borrada}
    por_clave = _por_clave(list(libres.values()))
    with casa.lecturas() as sesion:
        filas = sesion.execute(select(Publicacion, Cuenta).join(Cuenta)).all()
    for fila, cuenta in filas:
        envio = abrir(fila.sobre, casa.almacen.camino)
        suyas = _suyas(envio, cuenta, por_clave)
        for entrada in suyas:
            libres.pop((entrada.red, entrada.id), None)
        entrega = Entrega(fila=fila, envio=envio, en_la_red=suyas)
        visto.entregas.append(entrega)
        _juzgar(entrega, visto, con_comentario=con_comentario)
    visto.sobrantes += [f"{red} {id_}: nadie la aprobó" for red, id_ in libres]
    visto.sobrantes += _restos_en_el_sitio(mundo, [e.envio for e in visto.entregas])
    return visto


def _por_clave(entradas: list[Entrada]) -> dict[tuple[str, str, str], list[Entrada]]:
    por: dict[tuple[str, str, str], list[Entrada]] = defaultdict(list)
    for entrada in entradas:
        cuenta = "" if entrada.red == Red.WORDPRESS else entrada.cuenta
        texto = entrada.extra["contenido"] if entrada.red == Red.WORDPRESS else entrada.texto
        por[entrada.red, cuenta, texto].append(entrada)
    return por


def _suyas(
    envio: Envio, cuenta: Cuenta, por_clave: dict[tuple[str, str, str], list[Entrada]]
) -> list[Entrada]:
    if envio.red is Red.WORDPRESS:
        del_sitio = [
            e
            for (red, _, texto), es in por_clave.items()
            if red == envio.red
            for e in es
            if hay_marca(texto, envio.clave)
        ]
        return del_sitio
    halladas = [
        entrada
        for segmento in envio.segmentos
        for entrada in por_clave.get((envio.red, cuenta.identificador, segmento.strip()), [])
    ]
    return sorted(halladas, key=lambda e: e.creada_en)


def _juzgar(entrega: Entrega, visto: Cotejo, *, con_comentario: bool) -> None:
    fila, envio = entrega.fila, entrega.envio
    nombre = f"entrega {fila.id} ({envio.red}, {fila.estado})"
    if len(entrega.en_la_red) > len(envio.segmentos):
        visto.repetidas.append(f"{nombre}: {[e.id for e in entrega.en_la_red]}")
    if fila.arriendo_hasta is not None or fila.estado in {Estado.TOMADA, Estado.ENVIANDO}:
        visto.perdidas.append(f"{nombre}: quedó en manos de nadie")
    if not entrega.es_publicada:
        if not entrega.espera_persona and fila.estado not in YA_ACABARON:
            visto.perdidas.append(f"{nombre}: ni terminó ni espera a nadie — {fila.motivo}")
        if fila.estado in {Estado.FALLIDA, Estado.CANCELADA} and entrega.en_la_red:
            visto.falsas.append(f"{nombre}: se da por no publicada y está en la red")
        return
    if len(entrega.en_la_red) < len(envio.segmentos):
        visto.falsas.append(f"{nombre}: se da por publicada y no está")
        return
    diferencias = _diferencias(entrega, con_comentario=con_comentario)
    visto.distintas += [f"{nombre}: {diferencia}" for diferencia in diferencias]


def _diferencias(entrega: Entrega, *, con_comentario: bool) -> Iterator[str]:
    fila, envio, primera = entrega.fila, entrega.envio, entrega.en_la_red[0]
    if fila.id_remoto != primera.id:
        yield f"dice ser {fila.id_remoto} y es {primera.id}"
    if not _es_su_direccion(fila.url or "", primera):
        yield f"dirección {fila.url}, y es {primera.url}"
    if [i.sha256 for i in primera.imagenes] != [a.huella for a in envio.adjuntos]:
        yield "otros archivos, o en otro orden"
    descritos = [a.texto_alternativo for a in envio.adjuntos if a.clase is not Clase.VIDEO]
    if [i.alt for i in primera.imagenes if i.clase != "video"] != descritos:
        yield "otros textos alternativos"
    yield from _diferencias_de_texto(entrega)
    comentarios = [c.texto for c in primera.comentarios if not c.borrado]
    aprobado = [envio.primer_comentario] if envio.primer_comentario else []
    avisada = not con_comentario and "comentario" in (fila.motivo or "")
    if comentarios != aprobado and not (avisada and comentarios == []):
        yield f"comentarios {comentarios}"
    if envio.red is Red.FACEBOOK and primera.enlace != envio.enlace:
        yield f"enlace {primera.enlace}"


def _diferencias_de_texto(entrega: Entrega) -> Iterator[str]:
    envio, vistas = entrega.envio, entrega.en_la_red
    if envio.red is Red.WORDPRESS:
        visto = html.unescape(vistas[0].texto)
        if not all(parrafo in visto for parrafo in envio.texto.split("\n\n")):
            yield f"texto {visto!r}"
        if vistas[0].extra["titulo"] != envio.titulo:
            yield f"título {vistas[0].extra['titulo']!r}"
        return
    if [e.texto for e in vistas] != [s.strip() for s in envio.segmentos]:
        yield "otros textos, o en otro orden"
    if any(hija.en_respuesta_a != madre.id for madre, hija in pairwise(vistas)):
        yield "el hilo no está unido"


def _es_su_direccion(url: str, entrada: Entrada) -> bool:
    if entrada.red == Red.X:
        return url.endswith(f"/status/{entrada.id}")
    # Si leerla de vuelta no se pudo, la dirección se arma con el id por la regla de la red.
    return url == entrada.url or (entrada.red == Red.FACEBOOK and url.endswith(f"/{entrada.id}"))


def _restos_en_el_sitio(mundo: Mundo, envios: list[Envio]) -> list[str]:
    """Borradores olvidados y medios repetidos: en la web una caída no debe dejar basura."""
    piezas = mundo.cajon("wordpress").get("piezas", {}).values()
    por_slug: dict[str, int] = defaultdict(int)
    restos = []
    for pieza in piezas:
        if pieza["tipo"] == "attachment":
            por_slug[pieza["sha256"] + pieza["titulo"]] += 1
    suyos = [e for e in envios if e.red is Red.WORDPRESS]
    claves = {e.clave for e in suyos}
    borradores = [p for p in piezas if p["tipo"] != "attachment" and p["estado"] == "draft"]
    por_envio: dict[str, int] = defaultdict(int)
    for pieza in borradores:
        por_envio[next((c for c in claves if hay_marca(pieza["contenido"], c)), "?")] += 1
    restos += [f"{n} borradores de {clave}" for clave, n in por_envio.items() if n > 1]
    subidos = sum(por_slug.values())
    deseados = sum(len(e.adjuntos) for e in suyos)
    if subidos > deseados:
        restos.append(f"{subidos} medios en el sitio para {deseados} aprobados")
    return restos


def avance_de(fila: Publicacion) -> dict[str, str]:
    """La libreta de la fila."""
    notas: dict[str, str] = json.loads(fila.avance)
    return notas
