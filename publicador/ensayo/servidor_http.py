"""El servidor HTTP/1.1 del ensayo: conexiones vivas, cortes a voluntad y un puerto que se cierra.

Ningún servidor WSGI de producción deja cortar una conexión a media petición ni cerrar el puerto y
volver a abrirlo; este sí, y es lo único que tiene de especial.
"""

import io
import selectors
import socket
import sys
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from wsgiref.types import StartResponse, WSGIApplication

CUERPO_MAX_BYTES: Final = 1024 * 1024 * 1024
ESPERA_OCIOSA_S: Final = 60.0


class Puerta:
    """Un puerto local que atiende una aplicación WSGI, un hilo por conexión.

    Una segunda atadura al mismo puerto, que nunca escucha, lo reserva mientras la puerta está
    cerrada: así quien llame recibe un rechazo y nadie más ocupa el número.
    """

    def __init__(self, app: WSGIApplication, puerto: int = 0, anfitrion: str = "127.0.0.1") -> None:
        """Reserva el puerto (0 = uno libre); no atiende hasta `abrir`."""
        self.app = app
        self.anfitrion = anfitrion
        self._reserva = self._atar(puerto)
        self.puerto: int = self._reserva.getsockname()[1]
        self._oyente: socket.socket | None = None
        self._cerrojo = threading.RLock()
        self._conexiones: dict[Manejador, bool] = {}

    def _atar(self, puerto: int) -> socket.socket:
        enchufe = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        enchufe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            enchufe.bind((self.anfitrion, puerto))
        except OSError:
            enchufe.close()
            raise
        return enchufe

    @property
    def abierta(self) -> bool:
        """Si acepta conexiones."""
        return self._oyente is not None

    def abrir(self) -> None:
        """Empieza (o vuelve) a aceptar conexiones; repetirlo no hace nada."""
        with self._cerrojo:
            if self._oyente is not None:
                return
            oyente = self._atar(self.puerto)
            oyente.listen(512)
            self._oyente = oyente
        threading.Thread(
            target=self._aceptar, args=(oyente,), name=f"ensayo-{self.puerto}", daemon=True
        ).start()

    def cerrar(self) -> None:
        """Deja de aceptar: quien llame recibe «conexión rechazada». Suelta las que están ociosas.

        Las peticiones en curso terminan; su conexión se cierra después.
        """
        with self._cerrojo:
            oyente, self._oyente = self._oyente, None
            if oyente is None:
                return
            # `shutdown` despierta al hilo que acepta y deja de escuchar en el acto; con `close`
            # solo, el núcleo seguiría aceptando hasta que ese hilo despertara.
            _apagar(oyente)
            oyente.close()
            ociosas = [m for m, ocupada in self._conexiones.items() if not ocupada]
        for manejador in ociosas:
            _apagar(manejador.connection)

    def detener(self) -> None:
        """Cierra la puerta y suelta el puerto."""
        self.cerrar()
        self._reserva.close()

    def _aceptar(self, oyente: socket.socket) -> None:
        with selectors.DefaultSelector() as espera:
            try:
                espera.register(oyente, selectors.EVENT_READ)
            except (ValueError, OSError):
                return  # se cerró antes de empezar
            while self._oyente is oyente:
                espera.select(1.0)
                try:
                    conexion, direccion = oyente.accept()
                except OSError:
                    return
                conexion.settimeout(ESPERA_OCIOSA_S)
                threading.Thread(
                    target=self._atender, args=(conexion, direccion), daemon=True
                ).start()

    def _atender(self, conexion: socket.socket, direccion: Any) -> None:
        try:
            Manejador(conexion, direccion, self)
        except (ConnectionError, TimeoutError, OSError):
            pass  # el cliente se fue o se le cortó: no hay a quién decirle nada
        finally:
            conexion.close()

    def marcar(self, manejador: "Manejador", *, ocupada: bool) -> None:
        """Anota si una conexión está a media petición; dice al manejador si debe irse."""
        with self._cerrojo:
            self._conexiones[manejador] = ocupada
            if self._oyente is None and not ocupada:
                manejador.close_connection = True

    def olvidar(self, manejador: "Manejador") -> None:
        """La conexión terminó."""
        with self._cerrojo:
            self._conexiones.pop(manejador, None)


