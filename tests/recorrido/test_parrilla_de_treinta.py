"""El trabajo principal: una parrilla entera, de la hoja a las tres redes, y todo cotejado."""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from piezas.zona import en_bogota
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo
from tests.oficina import MANDA, PAGINA, REDACTA, Oficina
from tests.recorrido import imagenes_raras
from tests.recorrido.cotejo import Leida, cotejar, leer_cuerpo, titulo_visible
from tests.recorrido.imagenes_raras import Rara
from tests.recorrido.parrilla_de_prueba import REDES, TREINTA, Fila, escribir

UNA_MUESTRA = tuple(
    fila
    for fila in TREINTA
    if fila.pieza
    in {
        "Enlace y etiquetas",
        "Dos fotos raras",
        "Un GIF",
        "Comillas; puntos y comas, y renglones",
        "Con primer comentario",
        "Un hilo en X",
    }
)


def poner_parrilla(
    carpeta: Path, filas: Sequence[Fila], final: str, *, web: str = "web"
) -> tuple[Path, dict[str, Rara]]:
    """La parrilla y sus imágenes en una carpeta, para salir ya; `web` es el alias del sitio."""
    nombres = {nombre for fila in filas for nombre in fila.imagenes}
    raras = imagenes_raras.pocas(*nombres)
    carpeta.mkdir()
    for nombre, rara in raras.items():
        # En el disco, como lo deja un Mac; en la hoja, como lo escribe un teclado.
        (carpeta / unicodedata.normalize("NFD", nombre)).write_bytes(rara.datos)
    ahora = en_bogota(datetime.now(UTC))
    parrilla = carpeta / f"diciembre{final}"
    mudadas = [
        replace(fila, cuentas=tuple(web if alias == "web" else alias for alias in fila.cuentas))
        for fila in filas
    ]
    escribir(parrilla, mudadas, fecha=f"{ahora:%Y-%m-%d}", hora=f"{ahora:%H:%M}")
    return parrilla, raras


def llevar(oficina: Oficina, parrilla: Path, filas: Sequence[Fila]) -> list[dict[str, Any]]:
    """Importar, enviar, aprobar y entregar, todo por órdenes; devuelve la cola."""
    importada = oficina.bien("parrilla", "importar", parrilla, "--como", REDACTA)
    assert f"Importadas {len(filas)} piezas" in importada.salida
    assert oficina.cola() == [], "sin aprobar no hay nada en la cola"
    oficina.bien("pieza", "enviar", "--todas")
    oficina.bien("pieza", "aprobar", "--todas", "--como", MANDA)
    assert oficina.estados() == ["programada"] * sum(len(fila.cuentas) for fila in filas)
    assert "No queda nada por entregar" in oficina.entregar().salida
    return oficina.cola()


def leer_del_libro(mundo: Mundo, red: str, id_: str) -> Leida:
    """Una publicación como quedó en el libro de su red de ensayo."""
    entrada = mundo.entrada(red, id_)
    assert entrada is not None
    imagenes = [(_bytes(mundo, uno.sha256), uno.alt or "") for uno in entrada.imagenes]
    if red == "wordpress":
        parrafos, en_cuerpo = leer_cuerpo(entrada.extra["contenido"])
        assert [i["alt"] for i in en_cuerpo] == [alt for _, alt in imagenes[1:]]
        titulo = titulo_visible(entrada.extra["titulo"])
        return Leida(id_, entrada.url, parrafos, tuple(imagenes), titulo=titulo)
    segmentos, ultima = [entrada.texto], entrada.id
    respuestas = {e.en_respuesta_a: e for e in mundo.entradas(red) if e.en_respuesta_a}
    while (siguiente := respuestas.get(ultima)) is not None:
        segmentos.append(siguiente.texto)
        ultima = siguiente.id
    return Leida(
        id_,
        entrada.url,
        tuple(segmentos),
        tuple(imagenes),
        enlace=entrada.enlace,
        comentarios=tuple(c.texto for c in entrada.comentarios),
    )


def misma_direccion(red: str, nuestra: str, suya: str) -> bool:
    """En X vale `i` en lugar del usuario, y en el ensayo el sitio es el ensayo mismo."""
    if red != "x":
        return nuestra == suya
    return nuestra.endswith(f"/x/i/status/{suya.rpartition('/')[2]}")


def _bytes(mundo: Mundo, sha: str) -> bytes:
    hallado = mundo.medio(sha)
    assert hallado is not None
    return hallado[0]


def cotejar_todo(
    oficina: Oficina,
    mundo: Mundo,
    filas: Sequence[Fila],
    cola: list[dict[str, Any]],
    raras: dict[str, Rara],
) -> None:
    """Cada entrega contra el libro de su red, y el libro sin nada de más."""
    por_titulo = {fila.pieza: fila for fila in filas}
    sobres = {f["id"]: f["sobre"] for f in oficina.preguntar("SELECT id, sobre FROM publicacion")}
    vistas = {(REDES[alias], fila.pieza) for fila in filas for alias in fila.cuentas}
    for entrega in cola:
        assert entrega["estado"] == "publicada", entrega
        red, fila = entrega["red"], por_titulo[entrega["pieza"]]
        vistas.remove((red, fila.pieza))
        leida = leer_del_libro(mundo, red, entrega["id_remoto"])
        assert misma_direccion(red, entrega["url"], leida.url)
        if red == "facebook":
            assert entrega["id_remoto"].startswith(f"{PAGINA}_")
        cotejar(fila, red, leida, sobres[entrega["id"]], raras)
    assert not vistas, "faltó entregar"
    principales = [
        e
        for red in REDES.values()
        for e in mundo.visibles(red)
        if not e.en_respuesta_a and e.extra.get("tipo") != "pagina"
    ]
    assert len(principales) == len(cola), "una red tiene algo de más"


def test_una_muestra_de_la_parrilla_llega_entera_y_como_se_aprobo(
    oficina: Oficina, redes: Ensayo, tmp_path: Path
) -> None:
    parrilla, raras = poner_parrilla(tmp_path / "parrilla", UNA_MUESTRA, ".csv")
    cola = llevar(oficina, parrilla, UNA_MUESTRA)
    cotejar_todo(oficina, redes.mundo, UNA_MUESTRA, cola, raras)


@pytest.mark.lenta
@pytest.mark.timeout(300)
@pytest.mark.parametrize("final", [".csv", ".xlsx"])
def test_treinta_filas_llegan_a_las_tres_redes_como_se_aprobaron(
    oficina: Oficina, redes: Ensayo, tmp_path: Path, final: str
) -> None:
    parrilla, raras = poner_parrilla(tmp_path / "parrilla", TREINTA, final)
    cola = llevar(oficina, parrilla, TREINTA)
    assert len(cola) == 83
    cotejar_todo(oficina, redes.mundo, TREINTA, cola, raras)
    assert json.loads(oficina.bien("motor", "--hasta-vaciar", "--json").salida) == []
    assert len(redes.mundo.entradas()) >= len(cola)
