"""Click en español: ayuda, errores de uso y frases de salida."""

from gettext import gettext

import click


class Orden(click.Command):
    """Una orden con su ayuda en español."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """La opción `--help`, dicha en español."""
        return _en_espanol(super().get_help_option(ctx))

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """`Uso: publicador …`."""
        partes = [_parte(parte) for parte in self.collect_usage_pieces(ctx)]
        formatter.write_usage(ctx.command_path, " ".join(partes), prefix="Uso: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """La lista de opciones."""
        _opciones(self, ctx, formatter)


class Grupo(click.Group):
    """Un grupo de órdenes con su ayuda en español."""

    command_class = Orden

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """La opción `--help`, dicha en español."""
        return _en_espanol(super().get_help_option(ctx))

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """`Uso: publicador …`."""
        formatter.write_usage(ctx.command_path, "[OPCIONES] ORDEN [ARGUMENTOS]…", prefix="Uso: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Opciones y después órdenes."""
        _opciones(self, ctx, formatter)
        if filas := self.filas(ctx):
            with formatter.section("Órdenes"):
                formatter.write_dl(filas)

    def filas(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Cada orden con su frase."""
        ordenes = sorted(self.commands.items())
        return [(n, o.get_short_help_str(80)) for n, o in ordenes if not o.hidden]


Grupo.group_class = Grupo


def _parte(parte: str) -> str:
    return parte.replace("[OPTIONS]", "[OPCIONES]").replace("...", "…")


def _en_espanol(opcion: click.Option | None) -> click.Option | None:
    if opcion is not None:
        opcion.help = "Muestra esta ayuda y termina."
    return opcion


def _opciones(orden: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    filas = [
        registro
        for parametro in orden.get_params(ctx)
        if (registro := parametro.get_help_record(ctx)) is not None
    ]
    if filas:
        with formatter.section("Opciones"):
            formatter.write_dl([(_tipo(nombre), _texto(ayuda)) for nombre, ayuda in filas])


_TIPOS = {"TEXT": "TEXTO", "INTEGER": "NÚMERO", "FILE": "ARCHIVO", "PATH": "RUTA"}


def _tipo(nombre: str) -> str:
    for ingles, espanol in _TIPOS.items():
        nombre = nombre.replace(f" {ingles}", f" {espanol}")
    return nombre


def _texto(ayuda: str) -> str:
    return ayuda.replace("[required]", "[obligatorio]").replace("[default:", "[por omisión:")


def frase_de_uso(error: click.UsageError) -> str:
    """Qué está mal en lo escrito y cómo ver la ayuda."""
    ctx = error.ctx
    ayuda = f" Vea «{ctx.command_path} --help»." if ctx is not None else ""
    return f"{_que_falla(error)}{ayuda}"


def _que_falla(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption(option_name=nombre):
            return f"No existe la opción {nombre}."
        case click.MissingParameter(param=parametro):
            return f"Falta {_nombre(parametro)}."
        case click.BadParameter(param=parametro):
            return f"El valor de {_nombre(parametro)} no sirve: {_detalle(error)}"
        case click.BadOptionUsage(option_name=nombre):
            return f"A la opción {nombre} le falta o le sobra un valor."
    return _detalle(error)


def _detalle(error: click.UsageError) -> str:
    mensaje = error.message
    traducciones = (
        ("No such command", "No existe la orden"),
        ("Missing command", "Falta la orden"),
        ("Got unexpected extra argument", "Sobra un argumento"),
        ("is not a valid integer", "no es un número entero"),
        ("is not one of", "no es uno de"),
        ("does not exist", "no existe"),
        ("Path", "el archivo"),
        ("File", "el archivo"),
    )
    for ingles, espanol in traducciones:
        mensaje = mensaje.replace(gettext(ingles), espanol)
    return mensaje if mensaje.endswith(".") else f"{mensaje}."


def _nombre(parametro: click.Parameter | None) -> str:
    if parametro is None:
        return "un valor"
    if isinstance(parametro, click.Option):
        return f"la opción {parametro.opts[0]}"
    return f"el argumento {(parametro.name or '').upper()}"
