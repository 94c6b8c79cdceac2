"""El contrato con las redes: qué entra en un conector, qué sale y qué verbos tiene."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable


class Red(StrEnum):
    """Las redes a las que sabe ir una publicación."""

    FACEBOOK = "facebook"
    X = "x"
    WORDPRESS = "wordpress"
    CORREO = "correo"
    MANUAL = "manual"


class Clase(StrEnum):
    """Qué es un adjunto para la red que lo recibe."""

    IMAGEN = "imagen"
    GIF = "gif"
    VIDEO = "video"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjunto:
    """Un archivo listo para una red: los bytes que se aprobaron, con su texto alternativo."""

    clase: Clase
    huella: str
    """SHA-256 hexadecimal de los bytes que salen; el conector no la calcula de nuevo."""
    tipo: str
    """Tipo MIME, por ejemplo `image/jpeg`."""
    nombre: str
    """Nombre ASCII propio, nunca el que escribió una persona."""
    archivo: Path
    """Camino absoluto del archivo en esta máquina."""
    peso_bytes: int
    ancho_px: int
    alto_px: int
    texto_alternativo: str
    duracion_s: float | None = None
    """Solo en video."""
    subtitulos: Path | None = None
    """Archivo SRT o VTT de un video."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Lo que solo entiende un sitio web."""

    extracto: str = ""
    categorias: tuple[str, ...] = ()
    etiquetas: tuple[str, ...] = ()
    autor: str | None = None
    """Nombre de usuario en el sitio; `None` = el de la credencial."""
    es_pagina: bool = False
    pagina_padre: str | None = None
    """Slug de la página de la que cuelga; solo si `es_pagina`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envio:
    """El sobre cerrado: lo que sale hacia una red, tal como se aprobó."""

    red: Red
    clave: str
    """Clave propia, única por versión y cuenta: `pub-` y 16 hexadecimales. Vale como slug."""
    titulo: str
    segmentos: tuple[str, ...]
    """Los textos en orden. Uno solo, salvo un hilo de X."""
    enlace: str | None = None
    """Solo si la red lo lleva aparte del texto (tarjeta de Facebook, enlace al pie en la web)."""
    adjuntos: tuple[Adjunto, ...] = ()
    primer_comentario: str | None = None
    web: Web = field(default_factory=Web)

    @property
    def texto(self) -> str:
        """El texto de la publicación (en un hilo, el primer segmento)."""
        return self.segmentos[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paso:
    """Una llamada sin vuelta atrás dentro de una entrega: `publicar`, `segmento-2`, `comentar`."""

    nombre: str
    huella: str
    """SHA-256 del texto que sale en este paso; queda en el libro de intentos."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listo:
    """Todo lo repetible ya está hecho: falta una sola llamada, `paso`."""

    envio: Envio
    paso: Paso
    subidos: tuple[str, ...] = ()
    """Identificadores de los medios (o del borrador) en la red, en orden."""
    en_respuesta_a: str | None = None
    """Id de la publicación de la que cuelga este paso (hilo, primer comentario)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recibo:
    """La red aceptó un paso: su identificador y su dirección."""

    id_remoto: str
    url: str
    completo: bool = True
    """`False` si a la entrega le faltan pasos (otro segmento, el comentario, el proceso de video).

    Entonces `id_remoto` y `url` son los de ESTE paso; el recibo final lleva los de la publicación.
    """
    aviso: str = ""
    """Frase para las personas cuando salió bien pero algo merece verse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hallazgo:
    """Lo que se vio al mirar la propia cuenta: de más antigua a más nueva; vacío = no está."""

    recibos: tuple[Recibo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Permiso:
    """Lo que la red dice de la credencial."""

    vale: bool
    identificador: str
    nombre: str
    alcances: tuple[str, ...] = ()
    faltan: tuple[str, ...] = ()
    vence_en: datetime | None = None
    advertencias: tuple[str, ...] = ()
    """Frases completas en español."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Medida:
    """Una cifra leída en la red. `valor=None` = no disponible, nunca cero."""

    nombre: str
    """Nombre de la métrica en su fuente, por ejemplo `public_metrics.like_count`."""
    valor: float | None
    motivo: str = ""
    """Por qué no está disponible, si no lo está."""


class Libreta(Protocol):
    """Donde un conector anota lo que la red ya tiene, y lo encuentra de nuevo tras una caída.

    Claves libres por conector (`medio-0`, `borrador`, `segmento-1`). `anotar` vuelve solo cuando
    lo anotado ya es durable; lanza `NoSePudoAnotar` si no lo logró, y el conector no debe seguir.
    Anotar vacío es olvidar: esa clave vuelve a leerse como `None`.
    """

    def leer(self, clave: str) -> str | None:
        """Lo anotado, o `None`."""
        ...

    def anotar(self, clave: str, valor: str) -> None:
        """Guarda `valor` de forma durable antes de volver."""
        ...


class Conector(Protocol):
    """Una cuenta de una red. No reintenta, no decide, no conoce la base de datos."""

    red: Red

    def preparar(self, envio: Envio, libreta: Libreta) -> Listo | Recibo:
        """Hace lo repetible (subir medios, crear el borrador) y dice qué paso falta.

        Devuelve un `Recibo` completo si ya no falta nada por hacer público. Lanza `AunNo` si la red
        sigue procesando un medio.
        """
        ...

    def publicar(self, listo: Listo) -> Recibo:
        """La única llamada sin vuelta atrás del paso. El motor anota la salida antes de llamarla.

        No usa la libreta: el motor guarda `recibo.id_remoto` bajo `listo.paso.nombre`.
        """
        ...

    def buscar(self, envio: Envio, libreta: Libreta, paso: str, desde: datetime) -> Hallazgo:
        """Busca en la propia cuenta lo que pudo salir en `paso` desde `desde` (con margen)."""
        ...

    def verificar(self) -> Permiso:
        """Pregunta a la red si el permiso sigue en pie, qué cubre y hasta cuándo."""
        ...

    def retirar(self, id_remoto: str) -> None:
        """Borra lo publicado; que ya no esté también es éxito."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reciente:
    """Una publicación de la propia cuenta, como está ahora en la red."""

    id_remoto: str
    url: str
    texto: str
    """Lo que se lee, sin formato; puede venir recortado por la red."""
    en: datetime | None
    imagenes: int = 0


@runtime_checkable
class Lector(Protocol):
    """El conector que además sabe mostrar lo último que publicó la cuenta."""

    def recientes(self, desde: datetime, cuantas: int) -> tuple[Reciente, ...]:
        """De la más nueva a la más vieja, desde `desde`."""
        ...


@runtime_checkable
class Medidor(Protocol):
    """El conector que además sabe leer cifras."""

    def medir(self, id_remoto: str) -> tuple[Medida, ...]:
        """Las cifras de una publicación en este momento."""
        ...


@runtime_checkable
class Corrector(Protocol):
    """El conector que sabe corregir lo ya publicado conservando su dirección."""

    def corregir(self, id_remoto: str, envio: Envio, libreta: Libreta) -> Recibo:
        """Cambia el contenido; repetirlo no hace daño."""
        ...
