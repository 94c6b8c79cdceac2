"""La página de Facebook como conector: los verbos del contrato, cada uno en una llamada clara."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from conectores.contrato import (
    Envio,
    Hallazgo,
    Libreta,
    Listo,
    Medida,
    Permiso,
    Recibo,
    Reciente,
    Red,
)
from conectores.errores import MalConfigurada, MedioPerdido, YaNoEsta
from conectores.facebook import busqueda, cierre, metricas, permiso
from conectores.facebook.cliente import VERSION, Grafo
from conectores.facebook.errores import en_palabras
from conectores.facebook.fotos import id_de, subir_fotos
from conectores.facebook.lectura import direccion, direccion_de
from conectores.facebook.publicacion import (
    COMENTAR,
    PUBLICAR,
    cuerpo,
    paso_publicar,
    queda_algo,
    video_de,
)
from conectores.facebook.recientes import leer_recientes
from conectores.facebook.respuesta import FalloDeGrafo
from conectores.facebook.video import subir_video, terminar_video
from conectores.http import Plazos, Sesion

BASE_URL = "https://graph.facebook.com"
_SIN_IMAGEN = 324


def _ahora() -> datetime:
    return datetime.now(UTC)


class ConectorFacebook:
    """Una página de Facebook."""

    red = Red.FACEBOOK

    def __init__(
        self,
        *,
        credencial: Mapping[str, str],
        identificador: str,
        base_url: str | None = None,
        plazos: Plazos | None = None,
        version: str = VERSION,
        ahora: Callable[[], datetime] = _ahora,
    ) -> None:
        self._token = credencial.get("token_pagina") or ""
        if not self._token:
            raise MalConfigurada("Falta el token de la página de Facebook. Conéctela en Cuentas.")
        self._pagina = identificador
        self._id_app = credencial.get("id_app") or ""
        self._secreto_app = credencial.get("secreto_app") or ""
        self._base = base_url or BASE_URL
        self._plazos = plazos or Plazos()
        self._version = version
        self._ahora = ahora
        self._sesion = Sesion(self._plazos)
        self._grafo = self._cliente(self._token, secreto_app=self._secreto_app or None)

    def __repr__(self) -> str:
        """Sin credenciales."""
        return f"ConectorFacebook(identificador={self._pagina!r}, base_url={self._base!r})"

    def preparar(self, envio: Envio, libreta: Libreta) -> Listo | Recibo:
        """Sube lo que falte; si ya salió, dice qué paso sigue o entrega el recibo final."""
        with en_palabras(self._ahora):
            salio = libreta.leer(PUBLICAR)
            if salio:
                return cierre.seguir(self._grafo, self._pagina, envio, libreta, salio, self._ahora)
            try:
                subidos = self._subir(envio, libreta)
            except FalloDeGrafo as fallo:
                raise _sin_pagina(fallo) from None
        return Listo(envio=envio, paso=paso_publicar(envio), subidos=subidos)

    def publicar(self, listo: Listo) -> Recibo:
        """La publicación, o su primer comentario: una sola llamada."""
        with en_palabras(self._ahora, publica=True):
            if listo.paso.nombre == COMENTAR:
                return cierre.comentar(self._grafo, listo, self._ahora)
            if video_de(listo.envio) is not None:
                return self._publicar_video(listo)
            return self._publicar_en_el_muro(listo)

    def buscar(self, envio: Envio, libreta: Libreta, paso: str, desde: datetime) -> Hallazgo:
        """Mira la propia página: la publicación, el comentario o el video de `paso`."""
        with en_palabras(self._ahora):
            if paso == COMENTAR:
                return busqueda.buscar_comentario(self._grafo, self._pagina, envio, libreta, desde)
            if video_de(envio) is not None:
                return busqueda.buscar_video(self._grafo, libreta)
            return busqueda.buscar_publicacion(self._grafo, self._pagina, envio, desde)

    def recientes(self, desde: datetime, cuantas: int) -> tuple[Reciente, ...]:
        """Lo último que muestra la página."""
        with en_palabras(self._ahora):
            return leer_recientes(self._grafo, self._pagina, desde, cuantas)

    def medir(self, id_remoto: str) -> tuple[Medida, ...]:
        """Contadores y métricas de la publicación, ahora."""
        with en_palabras(self._ahora):
            return metricas.medir(self._grafo, id_remoto, self._ahora)

    def verificar(self) -> Permiso:
        """Si el permiso sigue en pie, qué cubre y hasta cuándo."""
        grafo_de_app = None
        if self._id_app and self._secreto_app:
            # `debug_token` va con la credencial de la aplicación y sin `appsecret_proof`.
            grafo_de_app = self._cliente(f"{self._id_app}|{self._secreto_app}")
        with en_palabras(self._ahora):
            return permiso.verificar(
                self._grafo,
                grafo_de_app,
                token=self._token,
                pagina=self._pagina,
                id_app=self._id_app,
                ahora=self._ahora,
            )

    def retirar(self, id_remoto: str) -> None:
        """Borra la publicación; que ya no esté también es éxito."""
        with en_palabras(self._ahora):
            try:
                self._grafo.delete_object(id_remoto)
            except FalloDeGrafo as fallo:
                if not _no_existe(fallo):
                    raise

    def corregir(self, id_remoto: str, envio: Envio, libreta: Libreta) -> Recibo:
        """Cambia el texto; Facebook no deja cambiar los medios ni el enlace."""
        with en_palabras(self._ahora):
            try:
                self._grafo.request(
                    f"{self._grafo.version}/{id_remoto}", post_args={"message": envio.texto}
                )
            except FalloDeGrafo as fallo:
                if not _no_existe(fallo):
                    raise
                raise YaNoEsta(
                    "La publicación ya no está en Facebook, así que no se pudo corregir.",
                    detalle=fallo.detalle,
                ) from None
        return Recibo(id_remoto=id_remoto, url=direccion(id_remoto))

    def _subir(self, envio: Envio, libreta: Libreta) -> tuple[str, ...]:
        video = video_de(envio)
        if video is None:
            return subir_fotos(self._grafo, self._pagina, envio, libreta, self._ahora)
        subido = subir_video(self._grafo, self._pagina, video, libreta, self._ahora)
        return (subido.id, subido.sesion)

    def _publicar_en_el_muro(self, listo: Listo) -> Recibo:
        try:
            datos = self._grafo.request(
                f"{self._grafo.version}/{self._pagina}/feed",
                args={"fields": "id,permalink_url"},
                post_args=cuerpo(listo),
            )
        except FalloDeGrafo as fallo:
            if listo.subidos and (fallo.codigo == _SIN_IMAGEN or _no_existe(fallo)):
                raise MedioPerdido(
                    "Facebook ya no tiene las fotos subidas. Se subirán de nuevo.",
                    detalle=fallo.detalle,
                ) from None
            raise _sin_pagina(fallo) from None
        id_remoto = id_de(datos)
        return Recibo(
            id_remoto=id_remoto,
            url=direccion_de(datos, id_remoto),
            completo=not queda_algo(listo.envio),
        )

    def _publicar_video(self, listo: Listo) -> Recibo:
        video, sesion = listo.subidos
        terminar_video(
            self._grafo,
            self._pagina,
            sesion=sesion,
            titulo=listo.envio.titulo,
            descripcion=listo.envio.texto,
        )
        return Recibo(id_remoto=video, url=direccion(video), completo=False)

    def _cliente(self, token: str, *, secreto_app: str | None = None) -> Grafo:
        return Grafo(
            token,
            sesion=self._sesion,
            base_url=self._base,
            plazos=self._plazos,
            version=self._version,
            secreto_app=secreto_app,
            secretos=(self._token, self._secreto_app),
        )


def _no_existe(fallo: FalloDeGrafo) -> bool:
    return (fallo.codigo, fallo.subcodigo) == cierre.NO_EXISTE


def _sin_pagina(fallo: FalloDeGrafo) -> FalloDeGrafo | MalConfigurada:
    """Escribir en una página que «no existe» es un identificador equivocado."""
    if not _no_existe(fallo):
        return fallo
    return MalConfigurada(
        "Facebook no encuentra la página. Revise el identificador de la cuenta y que la conexión "
        "sea la de esa página.",
        detalle=fallo.detalle,
    )
