"""`publicador demo`: el producto andando con contenido inventado, sin claves ni servidores."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy import select

from cola.cuentas import Cuenta
from conectores.contrato import Red
from publicador import reloj
from publicador.ajustes import Ajustes, leer_ajustes
from publicador.armado import Casa
from publicador.demo.carpeta import Carpeta
from publicador.demo.contenido import Contenido, leer_contenido
from publicador.demo.cronica import Cronica, hora
from publicador.demo.escenario import Escenario
from publicador.demo.oficina import CLAVE
from publicador.demo.preparativos import puerto_o_libre
from publicador.demo.resumen import resumir, salio_bien
from publicador.ordenes.comun import decir, mostrar_json, opcion_json
from publicador.ordenes.cuentas import verificar_una
from publicador.ordenes.espanol import Orden
from publicador.procesos import Alto, ServidorWeb, en_orden
from publicador.registro_eventos import configurar_registro

MARGEN_S: Final = 1.2
"""Lo que tarda en vencer todo lo apurado, tras la partida."""


@click.command("demo", cls=Orden)
@click.option("--puerto", type=int, default=8000, show_default=True, help="Puerto del panel.")
@click.option(
    "--puerto-ensayo", type=int, default=8090, show_default=True, help="Puerto de las redes."
)
@click.option(
    "--terminar", is_flag=True, help="Sin panel: publicar todo lo de ejemplo, resumir y terminar."
)
@click.option("--de-nuevo", is_flag=True, help="Borrar la demostración anterior y sembrar otra.")
@opcion_json
def demo(puerto: int, puerto_ensayo: int, terminar: bool, de_nuevo: bool, en_json: bool) -> None:
    """Muestra el producto andando con contenido inventado: sin claves y sin servidores."""
    oficina, contenido = leer_ajustes(), leer_contenido()
    # Nunca la base de la oficina: una carpeta propia, al lado.
    carpeta = Carpeta(oficina.datos / ("demo-terminar" if terminar else "demo"))
    try:
        with _registro_en(carpeta.ruta.with_name(f"{carpeta.ruta.name}.registro.jsonl")):
            if terminar:
                _terminar(oficina, contenido, carpeta, puerto_ensayo, en_json=en_json)
            else:
                puertos = (puerto, puerto_ensayo)
                _mostrar(oficina, contenido, carpeta, puertos, de_nuevo=de_nuevo, en_json=en_json)
    finally:
        carpeta.soltar()


@contextmanager
def _registro_en(archivo: Path) -> Iterator[None]:
    """El registro técnico va a un archivo: la pantalla es para quien mira."""
    with archivo.open("w", encoding="utf-8") as salida:
        configurar_registro(salida=salida)
        try:
            yield
        finally:
            configurar_registro()


def _mostrar(
    oficina: Ajustes,
    contenido: Contenido,
    carpeta: Carpeta,
    puertos: tuple[int, int],
    *,
    de_nuevo: bool,
    en_json: bool,
) -> None:
    puerto_panel = puerto_o_libre(puertos[0])
    escenario = Escenario(
        oficina, contenido, carpeta, puerto_ensayo=puertos[1], puerto_panel=puerto_panel
    )
    with _barra() as avance:
        porque = escenario.abrir(de_nuevo=de_nuevo, avance=avance)
    try:
        casa = escenario.casa
        _verificar_cuentas(casa)
        alto, motor = Alto(), casa.motor()
        web = ServidorWeb(casa.panel(motor.motor.despertar), puerto_panel)
        motor.iniciar()
        web.iniciar()
        datos = _datos(escenario, porque)
        if en_json:
            mostrar_json(datos)
        else:
            _presentar(datos, contenido, carpeta, puertos, puerto_panel, escenario.puerto_ensayo)
        cronica = Cronica(casa.lecturas)
        while not alto.esperar(0.5):
            for frase in cronica.novedades(reloj.ahora()) if not en_json else ():
                decir(frase)
        if not en_json:
            decir("Deteniendo: se termina lo que está en vuelo…")
        en_orden(web.detener, motor.detener)
    finally:
        escenario.cerrar()


def _terminar(
    oficina: Ajustes, contenido: Contenido, carpeta: Carpeta, puerto_ensayo: int, *, en_json: bool
) -> None:
    escenario = Escenario(
        oficina, contenido, carpeta, puerto_ensayo=puerto_ensayo, puerto_panel=8000, apurado=True
    )
    with _barra() as avance:
        escenario.abrir(de_nuevo=True, avance=avance)
    try:
        alto, motor = Alto(), escenario.casa.motor()
        motor.iniciar()
        try:
            alto.esperar(MARGEN_S)
            motor.vaciar(alto.pedido)
        finally:
            motor.detener()
        with escenario.casa.lecturas() as sesion:
            resumen = resumir(sesion, escenario.ensayo.mundo)
    finally:
        escenario.cerrar()
    if en_json:
        mostrar_json(resumen)
    else:
        _decir_resumen(resumen)
    if alto.pedido():
        raise click.ClickException("Interrumpido: el resumen es de lo que alcanzó a salir.")
    if not salio_bien(resumen):
        raise click.ClickException("Algo de la demostración no salió como debía: mire el resumen.")


def _verificar_cuentas(casa: Casa) -> None:
    """Pregunta a las redes de ensayo por cada permiso, como lo haría quien conecta las cuentas."""
    with casa.lecturas() as sesion:
        cuentas = list(sesion.scalars(select(Cuenta).where(Cuenta.red != Red.MANUAL)))
    for cuenta in cuentas:
        verificar_una(casa, cuenta)


@contextmanager
def _barra() -> Iterator[Callable[[int, int], None]]:
    """Una barra de avance si hay quien la mire; si no, nada."""
    if not sys.stderr.isatty():
        yield lambda _hechas, _total: None
        return
    with click.progressbar(length=100, label="Preparando", file=sys.stderr) as barra:

        def avance(hechas: int, total: int) -> None:
            barra.update(round(100 * hechas / total) - barra.pos)

        yield avance


def _datos(escenario: Escenario, porque: str) -> dict[str, Any]:
    primera = escenario.primera_salida()
    return {
        "panel": escenario.casa.ajustes.url_publica,
        "muro": f"{escenario.ensayo.url}/muro",
        "clave": CLAVE,
        "usuarios": [{"correo": p.correo, "hace": p.hace} for p in escenario.contenido.personas],
        "sembrada_porque": porque or None,
        "primera_salida": primera.isoformat() if primera is not None else None,
        "carpeta": str(escenario.casa.ajustes.datos),
    }


def _presentar(
    datos: dict[str, Any],
    contenido: Contenido,
    carpeta: Carpeta,
    pedidos: tuple[int, int],
    puerto_panel: int,
    puerto_ensayo: int,
) -> None:
    for que, pedido, real in (
        ("panel", pedidos[0], puerto_panel),
        ("muro", pedidos[1], puerto_ensayo),
    ):
        if pedido not in (0, real):
            decir(f"El puerto {pedido} está ocupado: el {que} queda en el {real}.")
    if datos["sembrada_porque"]:
        decir(f"Demostración sembrada de nuevo. {datos['sembrada_porque']}")
    else:
        decir("Sigue la demostración anterior: lo publicado queda como estaba.")
    ancho = max(len(p.correo) for p in contenido.personas)
    renglones = (
        "",
        "publicador · demostración con redes de ENSAYO: nada sale de esta máquina.",
        "",
        f"  Panel   {datos['panel']}",
        f"  Muro    {datos['muro']}   (lo que vería el público)",
        "",
        f"  Entre con cualquiera de estas personas. Contraseña de todas: {CLAVE}",
        *(f"    {p.correo:<{ancho}}   {p.hace}" for p in contenido.personas),
        "",
        f"  Datos: {carpeta.ruta}",
        "  Ctrl-C detiene. Con --de-nuevo empieza desde cero.",
        "",
    )
    decir("\n".join(renglones))
    primera = datos["primera_salida"]
    if primera is not None:
        decir(f"Las publicaciones salen solas desde las {hora(datetime.fromisoformat(primera))}:")


def _decir_resumen(resumen: dict[str, Any]) -> None:
    entregas, cotejo = resumen["entregas"], resumen["cotejo"]
    decir(f"Entregas: {entregas['total']} ({_cuentas(entregas['por_estado'])}).")
    for red, datos in resumen["redes"].items():
        decir(f"\n{red}: {_cuentas(datos['por_estado'])}")
        for una in datos["publicadas"]:
            decir(f"  {una['pieza']} — {una['url']}")
    decir(
        f"\nCotejo con las redes de ensayo: {cotejo['publicadas']} publicadas, "
        f"{cotejo['faltan_en_la_red']} faltan, {cotejo['sobran_en_la_red']} sobran, "
        f"{cotejo['repetidas']} repetidas."
    )
    for una in resumen["esperan_a_una_persona"]:
        decir(f"Espera a una persona: {una['pieza']} ({una['cuenta']}).")
    for advertencia in resumen["advertencias"]:
        decir(f"· {advertencia}")


def _cuentas(por_estado: dict[str, int]) -> str:
    return ", ".join(f"{n} {estado}" for estado, n in por_estado.items())
