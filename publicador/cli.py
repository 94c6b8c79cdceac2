"""La línea de órdenes `publicador`: reúne las órdenes y dice los errores en una frase."""

import sys
from types import MappingProxyType

import click
from sqlalchemy.exc import SQLAlchemyError

from cola.errores import ErrorDeCola
from conectores.direcciones import DireccionNoPermitida
from conectores.errores import ErrorDeConector
from piezas.errores import ErrorDePiezas
from publicador import __version__
from publicador.ajustes import AjusteMalo, ajustes_desconocidos
from publicador.fallos_de_base import ErrorDeBase, explicar
from publicador.ordenes.espanol import frase_de_uso
from publicador.ordenes.perezosas import GrupoPerezoso, Perezosa
from publicador.ordenes.todavia import agregar_futuras
from publicador.registro_eventos import configurar_registro

ESPERADOS = (
    *(ErrorDePiezas, ErrorDeCola, ErrorDeConector),
    *(DireccionNoPermitida, ErrorDeBase, AjusteMalo),
)


class Raiz(GrupoPerezoso):
    """Las órdenes de la casa, con lo que dice de ellas la ayuda general."""

    perezosas = MappingProxyType(
        {
            nombre: Perezosa(f"publicador.ordenes.{lugar}", frase)
            for nombre, lugar, frase in (
                ("usuario", "usuarios:usuario", "Crear y ver las personas que usan el servicio."),
                ("cuenta", "cuentas:cuenta", "Registrar cuentas y revisar, pausar y reanudar."),
                ("parrilla", "parrilla:parrilla", "Importar y exportar la parrilla de contenidos."),
                ("pieza", "piezas:pieza", "Ver las piezas, enviarlas, aprobarlas o devolverlas."),
                ("cola", "cola:cola", "Ver las entregas, pausar y decidir lo que espera."),
                ("bitacora", "bitacora:bitacora", "Comprobar la bitácora y sacar copia."),
                ("preparar", "servicio:preparar", "Crea o migra la base de datos."),
                ("servir", "servicio:servir", "Panel y motor en un proceso."),
                ("panel", "servicio:panel", "Solo el panel."),
                ("motor", "servicio:motor", "Solo el motor: entrega lo que vence."),
                ("reloj", "servicio:reloj", "El reloj de una flota (todavía no)."),
                ("ensayo", "ensayo:ensayo", "Las redes de ensayo, con su muro."),
                ("demo", "demo:demo", "El producto andando con contenido inventado."),
                ("revisar", "revisar:revisar", "Revisa la instalación: una línea por cosa."),
            )
        }
    )


@click.group(cls=Raiz, context_settings={"help_option_names": ["--help", "-h"]})
@click.version_option(__version__, message="publicador %(version)s", help="Muestra la versión.")
def publicador() -> None:
    """Mesa de publicación de una oficina de prensa: parrilla, aprobación, cola y redes."""
    for frase in ajustes_desconocidos():
        click.echo(f"Aviso: {frase}", err=True)


agregar_futuras(publicador)


def principal(argumentos: list[str] | None = None) -> None:
    """Entrada del programa: 0 hecho, 1 no se pudo, 2 mal usada."""
    configurar_registro()
    sys.exit(_correr(argumentos))


def _correr(argumentos: list[str] | None) -> int:
    try:
        salida = publicador.main(argumentos, prog_name="publicador", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        return _fallar(error.message, 2)
    except click.UsageError as error:
        return _fallar(frase_de_uso(error), 2)
    except click.Abort:
        return _fallar("Interrumpido.", 1)
    except click.ClickException as error:
        return _fallar(error.message, 1)
    except ESPERADOS as error:
        return _fallar(_frase(error), 1)
    except (SQLAlchemyError, OSError) as error:
        return _fallar(explicar(error), 1)
    return salida if isinstance(salida, int) else 0


def _frase(error: Exception) -> str:
    return str(getattr(error, "mensaje", None) or error)


def _fallar(frase: str, codigo: int) -> int:
    click.echo(frase, err=True)
    return codigo
