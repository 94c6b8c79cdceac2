"""Los fallos de una red, clasificados por lo que hay que hacer después.

ErrorDeConector
├── NoSalio              la petición no llegó a la red: repetir no hace daño
├── SinRespuesta         salió y no hubo respuesta clara: después de publicar es duda
├── PosibleDuplicado     la red dice «repetido»: puede ser nuestro propio intento anterior
├── Pasajero             la red dijo que no, por ahora, y no escribió nada
├── LimiteAlcanzado      la red pide esperar hasta un momento: espera toda la cuenta
├── AunNo                la red sigue procesando un medio: un paso posterior sigue
├── SinPermiso           la credencial ya no sirve: espera la cuenta
├── CuentaBloqueada      la red frenó la cuenta por sus políticas: espera y una persona mira
├── SinSaldo             no queda saldo en la aplicación: esperan todas las cuentas de la red
├── MalConfigurada       la dirección, la versión o la aplicación están mal: espera la cuenta
├── ContenidoRechazado   la red no acepta este contenido: vuelve a una persona
├── MedioPerdido         lo subido caducó o se borró: preparar de nuevo
├── YaNoEsta             lo que se quería cambiar o borrar ya no existe
└── NoSePudoAnotar       la base no guardó el avance: no se llama a la red
"""

from datetime import datetime, timedelta


class ErrorDeConector(Exception):
    """Raíz. `mensaje` es para personas; `detalle`, ya sin secretos, para la bitácora técnica."""

    mensaje = "La red no pudo recibir la publicación."

    def __init__(self, mensaje: str | None = None, *, detalle: str = "") -> None:
        if mensaje is not None:
            self.mensaje = _guardable(mensaje)
        self.detalle = _guardable(detalle)
        super().__init__(self.mensaje)


def _guardable(texto: str) -> str:
    """Sin lo que una base no recibe: una red puede citar un carácter nulo o medio carácter."""
    return texto.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


class NoSalio(ErrorDeConector):
    """No hubo conexión (nombre, rechazo, TLS): nada llegó a la red."""

    mensaje = "No se pudo conectar con la red. Se intentará de nuevo."


class SinRespuesta(ErrorDeConector):
    """Tiempo agotado, corte, 5xx o respuesta ilegible: no se sabe si la red lo hizo."""

    mensaje = "La red no respondió con claridad."


class PosibleDuplicado(ErrorDeConector):
    """La red rechaza por repetido: existe o existirá; nunca significa «falló»."""

    mensaje = "La red dice que ya tiene esta publicación."


class Pasajero(ErrorDeConector):
    """La red rechazó por un motivo que pasa solo; no escribió nada."""

    mensaje = "La red no está disponible por ahora. Se intentará de nuevo."

    def __init__(
        self,
        mensaje: str | None = None,
        *,
        detalle: str = "",
        espera: timedelta | None = None,
    ) -> None:
        super().__init__(mensaje, detalle=detalle)
        self.espera = espera


class LimiteAlcanzado(ErrorDeConector):
    """La red pide no llamar hasta `hasta` (UTC con zona), o durante un rato si es `None`."""

    mensaje = "La red pide esperar: la cuenta llegó a su límite de llamadas."

    def __init__(
        self,
        mensaje: str | None = None,
        *,
        detalle: str = "",
        hasta: datetime | None = None,
    ) -> None:
        super().__init__(mensaje, detalle=detalle)
        self.hasta = hasta


class AunNo(ErrorDeConector):
    """La red procesa un medio; volver a `preparar` tras `espera`. No cuenta como intento."""

    mensaje = "La red todavía procesa el video."

    def __init__(self, mensaje: str | None = None, *, espera: timedelta, detalle: str = "") -> None:
        super().__init__(mensaje, detalle=detalle)
        self.espera = espera


class SinPermiso(ErrorDeConector):
    """La red ya no acepta la credencial: venció, se revocó o le falta un permiso."""

    mensaje = "La cuenta perdió el permiso. Vuelva a conectarla en Cuentas."


class CuentaBloqueada(ErrorDeConector):
    """La red frenó la cuenta por sus políticas; una persona debe mirarla en la red."""

    mensaje = "La red bloqueó la cuenta por un tiempo. Entre a la red y revise qué pide."


class SinSaldo(ErrorDeConector):
    """La aplicación se quedó sin saldo: afecta a todas las cuentas de esa red."""

    mensaje = "La aplicación de X no tiene saldo. Recárguelo y reanude las cuentas de X."


class MalConfigurada(ErrorDeConector):
    """La dirección o la configuración de la aplicación están mal; repetir no lo arregla."""

    mensaje = "La conexión con la red está mal configurada. Revise la cuenta."


class ContenidoRechazado(ErrorDeConector):
    """La red no acepta este contenido, hoy ni después."""

    mensaje = "La red rechazó el contenido."


class MedioPerdido(ErrorDeConector):
    """La red ya no reconoce un medio subido: `preparar` debe subirlo otra vez.

    El motor borra de la libreta las claves que empiezan por `medio` y vuelve a preparar una vez.
    """

    mensaje = "La red ya no tiene los medios subidos. Se subirán de nuevo."


class YaNoEsta(ErrorDeConector):
    """Lo que se iba a corregir o borrar ya no existe en la red."""

    mensaje = "La publicación ya no existe en la red."


class NoSePudoAnotar(ErrorDeConector):
    """La base no guardó lo anotado: el conector se detiene sin llamar a la red."""

    mensaje = "No se pudo guardar el avance; no se llamó a la red."
