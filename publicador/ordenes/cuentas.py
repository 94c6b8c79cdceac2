"""`publicador cuenta …`: las cuentas institucionales y su permiso."""

from typing import Any
from urllib.parse import urlsplit

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from cola.carriles import (
    CuentaNueva,
    agregar_cuenta,
    conectar_cuenta,
    cuenta_por_alias,
    pausar_cuenta,
)
from cola.carriles import reanudar_cuenta as reabrir
from cola.credenciales import CredencialIlegible
from cola.cuentas import Cuenta
from cola.fichas import anotar_verificacion
from cola.tomas import Credencial
from conectores.contrato import Permiso, Red
from conectores.direcciones import revisar_direccion
from conectores.errores import ErrorDeConector
from piezas.personas import Papel
from publicador.armado import Casa
from publicador.ordenes.comun import (
    decir,
    instante,
    la_casa,
    leer_credencial,
    mostrar_json,
    mostrar_tabla,
    opcion_como,
    opcion_json,
    quien_manda,
)
from publicador.ordenes.espanol import Grupo

QUIENES = (Papel.COMMUNITY, Papel.JEFATURA, Papel.ADMINISTRACION)


@click.group("cuenta", cls=Grupo)
def cuenta() -> None:
    """Registrar y conectar cuentas, revisar su permiso, pausarlas y reanudarlas."""


@cuenta.command("agregar")
@click.option("--alias", required=True, help="Nombre corto con el que se usa en la parrilla.")
@click.option("--red", required=True, type=click.Choice([red.value for red in Red]), help="Red.")
@click.option("--identificador", required=True, help="Id de la página, del usuario o del sitio.")
@click.option("--nombre", help="Nombre como se verá en el panel.")
@click.option("--espaciado", type=int, help="Segundos mínimos entre dos publicaciones.")
@click.option("--reenvia-en-duda", is_flag=True, help="Repetir sola si se comprueba que no salió.")
@click.option("--real", is_flag=True, help="Con redes de ensayo puestas: apuntar a la red real.")
@click.pass_context
def agregar(
    ctx: click.Context,
    alias: str,
    red: str,
    identificador: str,
    nombre: str | None,
    espaciado: int | None,
    reenvia_en_duda: bool,
    real: bool,
) -> None:
    """Registra una cuenta; la credencial es un objeto JSON por la entrada estándar."""
    casa = la_casa(ctx)
    if Red(red) is Red.CORREO:
        raise click.ClickException("La red «correo» todavía no está disponible en esta versión.")
    credencial, sitio = _leer_credencial(Red(red))
    base_url = sitio or (None if real else _base_de_ensayo(casa, Red(red)))
    nueva = CuentaNueva(
        alias=alias,
        red=Red(red),
        identificador=identificador,
        credencial=credencial,
        nombre=nombre,
        base_url=base_url,
        espaciado_s=espaciado,
        reenvia_en_duda=reenvia_en_duda,
        es_ensayo=_es_ensayo(casa, Red(red), base_url, credencial.get("url")),
    )
    with casa.sesiones.begin() as sesion:
        quien, _ = quien_manda(sesion, None)
        hecha = agregar_cuenta(sesion, nueva, caja=casa.caja, quien=quien, ahora=casa.ahora())
        marca = " Apunta a las redes de ENSAYO." if hecha.es_ensayo else ""
    decir(f"Agregada la cuenta «{alias}» de {red}.{marca}")


@cuenta.command("conectar")
@click.argument("alias", metavar="ALIAS")
@click.pass_context
def conectar(ctx: click.Context, alias: str) -> None:
    """Cambia la credencial de una cuenta por la que llega por la entrada estándar."""
    casa = la_casa(ctx)
    with casa.lecturas() as sesion:
        red = cuenta_por_alias(sesion, alias).red
    credencial, sitio = _leer_credencial(red)
    with casa.sesiones.begin() as sesion:
        quien, _ = quien_manda(sesion, None)
        hecha = conectar_cuenta(
            sesion,
            alias,
            credencial,
            caja=casa.caja,
            quien=quien,
            ahora=casa.ahora(),
            base_url=sitio,
        )
        sigue = " Sigue en pausa: verifíquela y reanúdela." if hecha.pausada_por else ""
    decir(f"La cuenta «{alias}» tiene una credencial nueva.{sigue}")


def _leer_credencial(red: Red) -> tuple[dict[str, str], str | None]:
    """La credencial y, de un sitio web, su dirección ya revisada."""
    credencial = dict(leer_credencial())
    if red is not Red.WORDPRESS or "url" not in credencial:
        return credencial, None
    # Quien escribe aquí ya manda en el servidor: se admite el sitio en la propia máquina.
    credencial["url"] = revisar_direccion(credencial["url"], permitir_local=True)
    return credencial, credencial["url"]


def _base_de_ensayo(casa: Casa, red: Red) -> str | None:
    ensayo = casa.ajustes.ensayo_url
    if not ensayo or red not in (Red.FACEBOOK, Red.X):
        return None
    return f"{ensayo.rstrip('/')}/{red.value}"


def _es_ensayo(casa: Casa, red: Red, base_url: str | None, url: str | None) -> bool:
    propias = {Red.FACEBOOK: casa.ajustes.facebook_url, Red.X: casa.ajustes.x_url}
    direccion = base_url or url or propias.get(red, "")
    ensayo = casa.ajustes.ensayo_url
    if ensayo and direccion.startswith(ensayo.rstrip("/")):
        return True
    local = urlsplit(direccion).hostname in {"127.0.0.1", "localhost", "::1"}
    return local and red is not Red.WORDPRESS


