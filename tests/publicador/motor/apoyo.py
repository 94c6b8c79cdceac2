"""Un motor de verdad contra una red cuyas respuestas pone la prueba."""

from collections.abc import Callable
from functools import partial

from cola.cuentas import Cuenta
from conectores.contrato import Hallazgo, Listo, Paso, Recibo
from piezas import envios
from piezas.vigencia import sobres_vigentes
from publicador.motor import Motor, Piezas


class RedDeMano:
    """Una red cuyas respuestas pone la prueba; por omisión acepta todo con un id nuevo."""

    def __init__(self) -> None:
        self.publicadas: list[str] = []
        self.al_preparar: Callable[[object, object], object] | None = None
        self.al_publicar: Callable[[Listo], Recibo] | None = None
        self.al_buscar: Callable[[str], Hallazgo] = lambda paso: Hallazgo()

    def preparar(self, envio, libreta):
        if self.al_preparar is not None:
            return self.al_preparar(envio, libreta)
        return Listo(envio=envio, paso=Paso(nombre="publicar", huella="h"))

    def publicar(self, listo):
        if self.al_publicar is not None:
            return self.al_publicar(listo)
        return self.acepta(listo)

    def acepta(self, listo, *, completo=True):
        self.publicadas.append(f"{listo.envio.clave}/{listo.paso.nombre}")
        numero = len(self.publicadas)
        return Recibo(
            id_remoto=f"r{numero}", url=f"https://red.example/{numero}", completo=completo
        )

    def buscar(self, envio, libreta, paso, desde):
        return self.al_buscar(paso)


def un_motor(escena, red, *, abrir=None, conector_de=None):
    return Motor(
        Piezas(
            sesiones=escena.sesiones,
            reglas=escena.reglas,
            vigentes=partial(sobres_vigentes, sello=escena.sello),
            conector_de=conector_de or (lambda credencial: red),
            abrir=abrir or (lambda sobre, huella: envios.abrir(sobre, escena.almacen.camino)),
            ahora=lambda: escena.ahora,
            hilos=2,
        )
    )


def correr(escena, red, **partes):
    """Un motor de verdad hasta que no tenga nada en mano."""
    motor = un_motor(escena, red, **partes)
    motor.iniciar()
    motor.vaciar(lambda: True)
    assert motor.detener(cortesia_s=5)


def cuenta(escena, cuenta_id):
    with escena.sesiones() as sesion:
        return sesion.get_one(Cuenta, cuenta_id)
