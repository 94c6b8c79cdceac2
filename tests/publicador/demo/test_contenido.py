"""El contenido de la demostración: cabe, es neutral y trae los casos que debe mostrar."""

import itertools
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from conectores.contrato import Adjunto, Clase, Red
from conectores.limites import revisar
from piezas.envios import Contenido, componer
from piezas.zona import en_bogota
from publicador.demo.contenido import ARCHIVO, PiezaDemo, leer_contenido

CONTENIDO = leer_contenido()
PARTIDA = datetime(2026, 12, 1, 15, 2, 31, tzinfo=UTC)
EN_VIVO = [p for p in CONTENIDO.piezas if p.cuando.es_en_vivo]
NO_VAN = ("gobierno de", "gobernar es", "lema", "alcalde", "alcaldesa", "gobernador", "presidente")
"""Nada que suene a lema de un gobierno ni que nombre a un gobernante."""


def adjuntos_de(pieza: PiezaDemo) -> tuple[Adjunto, ...]:
    descritos = [(Clase.IMAGEN, "image/jpeg", imagen.alt) for imagen in pieza.imagenes]
    if pieza.video is not None:
        descritos.append((Clase.VIDEO, "video/mp4", pieza.video.alt))
    return tuple(
        Adjunto(
            clase=clase,
            huella="0" * 64,
            tipo=tipo,
            nombre="a",
            archivo=Path(__file__),
            peso_bytes=1,
            ancho_px=960,
            alto_px=540,
            texto_alternativo=alt,
        )
        for clase, tipo, alt in descritos
    )


def fallas_de(pieza: PiezaDemo) -> list[str]:
    contenido = Contenido(
        titulo=pieza.titulo,
        texto=pieza.texto,
        texto_facebook=pieza.texto_facebook,
        texto_x=pieza.texto_x,
        texto_wordpress=pieza.texto_wordpress,
        enlace=pieza.enlace,
        etiquetas=pieza.etiquetas,
        primer_comentario=pieza.primer_comentario,
        en_hilo=pieza.en_hilo,
        web=pieza.web,
        adjuntos=adjuntos_de(pieza),
    )
    redes = {CONTENIDO.cuenta(alias).red for alias in pieza.cuentas}
    vacias = [f"{red}: sin texto" for red in redes if not contenido.texto_para(red)]
    sobres = [componer(contenido, red, clave="pub-0123456789abcdef") for red in sorted(redes)]
    return vacias + [falla for sobre in sobres for falla in revisar(sobre)]


@pytest.mark.parametrize("pieza", CONTENIDO.piezas, ids=lambda p: p.clave)
def test_cada_pieza_cabe_en_todas_sus_redes_menos_la_que_se_rechaza_a_proposito(pieza):
    fallas = fallas_de(pieza)
    if pieza.destino == "rechazada":
        assert fallas
        assert all("texto alternativo" in falla for falla in fallas)
    else:
        assert fallas == []


def test_la_x_cabe_tambien_si_el_enlace_cuenta_entero():
    largas = [
        p.clave
        for p in CONTENIDO.piezas
        for alias in p.cuentas
        if CONTENIDO.cuenta(alias).red is Red.X and not p.en_hilo
        and len("\n\n".join(filter(None, (p.texto_x or p.texto, p.enlace, "#".join(p.etiquetas)))))
        > 278
    ]  # fmt: skip
    assert largas == []


def test_el_contenido_es_neutral_y_no_nombra_gobernantes_ni_direcciones_verdaderas():
    crudo = ARCHIVO.read_text(encoding="utf-8").casefold()
    cuerpo = crudo.split('"personas"', 1)[1]
    assert [palabra for palabra in NO_VAN if re.search(rf"\b{palabra}\b", cuerpo)] == []
    dominios = set(re.findall(r"https?://([^/\"\s]+)", cuerpo))
    assert dominios == {"portal.alcaldia.example"}
    correos = set(re.findall(r"[\w.]+@([\w.]+)", cuerpo))
    assert correos == {"alcaldia.example"}


def test_los_usuarios_de_x_son_demasiado_largos_para_existir_en_la_red_verdadera():
    usuarios = [c.usuario for c in CONTENIDO.cuentas if c.red is Red.X]
    assert all(usuario and len(usuario) > 15 for usuario in usuarios)


def test_las_claves_y_los_titulos_no_se_repiten():
    for campo in ("clave", "titulo"):
        cuantas = Counter(getattr(p, campo) for p in CONTENIDO.piezas)
        assert cuantas.most_common(1)[0][1] == 1


def test_la_primera_entrega_sale_a_los_seis_segundos_y_despues_una_cada_diez_a_veinticinco():
    momentos = [p.cuando.a_los_s for p in EN_VIVO]
    pasos = [b - a for a, b in itertools.pairwise(momentos)]
    assert momentos[0] == 6
    assert all(10 <= paso <= 25 for paso in pasos)
    assert momentos[-1] >= 180


def test_en_vivo_se_ve_cada_clase_de_publicacion():
    imagenes = {len(p.imagenes) for p in EN_VIVO}
    assert imagenes >= {0, 1, 2, 4}
    assert any(p.enlace and not p.imagenes for p in EN_VIVO)
    assert any(p.en_hilo for p in EN_VIVO)
    assert any(p.primer_comentario for p in EN_VIVO)
    assert any(p.video for p in EN_VIVO)
    assert any(p.web.extracto and p.web.categorias for p in EN_VIVO)
    redes = {CONTENIDO.cuenta(alias).red for p in EN_VIVO for alias in p.cuentas}
    assert redes == {Red.FACEBOOK, Red.X, Red.WORDPRESS, Red.MANUAL}


def test_hay_una_duda_sola_en_x_y_nada_mas_sale_en_x_a_esa_hora():
    (duda,) = [p for p in CONTENIDO.piezas if p.queda_en_duda]
    assert [CONTENIDO.cuenta(alias).red for alias in duda.cuentas] == [Red.X]
    otras = [p.cuando.a_los_s for p in EN_VIVO if p is not duda]
    assert min(abs(otra - duda.cuando.a_los_s) for otra in otras) > 5


def test_los_demas_casos_estan_una_vez_dos_o_varias():
    destinos = Counter(p.destino for p in CONTENIDO.piezas if not p.cuando.es_pasado)
    assert destinos["rechazada"] == 1
    assert destinos["devuelta"] == 1
    assert destinos["en_revision"] == 2
    assert sum(p.cuando.es_pasado for p in CONTENIDO.piezas) == 8


@pytest.mark.parametrize("corrido", [timedelta(0), timedelta(days=6), timedelta(hours=13)])
def test_lo_pasado_siempre_es_pasado_y_lo_futuro_siempre_es_futuro(corrido):
    partida = PARTIDA + corrido
    for pieza in CONTENIDO.piezas:
        momento = pieza.cuando.momento(partida)
        assert (momento < partida) == pieza.cuando.es_pasado


def test_una_hora_dicha_es_de_bogota_y_lo_de_mas_tarde_cae_en_hora_redonda():
    primera = CONTENIDO.piezas[0].cuando.momento(PARTIDA)
    assert f"{en_bogota(primera):%A %H:%M}" == "Monday 07:30"
    tarde = next(p for p in CONTENIDO.piezas if p.cuando.en_horas).cuando.momento(PARTIDA)
    assert (tarde.minute % 5, tarde.second) == (0, 0)