@cuenta.command("verificar")
@click.argument("alias", metavar="ALIAS", required=False)
@opcion_json
@click.pass_context
def verificar(ctx: click.Context, alias: str | None, en_json: bool) -> None:
    """Pregunta a la red si el permiso sigue en pie, qué cubre y hasta cuándo."""
    casa = la_casa(ctx)
    with casa.lecturas() as sesion:
        cuentas = [cuenta_por_alias(sesion, alias)] if alias else _todas(sesion)
    resultados = [verificar_una(casa, c) for c in cuentas if c.red is not Red.MANUAL]
    if en_json:
        mostrar_json(resultados)
    else:
        for r in resultados:
            decir(_frase(r))
        if not resultados:
            decir("No hay cuentas que verificar.")
    if not all(r["vale"] for r in resultados):
        ctx.exit(1)


def verificar_una(casa: Casa, c: Cuenta) -> dict[str, Any]:
    """Pregunta por una cuenta y guarda lo que la red dijo de su permiso."""
    try:
        permiso: Permiso | None = casa.conector_de(credencial_de(c)).verificar()
        motivo = None
    except (ErrorDeConector, CredencialIlegible) as error:
        permiso, motivo = None, error.mensaje
    with casa.sesiones.begin() as sesion:
        anotar_verificacion(sesion, c.id, permiso, motivo, ahora=casa.ahora())
    return {
        "cuenta": c.alias,
        "red": c.red.value,
        "vale": permiso is not None and permiso.vale,
        "nombre": permiso.nombre if permiso else None,
        "alcances": list(permiso.alcances) if permiso else None,
        "faltan": list(permiso.faltan) if permiso else None,
        "vence_en": instante(permiso.vence_en) if permiso else None,
        "advertencias": list(permiso.advertencias) if permiso else [],
        "motivo": motivo,
    }


def credencial_de(c: Cuenta) -> Credencial:
    """Lo que hace falta para armar el conector de una cuenta."""
    return Credencial(
        cuenta_id=c.id,
        alias=c.alias,
        red=c.red,
        identificador=c.identificador,
        sellada=c.credencial,
        serie=c.credencial_serie,
        base_url=c.base_url,
    )


def _todas(sesion: Session) -> list[Cuenta]:
    return list(sesion.scalars(select(Cuenta).order_by(Cuenta.alias)))


def _frase(r: dict[str, Any]) -> str:
    if r["motivo"]:
        return f"✗ {r['cuenta']}: {r['motivo']}"
    estado = "✓" if r["vale"] else "✗"
    partes = [f"{estado} {r['cuenta']}: {r['nombre']}"]
    partes.append(f"vence {r['vence_en'][:10]}" if r["vence_en"] else "sin fecha de vencimiento")
    if r["faltan"]:
        partes.append(f"faltan permisos: {', '.join(r['faltan'])}")
    return " · ".join([*partes, *r["advertencias"]])


@cuenta.command("listar")
@opcion_json
@click.pass_context
def listar(ctx: click.Context, en_json: bool) -> None:
    """Muestra las cuentas y su estado."""
    with la_casa(ctx).lecturas() as sesion:
        datos = [
            {
                "alias": c.alias,
                "red": c.red.value,
                "identificador": c.identificador,
                "nombre": c.nombre,
                "activa": c.activa,
                "ensayo": c.es_ensayo,
                "pausada_por": c.pausada_por.value if c.pausada_por else None,
                "motivo": c.pausada_motivo,
                "libre_desde": instante(c.libre_desde),
                "permiso_visto_en": instante(c.permiso_visto_en),
                "permiso_vence_en": instante(c.permiso_vence_en),
            }
            for c in _todas(sesion)
        ]
    if en_json:
        mostrar_json(datos)
        return
    filas = [
        (
            str(d["alias"]),
            str(d["red"]),
            str(d["nombre"]),
            "ensayo" if d["ensayo"] else "",
            f"en pausa: {d['motivo']}" if d["motivo"] else "activa",
        )
        for d in datos
    ]
    mostrar_tabla(
        ("Alias", "Red", "Nombre", "", "Estado"), filas, si_vacia="No hay cuentas todavía."
    )


@cuenta.command("pausar")
@click.argument("alias", metavar="ALIAS")
@click.option("--motivo", default="", help="Por qué se detiene.")
@opcion_como
@click.pass_context
def pausar(ctx: click.Context, alias: str, motivo: str, como: str | None) -> None:
    """Detiene las entregas de una cuenta."""
    casa = la_casa(ctx)
    with casa.sesiones.begin() as sesion:
        quien, persona_id = quien_manda(sesion, como, *QUIENES)
        pausar_cuenta(
            sesion, alias, motivo=motivo, quien=quien, persona_id=persona_id, ahora=casa.ahora()
        )
    decir(f"La cuenta «{alias}» está en pausa.")


@cuenta.command("reanudar")
@click.argument("alias", metavar="ALIAS")
@opcion_como
@click.pass_context
def reanudar(ctx: click.Context, alias: str, como: str | None) -> None:
    """Reabre una cuenta; lo reciente sigue solo y lo viejo espera a una persona."""
    casa = la_casa(ctx)
    with casa.sesiones.begin() as sesion:
        quien, persona_id = quien_manda(sesion, como, *QUIENES)
        siguen, esperan = reabrir(
            sesion,
            alias,
            tolerancia=casa.reglas.tolerancia,
            quien=quien,
            persona_id=persona_id,
            ahora=casa.ahora(),
        )
    decir(f"La cuenta «{alias}» sigue: {siguen} salen solas, {esperan} esperan su decisión.")
