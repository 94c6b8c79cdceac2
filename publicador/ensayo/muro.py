"""El muro: lo publicado en las redes de ensayo, como lo vería quien las lee."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, render_template, request, send_from_directory
from markupsafe import Markup, escape

from publicador.ensayo.ajustes_red import ajuste
from publicador.ensayo.mundo import Entrada, Mundo

BOGOTA: Final = ZoneInfo("America/Bogota")
MAXIMO: Final = 200
_ESTATICOS: Final = Path(__file__).parent / "estaticos"
NOMBRES: Final = {
    "facebook": "Facebook",
    "x": "X",
    "wordpress": "Sitio web",
    "correo": "Correo",
}
_MESES: Final = (
    *("ene", "feb", "mar", "abr", "may", "jun"),
    *("jul", "ago", "sep", "oct", "nov", "dic"),
)
_ENLACE: Final = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)])|([#@][\wáéíóúüñÁÉÍÓÚÜÑ]+)")


def hora_bogota(instante: datetime) -> str:
    """Por ejemplo `24 nov 2026, 7:30 a. m.`."""
    local = instante.astimezone(BOGOTA)
    mitad = "a. m." if local.hour < 12 else "p. m."
    hora = local.hour % 12 or 12
    return f"{local.day} {_MESES[local.month - 1]} {local.year}, {hora}:{local.minute:02d} {mitad}"


def texto_vivo(texto: str) -> Markup:
    """El texto escapado, con direcciones como enlaces y etiquetas resaltadas."""
    partes: list[str] = []
    fin = 0
    for hallado in _ENLACE.finditer(texto):
        partes.append(str(escape(texto[fin : hallado.start()])))
        dicho = str(escape(hallado[0]))
        if hallado[1]:
            partes.append(f'<a href="{dicho}" rel="noopener nofollow">{dicho}</a>')
        else:
            partes.append(f'<span class="etiqueta">{dicho}</span>')
        fin = hallado.end()
    partes.append(str(escape(texto[fin:])))
    return Markup("").join(Markup(parte) for parte in partes)  # noqa: S704 -- ya escapado arriba


class Muro:
    """Las páginas del muro sobre un mundo."""

    def __init__(self, mundo: Mundo) -> None:
        """Guarda el mundo que se muestra."""
        self.mundo = mundo

    def ver(self) -> str:
        """`/muro`: las publicaciones visibles, de la más nueva a la más vieja."""
        red = request.args.get("red")
        if red not in NOMBRES:
            red = None
        todas = [e for r in NOMBRES for e in self.mundo.visibles(r) if not self._oculta(e)]
        cuantas = {r: sum(e.red == r for e in todas) for r in NOMBRES}
        elegidas = [e for e in todas if red in {None, e.red}]
        raices = self._hilos(elegidas)
        return render_template(
            "muro.html",
            tarjetas=[self._tarjeta(e, seguidas) for e, seguidas in raices[:MAXIMO]],
            redes=NOMBRES,
            red=red,
            cuantas=cuantas,
            total=len(todas),
            ahora=hora_bogota(self.mundo.ahora()),
        )

    def una(self, red: str, id_: str) -> str:
        """`/muro/<red>/<id>`: una publicación sola; es la dirección que da Facebook de ensayo."""
        entrada = self.mundo.entrada(red, id_)
        ahora = self.mundo.ahora()
        if (
            entrada is None
            or entrada.borrada
            or entrada.visible_en > ahora
            or self._oculta(entrada)
        ):
            abort(404)
        cuantas = dict.fromkeys(NOMBRES, 0)
        return render_template(
            "muro.html",
            tarjetas=[self._tarjeta(entrada, [])],
            redes=NOMBRES,
            red=red,
            cuantas=cuantas,
            total=1,
            sola=True,
            ahora=hora_bogota(ahora),
        )

    def medio(self, sha: str) -> Response:
        """`/muro/medios/<sha>`: los bytes de una imagen o video aceptado."""
        guardado = self.mundo.medio(sha)
        if guardado is None:
            abort(404)
        datos, tipo = guardado
        respuesta = Response(datos, content_type=tipo)
        respuesta.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        respuesta.headers["X-Content-Type-Options"] = "nosniff"
        return respuesta

    def _hilos(self, entradas: list[Entrada]) -> list[tuple[Entrada, list[Entrada]]]:
        """Cada entrada raíz con las respuestas de la misma cuenta que la continúan, en orden."""
        por_id = {(e.red, e.id): e for e in entradas}
        seguidas: dict[tuple[str, str], list[Entrada]] = {}
        raices: list[Entrada] = []
        for entrada in sorted(entradas, key=lambda e: (e.visible_en, e.creada_en)):
            clave = (entrada.red, entrada.en_respuesta_a or "")
            raiz = clave
            while (madre := por_id.get(raiz)) is not None and madre.en_respuesta_a:
                raiz = (madre.red, madre.en_respuesta_a)
            if entrada.en_respuesta_a and raiz in por_id:
                seguidas.setdefault(raiz, []).append(entrada)
            else:
                raices.append(entrada)
        raices.reverse()
        return [(e, seguidas.get((e.red, e.id), [])) for e in raices]

    def _oculta(self, entrada: Entrada) -> bool:
        """Lo que existe en la red pero un lector no ve: sin publicar, en proceso o en desarrollo.

        Con la aplicación de Facebook en modo de desarrollo, lo que ella publica solo lo ve su
        equipo: la llamada sale bien y el público no se entera.
        """
        de_app = entrada.red == "facebook" and bool(entrada.extra.get("propia"))
        en_desarrollo = de_app and bool(ajuste(self.mundo, "facebook", "modo_desarrollo", False))
        return en_desarrollo or bool(entrada.extra.get("oculta"))

    def _tarjeta(self, entrada: Entrada, seguidas: list[Entrada]) -> dict[str, Any]:
        nombre = str(self.mundo.datos_de(entrada.red, entrada.cuenta)["nombre"])
        if entrada.red == "correo":
            nombre = entrada.cuenta or "Sin remitente"
        return {
            "e": entrada,
            "red": NOMBRES[entrada.red],
            "nombre": nombre,
            "inicial": next((c for c in nombre if c.isalnum()), "?").upper(),
            "titulo": entrada.extra.get("titulo") or entrada.extra.get("asunto"),
            "hora": hora_bogota(entrada.visible_en),
            "instante": entrada.visible_en.isoformat(),
            "comentarios": [c for c in entrada.comentarios if not c.borrado],
            "seguidas": [self._tarjeta(s, []) for s in seguidas],
        }


def _estilo(nombre: str) -> Response:
    return send_from_directory(_ESTATICOS, nombre)


def crear(mundo: Mundo) -> Blueprint:
    """Las rutas del muro."""
    pantalla = Blueprint("muro", __name__, template_folder="plantillas")
    muro = Muro(mundo)
    pantalla.get("/muro")(muro.ver)
    pantalla.get("/muro/medios/<sha>")(muro.medio)
    pantalla.get("/muro/estaticos/<nombre>")(_estilo)
    pantalla.get("/muro/<any(facebook, x, wordpress, correo):red>/<id_>")(muro.una)
    pantalla.add_app_template_filter(texto_vivo, "texto_vivo")
    pantalla.add_app_template_filter(hora_bogota, "hora_bogota")
    return pantalla
