"""Los correos que el panel manda a una persona: enlaces suyos y avisos sobre su usuario."""

import threading

from panel.servicios import servicios
from piezas.personas import Persona

FIRMA = "\n\nPublicador no pide contraseñas ni códigos por correo."


def hay_correo() -> bool:
    """Si esta instalación puede mandar correos."""
    return servicios().enviar_carta is not None


def mandar(para: str, asunto: str, texto: str) -> bool:
    """La manda y dice si salió."""
    enviar = servicios().enviar_carta
    return enviar is not None and enviar(para, f"Publicador: {asunto}", texto + FIRMA)


def mandar_aparte(para: str, asunto: str, texto: str) -> None:
    """La manda sin esperar: lo que tarde en salir no le dice nada a quien pregunta."""
    enviar = servicios().enviar_carta
    if enviar is not None:
        datos = (para, f"Publicador: {asunto}", texto + FIRMA)
        threading.Thread(target=enviar, args=datos, name="carta", daemon=True).start()


def avisar_entrada(quien: Persona, navegador: str) -> None:
    """A quien lo pidió: alguien entró con su usuario."""
    if quien.avisa_entradas:
        mandar_aparte(
            quien.correo,
            "entraron con su usuario",
            f"Alguien entró con su usuario desde este navegador:\n{navegador[:200]}\n\n"
            f"Si no fue usted, cambie su contraseña en {servicios().url_publica}/perfil.",
        )
