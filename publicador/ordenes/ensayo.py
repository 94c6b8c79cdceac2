"""`publicador ensayo`: las redes de ensayo en un proceso."""

import click

from publicador.ajustes import leer_ajustes
from publicador.ensayo.mundo import Mundo
from publicador.ensayo.servidor import Ensayo
from publicador.ordenes.comun import decir
from publicador.ordenes.espanol import Orden
from publicador.procesos import Alto


@click.command("ensayo", cls=Orden)
@click.option("--puerto", type=int, default=8090, show_default=True, help="Puerto de las redes.")
@click.option("--correo", type=int, default=0, help="Puerto del correo de ensayo (0 = uno libre).")
def ensayo(puerto: int, correo: int) -> None:
    """Las redes de ensayo: responden como Facebook, X y WordPress, y muestran el muro."""
    ajustes = leer_ajustes()
    alto = Alto()
    redes = Ensayo(Mundo(ajustes.datos / "ensayo"), puerto, puerto_correo=correo)
    redes.iniciar()
    decir(f"Redes de ensayo en {redes.url} — muro en {redes.url}/muro")
    if redes.correo is not None:
        decir(f"Correo de ensayo en el puerto {redes.correo.puerto}.")
    alto.esperar()
    redes.detener()
