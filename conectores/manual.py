"""La entrega manual: una persona copia el texto (grupos de WhatsApp y similares) y lo confirma."""

from collections.abc import Mapping
from datetime import datetime

from conectores.contrato import Envio, Hallazgo, Libreta, Listo, Permiso, Recibo, Red
from conectores.errores import ContenidoRechazado
from conectores.http import Plazos

PIDE_PERSONA = (
    "Esta entrega la hace una persona: copie el texto, publíquelo y confírmelo aquí con la "
    "dirección o la evidencia."
)


def texto_para_copiar(envio: Envio) -> str:
    """Lo que se pega tal cual: el texto y, tras una línea en blanco, el enlace si va aparte."""
    partes = [*envio.segmentos]
    if envio.enlace and envio.enlace not in "\n".join(partes):
        partes.append(envio.enlace)
    return "\n\n".join(parte for parte in partes if parte.strip())


class ConectorManual:
    """Un canal sin API. No llama a nadie y nunca dice que algo salió."""

    red = Red.MANUAL

    def __init__(
        self,
        *,
        credencial: Mapping[str, str] | None = None,
        identificador: str,
        base_url: str | None = None,
        plazos: Plazos | None = None,
    ) -> None:
        self._identificador = identificador

    def __repr__(self) -> str:
        """El canal."""
        return f"ConectorManual(identificador={self._identificador!r})"

    def preparar(self, envio: Envio, libreta: Libreta) -> Listo | Recibo:
        """Nada que preparar: la entrega pasa a una persona."""
        raise ContenidoRechazado(PIDE_PERSONA)

    def publicar(self, listo: Listo) -> Recibo:
        """Solo una persona puede hacerlo y confirmarlo."""
        raise ContenidoRechazado(PIDE_PERSONA)

    def buscar(self, envio: Envio, libreta: Libreta, paso: str, desde: datetime) -> Hallazgo:
        """Aquí no hay dónde mirar."""
        return Hallazgo()

    def verificar(self) -> Permiso:
        """No hay permiso que pedir."""
        return Permiso(
            vale=True,
            identificador=self._identificador,
            nombre=self._identificador,
            advertencias=(
                "Es un canal manual: cada entrega espera a que una persona la confirme.",
            ),
        )

    def retirar(self, id_remoto: str) -> None:
        """Lo publicado a mano se retira a mano."""
        raise ContenidoRechazado(
            "Lo que se publicó a mano se retira a mano. Bórrelo en el canal y regístrelo aquí."
        )
