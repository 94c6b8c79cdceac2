"""El correo de ensayo: un SMTP mínimo que guarda los mensajes y no los envía a nadie."""

import email
import email.policy
import socketserver
import threading
from email.message import EmailMessage
from typing import Final

from publicador.ensayo.averias import Falla
from publicador.ensayo.mundo import Entrada, Imagen, Mundo

TAMANIO_MAX_BYTES: Final = 30 * 1024 * 1024
LINEA_MAX_BYTES: Final = 4096

# Cómo suena cada falla pedida en SMTP: respuesta al terminar los datos.
_NEGATIVAS: Final = {
    "error_500": "451 4.3.0 Falla de ensayo, intente luego",
    "error_500_aceptado": "451 4.3.0 Falla de ensayo, intente luego",
    "limite_429": "452 4.5.3 Demasiados mensajes, intente luego",
    "token_vencido": "535 5.7.8 Credenciales rechazadas",
    "duplicado": "554 5.7.1 Mensaje repetido",
    "rechaza": "554 5.7.1 Mensaje rechazado",
}


def guardar_correo(mundo: Mundo, remite: str, destinos: list[str], crudo: bytes) -> Entrada:
    """Guarda un mensaje recibido como una entrada de la red `correo`."""
    mensaje = email.message_from_bytes(crudo, policy=email.policy.default)
    numero = mundo.siguiente()
    ahora = mundo.ahora()
    entrada = Entrada(
        red="correo",
        cuenta=remite,
        id=str(numero),
        texto=_parte(mensaje, "plain") or "",
        url=str(mensaje.get("Message-ID", "")),
        creada_en=ahora,
        visible_en=ahora,
        imagenes=_imagenes(mundo, mensaje),
        extra={
            "asunto": str(mensaje.get("Subject", "")),
            "destinos": destinos,
            "html": _parte(mensaje, "html"),
            "mensaje_id": str(mensaje.get("Message-ID", "")),
            "bytes": len(crudo),
            "crudo": mundo.guardar_medio(crudo, "message/rfc822"),
        },
    )
    return mundo.agregar(entrada)


def _parte(mensaje: EmailMessage, clase: str) -> str | None:
    parte = mensaje.get_body(preferencelist=(clase,))
    if parte is None:
        return None
    contenido = parte.get_content()
    return contenido if isinstance(contenido, str) else None


def _imagenes(mundo: Mundo, mensaje: EmailMessage) -> list[Imagen]:
    imagenes = []
    for parte in mensaje.walk():
        datos = parte.get_payload(decode=True) if parte.get_content_maintype() == "image" else None
        if isinstance(datos, bytes):
            tipo = parte.get_content_type()
            alt = parte.get("Content-Description")
            imagenes.append(Imagen(sha256=mundo.guardar_medio(datos, tipo), tipo=tipo, alt=alt))
    return imagenes


class _Conversacion(socketserver.StreamRequestHandler):
    """Una conexión SMTP."""

    timeout = 60
    server: "Buzon"

    def handle(self) -> None:
        """Atiende órdenes hasta `QUIT` o hasta que el cliente se vaya."""
        self.remite, self.destinos = "", list[str]()
        self._decir("220 ensayo.local SMTP de ensayo")
        while linea := self.rfile.readline(LINEA_MAX_BYTES):
            orden = linea.decode("utf-8", "replace").strip()
            if not self._obedecer(orden[:4].upper(), orden):
                return

    def _obedecer(self, verbo: str, orden: str) -> bool:
        match verbo:
            case "EHLO":
                self._decir("250-ensayo.local", f"250-SIZE {TAMANIO_MAX_BYTES}", "250 8BITMIME")
            case "MAIL":
                self.remite, self.destinos = _direccion(orden), []
                self._decir("250 2.1.0 Bien")
            case "RCPT" if self.remite or orden:
                self.destinos.append(_direccion(orden))
                self._decir("250 2.1.5 Bien")
            case "DATA" if self.destinos:
                return self._datos()
            case "HELO" | "RSET" | "NOOP":
                self._decir("250 2.0.0 Bien")
            case "QUIT":
                self._decir("221 2.0.0 Hasta luego")
                return False
            case "DATA":
                self._decir("503 5.5.1 Primero MAIL y RCPT")
            case _:
                self._decir("502 5.5.2 Orden desconocida")
        return True

    def _datos(self) -> bool:
        self._decir("354 Termine con un punto solo en una línea")
        crudo = self._leer_mensaje()
        if crudo is None:
            return False
        falla = self.server.mundo.tocar("correo", "publicar")
        if falla is None or falla.acepta:
            guardar_correo(self.server.mundo, self.remite, self.destinos, crudo)
        return self._contestar(falla)

    def _contestar(self, falla: Falla | None) -> bool:
        if falla is None or falla.nombre in {"tarda", "demora_lectura", "exito_sin_id"}:
            self._decir("250 2.0.0 Mensaje recibido")
            return True
        if falla.nombre in _NEGATIVAS:
            self._decir(_NEGATIVAS[falla.nombre])
            return True
        return False  # las demás cortan la conexión: sin respuesta

    def _leer_mensaje(self) -> bytes | None:
        partes: list[bytes] = []
        while linea := self.rfile.readline():
            if linea in {b".\r\n", b".\n"}:
                return b"".join(partes)
            # RFC 5321 §4.5.2: el punto inicial que agregó el cliente se quita.
            partes.append(linea[1:] if linea.startswith(b".") else linea)
        return None

    def _decir(self, *lineas: str) -> None:
        self.wfile.write("".join(f"{linea}\r\n" for linea in lineas).encode("utf-8"))


def _direccion(orden: str) -> str:
    return orden.partition("<")[2].partition(">")[0] or orden.partition(":")[2].strip()


class Buzon(socketserver.ThreadingTCPServer):
    """El servidor SMTP de ensayo en un puerto local (0 = uno libre)."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, mundo: Mundo, puerto: int = 0, anfitrion: str = "127.0.0.1") -> None:
        """Reserva el puerto; no atiende hasta `iniciar`."""
        super().__init__((anfitrion, puerto), _Conversacion)
        self.mundo = mundo
        self._hilo: threading.Thread | None = None

    @property
    def puerto(self) -> int:
        """El puerto que escucha."""
        return int(self.server_address[1])

    def iniciar(self) -> None:
        """Atiende en un hilo de fondo."""
        self._hilo = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self._hilo.start()

    def detener(self) -> None:
        """Deja de atender y suelta el puerto."""
        if self._hilo is not None:
            self.shutdown()
            self._hilo.join()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Silencio: que un cliente se vaya a medias no es noticia."""