def _apagar(enchufe: socket.socket) -> None:
    try:
        enchufe.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # ya estaba cerrado


class Manejador(BaseHTTPRequestHandler):
    """Una conexión: lee cada petición entera, llama a la aplicación y responde con largo exacto."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, conexion: socket.socket, direccion: Any, puerta: Puerta) -> None:
        """Atiende la conexión hasta que termina."""
        self.puerta = puerta
        conexion.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().__init__(conexion, direccion, puerta)  # type: ignore[arg-type]

    def setup(self) -> None:
        """Entra en la lista de conexiones de la puerta."""
        super().setup()
        self.puerta.marcar(self, ocupada=False)

    def finish(self) -> None:
        """Sale de la lista."""
        self.puerta.olvidar(self)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Silencio: el muro y `/estado` ya cuentan lo que pasó."""

    def atender(self) -> None:
        """Una petición, con cualquier verbo."""
        self.puerta.marcar(self, ocupada=True)
        try:
            cuerpo = self._leer_cuerpo()
            if cuerpo is None:
                self.send_error(413)
                return
            self._responder(self._entorno(cuerpo))
        except ConnectionError:
            self.close_connection = True
        finally:
            self.puerta.marcar(self, ocupada=False)

    def _leer_cuerpo(self) -> bytes | None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._leer_trozos()
        largo = int(self.headers.get("Content-Length") or 0)
        if largo > CUERPO_MAX_BYTES:
            self.close_connection = True
            return None
        cuerpo = self.rfile.read(largo) if largo else b""
        if len(cuerpo) < largo:
            raise ConnectionError("el cliente se fue antes de terminar de enviar")
        return cuerpo

    def _leer_trozos(self) -> bytes:
        partes: list[bytes] = []
        while True:
            linea = self.rfile.readline(1024)
            if not linea:
                raise ConnectionError("el cliente se fue antes de terminar de enviar")
            largo = int(linea.split(b";")[0], 16)
            trozo = self.rfile.read(largo)
            self.rfile.readline(1024)
            if largo == 0:
                return b"".join(partes)
            partes.append(trozo)

    def _entorno(self, cuerpo: bytes) -> dict[str, Any]:
        partes = urlsplit(self.path)
        entorno: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(partes.path, "latin-1"),
            "QUERY_STRING": partes.query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(cuerpo)),
            "REMOTE_ADDR": self.client_address[0],
            "SERVER_NAME": self.puerta.anfitrion,
            "SERVER_PORT": str(self.puerta.puerto),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(cuerpo),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "ensayo.enchufe": self.connection,
        }
        for nombre, valor in self.headers.items():
            clave = nombre.upper().replace("-", "_")
            if clave not in {"CONTENT_TYPE", "CONTENT_LENGTH", "TRANSFER_ENCODING"}:
                entorno[f"HTTP_{clave}"] = valor
        return entorno

    def _responder(self, entorno: dict[str, Any]) -> None:
        cabeza: list[Any] = []

        def iniciar(estado: str, cabeceras: list[tuple[str, str]], _: Any = None) -> Any:
            cabeza[:] = [estado, cabeceras]
            return None

        comenzar: StartResponse = iniciar
        resultado: Iterable[bytes] = self.puerta.app(entorno, comenzar)
        try:
            cuerpo = b"".join(resultado)
        finally:
            if hasattr(resultado, "close"):
                resultado.close()
        self.wfile.write(self._cabeceras(cabeza[0], cabeza[1], len(cuerpo)) + self._visible(cuerpo))

    def _visible(self, cuerpo: bytes) -> bytes:
        return b"" if self.command == "HEAD" else cuerpo

    def _cabeceras(self, estado: str, cabeceras: list[tuple[str, str]], largo: int) -> bytes:
        lineas = [f"HTTP/1.1 {estado}", f"Date: {self.date_time_string()}"]
        lineas += [f"{n}: {v}" for n, v in cabeceras if n.lower() != "content-length"]
        lineas.append(f"Content-Length: {largo}")
        if self.close_connection:
            lineas.append("Connection: close")
        return ("\r\n".join(lineas) + "\r\n\r\n").encode("latin-1")


for _verbo in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
    setattr(Manejador, f"do_{_verbo}", Manejador.atender)
