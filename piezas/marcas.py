"""La marca de una pieza: cambia con cualquier guardado, y delata que alguien llegó antes."""

from piezas.envios import canonico, huella
from piezas.errores import EstadoNoPermite
from piezas.versiones import Pieza


class CambioAjeno(EstadoNoPermite):
    """Otra persona guardó la pieza mientras esta la escribía; hay que comparar antes de seguir."""

    mensaje = "Otra persona guardó esta pieza mientras usted la escribía. Compare y decida."


def marca_de(pieza: Pieza) -> str:
    """Número de versión y resumen de lo que no es contenido: momentos y ficha."""
    numero = 0 if pieza.version is None else pieza.version.numero
    resto = {
        "momentos": sorted(
            [m.cuenta_id, "" if m.al_aprobarse else m.programada_para.isoformat()]
            for m in pieza.momentos
        ),
        "ficha": [
            pieza.actividad,
            pieza.campania_id,
            pieza.dependencia_id,
            pieza.responsable_id,
        ],
    }
    return f"{numero}-{huella(canonico(resto))[:16]}"


def numero_de_marca(marca: str) -> int | None:
    """La versión de la que partió esa marca."""
    numero, _, _ = marca.partition("-")
    return int(numero) if numero.isdecimal() and len(numero) < 10 else None


def exigir_marca(pieza: Pieza, marca: str) -> None:
    """Lanza `CambioAjeno` si la pieza ya no es la que dice `marca`."""
    if marca_de(pieza) != marca:
        raise CambioAjeno
