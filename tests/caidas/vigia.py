"""Los puntos del camino de una entrega, vistos desde dentro del proceso; en uno de ellos, se mata.

Suma a los `publicador.puntos` lo que pasa en la base (antes y después de cada confirmación) y en
el cable (conectado sin enviar, a medio enviar) sin tocar el producto: lo oye de SQLAlchemy y de los
avisos de auditoría de Python.
"""

import os
import re
import signal
import sys
import threading
import time
from collections import Counter
from typing import Any

from sqlalchemy import Engine, event

from publicador.puntos import vigilar

_PEDIDO = re.compile(rb"^(GET|POST|PUT|PATCH|DELETE) (\S+) HTTP/1\.1\r\n")
# Dependen del reloj, no del camino: otra corrida puede pasar por ellos más o menos veces.
_DE_RELOJ = frozenset({"lote", "lote-guardado"})
_SUCESOS = {
    "salida": "salida",
    "rescatado": "rescate",
    "hallado": "mirada",
    "ausente": "mirada",
    "no_se_pudo_mirar": "mirada",
}


class Vigia:
    """Anota cada punto que pasa en `diario` y, en la pasada `vez` de `punto`, se da `senal`."""

    def __init__(
        self,
        diario: str,
        punto: str | None = None,
        vez: int = 1,
        senal: signal.Signals = signal.SIGKILL,
    ) -> None:
        self._senal = senal
        self._diario = os.open(diario, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._punto, self._vez = punto, vez
        self._pasadas: Counter[str] = Counter()
        self._cerrojo = threading.Lock()
        self._hilo = threading.local()

    def instalar(self) -> None:
        """Empieza a oír los puntos del motor y el cable."""
        vigilar(self._del_motor)
        sys.addaudithook(self._del_cable)

    def pasar(self, nombre: str) -> None:
        """Un punto más; si es el señalado, aquí muere todo."""
        with self._cerrojo:
            self._pasadas[nombre] += 1
            os.write(self._diario, f"{nombre}\n".encode())
            if nombre == self._punto and self._pasadas[nombre] == self._vez:
                os.kill(os.getpid(), self._senal)
                # SIGSTOP tarda un instante en alcanzar a este hilo: que no pase del punto.
                time.sleep(0.2)

    # — el motor —

    def _del_motor(self, nombre: str) -> None:
        if nombre == "salida-anotada":
            self._hilo.publica = True
        if nombre in {"respondida", "cerrada"}:
            self._hilo.publica = False
        if nombre not in _DE_RELOJ:
            self.pasar(nombre)

    # — el cable —

    def _del_cable(self, suceso: str, argumentos: tuple[Any, ...]) -> None:
        if suceso != "http.client.send" or not isinstance(argumentos[1], bytes):
            return
        pedido = _PEDIDO.match(argumentos[1])
        if pedido is not None:
            self._hilo.pedido = self._nombrar(pedido[1].decode(), pedido[2].decode())
            self.pasar(f"{self._hilo.pedido} · conectado, nada enviado")
        elif nombre := getattr(self._hilo, "pedido", ""):
            self._hilo.pedido = ""
            self.pasar(f"{nombre} · a medio enviar")

    def _nombrar(self, verbo: str, direccion: str) -> str:
        if getattr(self._hilo, "publica", False):
            return "llamada sin vuelta atrás"
        camino = direccion.partition("?")[0]
        # Sin identificadores: el mismo paso se llama igual en cada corrida.
        limpio = re.sub(r"\d[\d_]{2,}", "#", camino.rstrip("/"))
        return f"{verbo} {'/'.join(limpio.split('/')[-2:])}"

    # — la base —

    def mirar_base(self, base: Engine) -> None:
        """Oye las escrituras: qué se confirma, justo antes y justo después."""
        event.listen(base, "before_cursor_execute", self._al_escribir)
        event.listen(base, "commit", self._al_confirmar)
        event.listen(base, "rollback", lambda conexion: conexion.info.pop("vigia", None))
        event.listen(base.pool, "checkin", self._al_devolver)

    def _al_escribir(
        self, conexion: Any, _c: Any, orden: str, _p: Any, contexto: Any, _m: bool
    ) -> None:
        for dato in getattr(contexto, "compiled_parameters", None) or ():
            que = _que_es(orden, dato)
            if que is None:
                continue
            marcas = conexion.info.setdefault("vigia", {})
            if que not in marcas and orden.startswith("INSERT INTO intento"):
                marcas[que] = True
                self.pasar(f"base: {que} · fila cambiada, libro sin escribir")
            marcas[que] = True

    def _al_confirmar(self, conexion: Any) -> None:
        for que in conexion.info.get("vigia", {}):
            self.pasar(f"base: {que} · sin confirmar")

    def _al_devolver(self, _conexion: Any, ficha: Any) -> None:
        for que in ficha.info.pop("vigia", {}):
            self.pasar(f"base: {que} · confirmada")


def _que_es(orden: str, dato: dict[str, Any]) -> str | None:
    if orden.startswith("INSERT INTO intento"):
        suceso = str(dato.get("suceso", ""))
        return _SUCESOS.get(suceso, "cierre")
    if not orden.startswith("UPDATE publicacion") or "_estado" not in dato:
        return None
    # Solo viajan las columnas que cambian: sin `estado` es que sigue el mismo.
    antes = str(dato["_estado"])
    despues = str(dato.get("estado", antes))
    if (antes, despues) == ("programada", "tomada"):
        return "toma"
    if antes == despues == "en_duda" and dato.get("arriendo_hasta") is not None:
        return "toma para mirar"
    # Con algo ya público el obrero no espera a que se guarde el cierre: unas veces van en la misma
    # transacción y otras no. De esas notas quedan los puntos del obrero (`anotado:…`).
    es_nota = antes == despues and '.url"' not in str(dato.get("avance", '.url"'))
    return "nota" if es_nota else None
