"""De la red a su conector; solo la raíz de composición lo usa."""

from collections.abc import Mapping

from conectores.contrato import Conector, Red
from conectores.errores import MalConfigurada
from conectores.facebook import ConectorFacebook
from conectores.http import Plazos

CON_API = frozenset({Red.FACEBOOK})
"""Las redes a las que se llega por HTTP."""


def armar(
    red: Red,
    credencial: Mapping[str, str],
    *,
    identificador: str,
    base_url: str | None = None,
    plazos: Plazos | None = None,
) -> Conector:
    """El conector de una cuenta. `base_url=None` = la dirección oficial de la red.

    No llama a la red. Lanza `MalConfigurada` si a la credencial le falta algo.
    """
    if red is Red.FACEBOOK:
        return ConectorFacebook(
            credencial=credencial,
            identificador=identificador,
            base_url=base_url,
            plazos=plazos or Plazos(),
        )
    raise MalConfigurada(f"La red «{red}» no tiene conector. Revise la cuenta.")
