"""Lo que el panel recibe de la raíz: nada de esto lo construye él."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from flask import current_app
from sqlalchemy.orm import Session, sessionmaker

from cola.credenciales import Caja
from cola.tomas import Credencial
from conectores.contrato import Permiso, Reciente, Red
from conectores.costos import Tarifas
from conectores.enlace import Enlazador
from conectores.tarjetas import Tarjetas
from piezas.almacen import Almacen
from piezas.firmas import Sello

EXTENSION = "publicador"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recientes:
    """Lo que se vio en la red, de lo más nuevo a lo más viejo; o por qué no se pudo mirar."""

    vistas: tuple[Reciente, ...] = ()
    fallo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Servicios:
    """Sesiones, reloj, sello de aprobaciones, archivos y el timbre del motor."""

    sesiones: sessionmaker[Session]
    ahora: Callable[[], datetime]
    sello: Sello
    almacen: Almacen
    despertar: Callable[[], None]
    """Avisa al motor de este proceso que hay algo para ya; si está en otro, no hace nada."""
    tolerancia: timedelta
    url_publica: str
    clave_sesion: str
    """Secreto para firmar cookies y CSRF."""
    claves_anteriores: tuple[str, ...] = ()
    entidad: str = "Alcaldía de Bucaramanga"
    version: str = ""
    """La de este programa; la dice `/salud`."""
    tarifas_x: Tarifas = field(default_factory=Tarifas)
    """Lo que cobra X, según los ajustes: se muestra antes de aprobar."""
    video_maximo_bytes: int = 1 << 30
    """El video más pesado que se recibe."""
    caja: Caja | None = None
    """Sella las credenciales que se conectan desde el panel."""
    enlazadores: Mapping[Red, Enlazador] = field(default_factory=dict)
    """Cómo se conecta cada red; las que no están no se conectan aquí."""
    redes: frozenset[Red] = frozenset()
    """A las que esta versión sabe publicar."""
    verificar: Callable[[Credencial], Permiso] | None = None
    """Pregunta a la red por el permiso de una cuenta. Lanza `ErrorDeConector`."""
    tarjetas: Tarjetas | None = None
    """Visita las páginas enlazadas, para mostrar su tarjeta; `None` = no se visitan."""
    recientes: Callable[[int, datetime], Recientes] | None = None
    """(cuenta, desde) → lo último que la red muestra de esa cuenta, o la razón de no verlo."""
    enviar_carta: Callable[[str, str, str], bool] | None = None
    """Manda un correo (para, asunto, texto) y dice si salió; `None` = no hay correo."""
    revisar_aviso: Callable[[str], str] | None = None
    """Por qué no se le pueden mandar avisos a esa dirección; vacío si se puede."""
    segundo_factor_obligatorio: bool = False
    """Si quien aprueba, maneja cuentas o administra debe usar segundo factor."""
    lecturas: sessionmaker[Session] | None = None
    """Sesiones que solo leen, para que mirar no espere a quien escribe."""

    @property
    def leer(self) -> sessionmaker[Session]:
        """Sesiones para mirar; las de escribir, si la raíz no dio otras."""
        return self.lecturas or self.sesiones


def servicios() -> Servicios:
    """Los servicios de la aplicación que atiende esta petición."""
    return cast(Servicios, current_app.extensions[EXTENSION])
