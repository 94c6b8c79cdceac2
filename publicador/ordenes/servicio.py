"""`preparar`, `servir`, `panel`, `motor`, `reloj`: poner en marcha cada parte."""

from collections import Counter
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cola.estados import Estado
from cola.publicaciones import Publicacion
from publicador.ajustes import leer_ajustes
from publicador.armado import Casa
from publicador.claves import leer_claves
from publicador.ordenes.cola import como_dato, en_palabras
from publicador.ordenes.comun import decir, la_casa, mostrar_json, opcion_json
from publicador.ordenes.espanol import Orden
from publicador.preparacion import preparar as preparar_base
from publicador.procesos import Alto, ServidorWeb, en_orden

YA_NO_SALEN = (Estado.PUBLICADA, Estado.CANCELADA, Estado.RETIRADA)


@click.command("preparar", cls=Orden)
def preparar() -> None:
    """Crea o migra la base de datos; repetirlo no hace daño."""
    ajustes = leer_ajustes()
    hecha = preparar_base(ajustes.base_datos, ajustes.datos)
    leer_claves(ajustes)
    decir(hecha.frase)


@click.command("servir", cls=Orden)
@click.option("--puerto", type=int, default=8000, show_default=True, help="Puerto del panel.")
@click.pass_context
def servir(ctx: click.Context, puerto: int) -> None:
    """Panel y motor en un proceso: lo normal en una sola máquina."""
    casa = la_casa(ctx)
    alto = Alto()
    motor = casa.motor()
    web = ServidorWeb(casa.panel(motor.motor.despertar), puerto)
    motor.iniciar()
    web.iniciar()
    decir(f"Panel en http://127.0.0.1:{puerto} — Ctrl-C para detener.")
    alto.esperar()
    decir("Deteniendo: se termina lo que está en vuelo…")
    en_orden(web.detener, motor.detener)


@click.command("panel", cls=Orden)
@click.option("--puerto", type=int, default=8000, show_default=True, help="Puerto del panel.")
@click.pass_context
def panel(ctx: click.Context, puerto: int) -> None:
    """Solo el panel."""
    alto = Alto()
    web = ServidorWeb(la_casa(ctx).panel(), puerto)
    web.iniciar()
    decir(f"Panel en http://127.0.0.1:{puerto} — Ctrl-C para detener.")
    alto.esperar()
    web.detener()


@click.command("motor", cls=Orden)
@click.option("--hasta-vaciar", is_flag=True, help="Entregar lo vencido y terminar.")
@click.option("--flota", is_flag=True, help="Trabajar dentro de una flota (todavía no).")
@opcion_json
@click.pass_context
def motor(ctx: click.Context, hasta_vaciar: bool, flota: bool, en_json: bool) -> None:
    """Solo el motor: entrega lo que vence."""
    if flota:
        raise click.ClickException("«publicador motor --flota» todavía no está disponible.")
    casa = la_casa(ctx)
    alto = Alto()
    entregador = casa.motor()
    entregador.iniciar()
    try:
        if hasta_vaciar:
            entregador.vaciar(alto.pedido)
        else:
            alto.esperar()
    finally:
        entregador.detener()
    if hasta_vaciar:
        _decir_que_queda(casa, en_json)


@click.command("reloj", cls=Orden)
def reloj() -> None:
    """El reloj de una flota (todavía no)."""
    raise click.ClickException("«publicador reloj» todavía no está disponible.")


def _decir_que_queda(casa: Casa, en_json: bool) -> None:
    with casa.lecturas() as sesion:
        consulta = (
            select(Publicacion)
            .where(Publicacion.estado.not_in(YA_NO_SALEN))
            .options(joinedload(Publicacion.pieza), joinedload(Publicacion.cuenta))
            .order_by(Publicacion.programada_para)
        )
        quedan = list(sesion.scalars(consulta))
        datos: list[dict[str, Any]] = [como_dato(p) for p in quedan]
        lineas = [f"  {p.id} · {en_palabras(p)}: {p.motivo or 'espera su hora'}" for p in quedan]
        cuenta = Counter(p.estado.value for p in quedan)
    if en_json:
        mostrar_json(datos)
        return
    if not quedan:
        decir("No queda nada por entregar.")
        return
    decir("Queda: " + ", ".join(f"{n} {estado}" for estado, n in sorted(cuenta.items())) + ".")
    for linea in lineas[:50]:
        decir(linea)
