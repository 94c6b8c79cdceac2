"""Treinta filas como las que llegan a una oficina de prensa, y lo que debe salir de cada una.

Las etiquetas que faltan (`faltan`) están escritas a mano, fila por fila: son el juicio de una
persona, y no salen de ningún código.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

REDES = {"fb": "facebook", "x": "x", "web": "wordpress"}


@dataclass(frozen=True)
class Fila:
    """Una fila de la parrilla."""

    pieza: str
    texto: str = ""
    propios: dict[str, str] = field(default_factory=dict)
    """Por red."""
    enlace: str = ""
    imagenes: tuple[str, ...] = ()
    etiquetas: str = ""
    faltan: str | dict[str, str] = ""
    """Las etiquetas que se agregan al final, en todas las redes o por red."""
    cuentas: tuple[str, ...] = ("fb", "x", "web")
    comentario: str = ""
    en_hilo: bool = False
    campania: str = ""
    dependencia: str = ""

    @property
    def alternativos(self) -> tuple[str, ...]:
        """Uno por imagen, con lo que suele dañar un texto en el camino."""
        dichos = (
            "Niñas leyendo en la biblioteca «Gabriel Turbay» 📚",
            'Cartel que dice: "entrada libre"; debajo, <b>5 p. m.</b>',
            "Vista aérea: parque García Rovira & alrededores",
            "Familia 👨‍👩‍👧‍👦 con la bandera 🇨🇴",
        )
        return tuple(f"{self.pieza}: {dichos[n]}" for n in range(len(self.imagenes)))

    def texto_de(self, red: str) -> str:
        """Lo que debe leerse en esa red, según «What leaves» del contrato."""
        base = self.propios.get(red) or self.texto
        faltan = self.faltan if isinstance(self.faltan, str) else self.faltan.get(red, "")
        en_texto = red == "x" or (red == "facebook" and self.imagenes)
        partes = [base, self.enlace if en_texto else "", faltan]
        return "\n\n".join(parte for parte in partes if parte)


COLUMNAS = (
    "cuentas", "fecha", "hora", "pieza", "texto", "texto_facebook", "texto_x", "texto_wordpress",
    "enlace", "imagenes", "textos_alternativos", "etiquetas", "primer_comentario", "hilo",
    "campania", "dependencia",
)  # fmt: skip


def celdas(fila: Fila, fecha: str, hora: str) -> tuple[str, ...]:
    """La fila como se escribe en la hoja."""
    dichas = {
        "cuentas": "|".join(fila.cuentas),
        "fecha": fecha,
        "hora": hora,
        "pieza": fila.pieza,
        "texto": fila.texto,
        **{f"texto_{red}": texto for red, texto in fila.propios.items()},
        "enlace": fila.enlace,
        "imagenes": "|".join(fila.imagenes),
        "textos_alternativos": "|".join(fila.alternativos),
        "etiquetas": fila.etiquetas,
        "primer_comentario": fila.comentario,
        "hilo": "sí" if fila.en_hilo else "",
        "campania": fila.campania,
        "dependencia": fila.dependencia,
    }
    return tuple(dichas.get(columna, "") for columna in COLUMNAS)


def escribir(ruta: Path, filas: Sequence[Fila], *, fecha: str, hora: str) -> None:
    """La parrilla en CSV con punto y coma, o en XLSX."""
    tabla = [COLUMNAS, *(celdas(fila, fecha, hora) for fila in filas)]
    if ruta.suffix == ".xlsx":
        libro = openpyxl.Workbook()
        for renglon in tabla:
            libro.active.append(renglon)
        for celda in (celda for renglon in libro.active for celda in renglon):
            celda.data_type = "s"  # lo que empieza por «=» es un texto, como quien lo pega
        libro.save(ruta)
        return
    salida = io.StringIO()
    csv.writer(salida, delimiter=";", lineterminator="\r\n").writerows(tabla)
    ruta.write_bytes(salida.getvalue().encode("utf-8-sig"))


TREINTA = (
    Fila("Solo texto", "Mañana hay ciclovía en la carrera 27, de 7 a. m. a 1 p. m."),
    Fila(
        "Texto y enlace",
        "Consulte el pico y placa de la semana.",
        enlace="https://www.example.org/movilidad/pico-y-placa?semana=49&tipo=particular",
    ),
    Fila(
        "Enlace y etiquetas",
        "Ya abrió la convocatoria de estímulos a la cultura.",
        enlace="https://www.example.org/cultura/estímulos/2026#bases",
        etiquetas="Cultura #Convocatorias2026",
        faltan="#Cultura #Convocatorias2026",
    ),
    Fila(
        "Etiquetas ya puestas, en mayúsculas y sin tilde",
        "La #EDUCACION primero: más cupos en los colegios. #Niñez",
        etiquetas="#Educación #Niñez #Bga",
        faltan="#Bga",
    ),
    Fila(
        "La ñ no es n",
        "Celebramos con #nino la llegada de la temporada.",
        etiquetas="niño",
        faltan="#niño",
    ),
    Fila(
        "Una etiqueta que es comienzo de otra",
        "Vamos todos al #BgaVerde este sábado",
        etiquetas="Bga BgaVerde bgaverde",
        faltan="#Bga",
    ),
    Fila(
        "Foto girada por el teléfono",
        "Así quedó el nuevo parque del barrio Mutis.",
        imagenes=("girada con lugar.jpg",),
        enlace="https://www.example.org/obras/parque-mutis",
        etiquetas="Obras",
        faltan="#Obras",
    ),
    Fila(
        "Dos fotos raras",
        "Recorrido por el páramo: agua para todos.",
        imagenes=("Niña del páramo (2).JPG", "transparente.png"),
    ),
    Fila(
        "Tres fotos de imprenta, escáner y diseño",
        "Exposición «Memoria gráfica» en la Casa de la Cultura.",
        imagenes=("imprenta.jpg", "escaneado.tiff", "radiografía 16 bits.png"),
        etiquetas="#Exposición",
        faltan="#Exposición",
    ),
    Fila(
        "Cuatro fotos de distinto origen",
        "Cuatro momentos de la Feria del Libro.",
        imagenes=("afiche.webp", "IMG_0042.HEIC", "paleta.png", "teléfono p3.jpg"),
    ),
    Fila("Un GIF", "¡Falta poco para las ferias! ⏳", imagenes=("animada.gif",)),
    Fila(
        "Una foto de cuarenta megapíxeles",
        "La ciudad desde el aire, al amanecer.",
        imagenes=("enorme.jpg",),
        enlace="https://www.example.org/galeria",
    ),
    Fila("Una foto que no se deja comprimir", "Lluvia de confeti.", imagenes=("con ruido.jpeg",)),
    Fila("La foto más pequeña", "Un punto también comunica.", imagenes=("punto.png",)),
    Fila(
        "Panorama y logo",
        "Panorámica del cañón del Chicamocha.",
        imagenes=("panorama.png", "logo.bmp", "con notas.png"),
    ),
    Fila(
        "Emojis de varias piezas",
        "Familias 👨‍👩‍👧‍👦, banderas 🇨🇴🏳️‍🌈, tonos 👍🏽 y teclas 1️⃣: caben todos ❤️‍🔥",
        etiquetas="#Diversidad",
        faltan="#Diversidad",
    ),
    Fila(
        "Comillas; puntos y comas, y renglones",
        'Dijo la directora: "no hay excusas"; y agregó: "ni \'peros\'".\nSegundo renglón; con '
        "coma, y punto.\n\nTercer párrafo.",
        enlace="https://www.example.org/a;b,c?d=1|2",
    ),
    Fila(
        "Textos propios por red",
        "Texto común que no sale en ninguna red.",
        propios={
            "facebook": "Vecinas y vecinos: los esperamos en la plaza. #Fiesta",
            "x": "Los esperamos en la plaza 🎉",
            "wordpress": "La Alcaldía invita a la plaza.\n\nHabrá música desde las 4 p. m.",
        },
        etiquetas="Fiesta Música",
        faltan={
            "facebook": "#Música",
            "x": "#Fiesta #Música",
            "wordpress": "#Fiesta #Música",
        },
    ),
    Fila(
        "Solo textos propios, sin el común",
        propios={"facebook": "Solo para Facebook ñandú.", "x": "Solo para X ñandú."},
        cuentas=("fb", "x"),
    ),
    Fila(
        "Texto propio solo en X",
        "Un texto más largo para la página y el sitio, con todos los detalles de la jornada.",
        propios={"x": "Un texto corto para X."},
        imagenes=("paleta.png",),
    ),
    Fila(
        "Código que parece web <script>alert(1)</script>",
        "Que se lea tal cual: <b>negrita</b> & [gallery ids=1] &amp; {{ 7*7 }} ${x} %s \\n",
        etiquetas="#Tal_Cual",
        faltan="#Tal_Cual",
    ),
    Fila(
        "Empieza por igual",
        "=SUMA(A1:A9) no es una fórmula, es un texto; +57 607 000 0000 tampoco.",
    ),
    Fila(
        "Con primer comentario",
        "Inscripciones abiertas para la carrera 10K.",
        imagenes=("afiche.webp",),
        comentario="Inscríbase aquí: https://www.example.org/10k?utm=fb&x=1 🏃‍♀️",
    ),
    Fila(
        "Un hilo en X",
        "Así avanza la vía al norte. "
        + " ".join(
            f"Tramo {n}: el {n}0 % de las obras terminado, con señales, andenes y árboles nuevos."
            for n in range(1, 10)
        ),
        en_hilo=True,
        etiquetas="#VíaAlNorte",
        faltan="#VíaAlNorte",
    ),
    Fila(
        "Solo en el sitio",
        "Boletín 045.\n\nPárrafo uno.\nSigue el uno.\n\nPárrafo dos con https://www.example.org/doc"
        " en medio.",
        cuentas=("web",),
        imagenes=("girada con lugar.jpg", "afiche.webp"),
        enlace="https://www.example.org/boletines/045.pdf",
        etiquetas="boletín",
        faltan="#boletín",
    ),
    Fila(
        "Solo en Facebook",
        "¿Ya conoce el punto digital?",
        cuentas=("fb",),
        enlace="https://www.example.org/punto",
    ),
    Fila(
        "Justo al borde de X",
        "Á" * 200 + " 🌧️ https://www.example.org/" + "a" * 90 + " " + "ñ" * 52,
        cuentas=("x",),
    ),
    Fila(
        "Otros alfabetos",
        "Bienvenidos · Добро пожаловать · 欢迎 · أهلا وسهلا · ようこそ",
        campania="Ciudad de todos",
        dependencia="Secretaría del Interior",
    ),
    Fila(
        "Tildes sueltas",
        "Camio\u0301n de la basura: nuevos horarios en #Bucarama\u0301nga",
        etiquetas="Bucarámanga",
        faltan="",
        campania="Ciudad de todos",
    ),
    Fila(
        "Plata y arrobas",
        "El auxilio es de $ 250.000 (¡doscientos cincuenta mil!), correo a@example.org, 50 % más.",
        etiquetas="#Auxilio2026 #auxilio2026",
        faltan="#Auxilio2026",
    ),
)
