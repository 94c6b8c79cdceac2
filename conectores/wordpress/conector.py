"""Un sitio WordPress como conector: borrador, publicar, buscar, corregir, medir y retirar."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from conectores.bloques import componer, titulo_seguro
from conectores.contrato import (
    Clase,
    Envio,
    Hallazgo,
    Libreta,
    Listo,
    Medida,
    Paso,
    Permiso,
    Recibo,
    Reciente,
    Red,
)
from conectores.errores import (
    ContenidoRechazado,
    MalConfigurada,
    MedioPerdido,
    NoSalio,
    SinRespuesta,
    YaNoEsta,
)
from conectores.http import Plazos
from conectores.wordpress import permiso, terminos
from conectores.wordpress.borradores import (
    ENTRADAS,
    PAGINAS,
    buscar_todas,
    crear,
    crudo,
    hallar,
    poner_al_dia,
    ruta_de,
)
from conectores.wordpress.medios import subir_todos
from conectores.wordpress.recientes import leer_recientes
from conectores.wordpress.respuestas import Json
from conectores.wordpress.sitio import Sitio

PUBLICAR = "publicar"
_CAMPOS = ("url", "usuario", "contrasena_aplicacion")


def _ahora() -> datetime:
    return datetime.now(UTC)


class ConectorWordPress:
    """Un sitio y el usuario con que se publica en él."""

    red = Red.WORDPRESS

    def __init__(
        self,
        *,
        credencial: Mapping[str, str],
        identificador: str,
        base_url: str | None = None,
        plazos: Plazos | None = None,
        ahora: Callable[[], datetime] = _ahora,
    ) -> None:
        faltan = [c for c in _CAMPOS if not credencial.get(c) and not (c == "url" and base_url)]
        if faltan:
            raise MalConfigurada(
                f"A la cuenta del sitio le falta {', '.join(faltan)}. Complétela en Cuentas."
            )
        self._identificador = identificador
        self._ahora = ahora
        plazos = plazos or Plazos()
        # Lo que un servidor puede seguir trabajando después de que dejamos de esperarlo.
        self._reposo = timedelta(seconds=2 * plazos.lectura_s)
        self._sitio = Sitio(
            base_url=base_url or credencial["url"],
            usuario=credencial["usuario"],
            contrasena=credencial["contrasena_aplicacion"],
            plazos=plazos,
            ahora=ahora,
        )

    def __repr__(self) -> str:
        """Sin credenciales."""
        return f"ConectorWordPress(identificador={self._identificador!r}, url={self._sitio.base!r})"

    def preparar(self, envio: Envio, libreta: Libreta) -> Listo | Recibo:
        """Sube los medios y deja el borrador listo; un `Recibo` si ya estaba publicado."""
        yo = self._sitio.yo()
        _exigir_capacidades(envio, yo)
        entrada = hallar(self._sitio, envio, libreta, espera=self._reposo)
        if entrada is not None and entrada.get("status") == "publish":
            return _recibo(entrada)
        cuerpo = self._cuerpo(envio, libreta, yo)
        if entrada is None:
            entrada = crear(self._sitio, envio, cuerpo, libreta, ahora=self._ahora())
            if entrada.get("status") == "publish":
                return _recibo(entrada)
        else:
            entrada = poner_al_dia(self._sitio, envio, entrada, cuerpo)
        _exigir_destacada(entrada, cuerpo)
        return Listo(envio=envio, paso=_paso(envio), subidos=(str(entrada["id"]),))

    def publicar(self, listo: Listo) -> Recibo:
        """Hace visible el borrador, con la dirección que sale de su título."""
        (id_borrador,) = listo.subidos
        self._abrir()
        # Sin fecha: con una, un reloj adelantado la dejaría «programada» en el sitio.
        try:
            entrada = self._sitio.guardar(
                f"{ruta_de(listo.envio)}/{id_borrador}", {"status": "publish", "slug": ""}
            )
        except YaNoEsta as error:
            raise ContenidoRechazado(
                "Alguien borró el borrador en el sitio antes de publicarse. Si debe salir, "
                "cancele esta entrega y prográmela de nuevo.",
                detalle=error.detalle,
            ) from None
        if entrada.get("status") != "publish":
            raise SinRespuesta(
                "El sitio guardó la entrada pero no la publicó.",
                detalle=f"quedó en {entrada.get('status')}",
            )
        return _recibo(entrada)

    def buscar(self, envio: Envio, libreta: Libreta, paso: str, desde: datetime) -> Hallazgo:
        """Lo publicado con la clave de este envío; un borrador no cuenta como salido."""
        if paso != PUBLICAR:
            return Hallazgo()
        self._sitio.yo()
        publicadas = {
            int(entrada["id"]): entrada
            for entrada in (
                *self._anotada(envio, libreta),
                *buscar_todas(self._sitio, envio, desde=desde),
            )
            if entrada.get("status") == "publish"
        }
        return Hallazgo(recibos=tuple(_recibo(publicadas[id_]) for id_ in sorted(publicadas)))

    def verificar(self) -> Permiso:
        """Si el sitio reconoce al usuario y qué le deja hacer."""
        return permiso.verificar(self._sitio, self._identificador)

    def corregir(self, id_remoto: str, envio: Envio, libreta: Libreta) -> Recibo:
        """Cambia título, texto, extracto y medios; la dirección se conserva.

        Lanza `ContenidoRechazado` si alguien la cambió en el sitio después de la última corrección.
        """
        yo = self._sitio.yo()
        ruta = f"{ruta_de(envio)}/{id_remoto}"
        antes = self._sitio.leer(ruta, {"context": "edit"})
        if not isinstance(antes, dict) or antes.get("status") == "trash":
            raise YaNoEsta
        cuerpo = self._cuerpo(envio, libreta, yo)
        visto = libreta.leer("modificada")
        cambiada = visto is not None and visto != antes.get("modified_gmt")
        if cambiada and crudo(antes, "content") != cuerpo["content"]:
            raise ContenidoRechazado(
                "Alguien cambió la entrada en el sitio después de nuestra última corrección. "
                "Mírela antes de volver a corregirla."
            )
        despues = self._sitio.guardar(ruta, cuerpo)
        _exigir_destacada(despues, cuerpo)
        libreta.anotar("modificada", str(despues.get("modified_gmt", "")))
        mudada = despues.get("link") != antes.get("link")
        return _recibo(despues, aviso="La dirección de la entrada cambió." if mudada else "")

    def retirar(self, id_remoto: str) -> None:
        """Manda la entrada o página a la papelera del sitio."""
        for ruta in (ENTRADAS, PAGINAS):
            try:
                self._sitio.borrar(f"{ruta}/{id_remoto}")
            except YaNoEsta:
                continue
            return

    def recientes(self, desde: datetime, cuantas: int) -> tuple[Reciente, ...]:
        """Lo último publicado en el sitio."""
        return leer_recientes(self._sitio, desde, cuantas)

    def medir(self, id_remoto: str) -> tuple[Medida, ...]:
        """Los comentarios aprobados; WordPress no cuenta visitas."""
        self._exigir_publicada(id_remoto)
        total = self._sitio.contar("/wp/v2/comments", {"post": id_remoto, "per_page": 1})
        return (
            Medida(
                nombre="comments.total",
                valor=None if total is None else float(total),
                motivo="" if total is not None else "El sitio no dijo cuántos comentarios hay.",
            ),
            Medida(
                nombre="views",
                valor=None,
                motivo="No disponible: WordPress no cuenta visitas; las da Matomo.",
            ),
        )

    # --- por dentro ---

    def _cuerpo(self, envio: Envio, libreta: Libreta, yo: Json) -> dict[str, object]:
        medios = subir_todos(self._sitio, envio, libreta)
        destacada = medios[0] if medios and envio.adjuntos[0].clase is not Clase.VIDEO else None
        web = envio.web
        cuerpo: dict[str, object] = {
            "title": titulo_seguro(envio.titulo),
            "content": componer(
                envio.texto,
                clave=envio.clave,
                enlace=envio.enlace,
                medios=medios[1:] if destacada else medios,
            ),
            "excerpt": titulo_seguro(web.extracto),
            "featured_media": int(destacada.id) if destacada else 0,
        }
        if web.autor:
            cuerpo["author"] = terminos.autor(self._sitio, web.autor, yo=yo)
        if web.es_pagina:
            if web.pagina_padre:
                cuerpo["parent"] = terminos.pagina_padre(self._sitio, web.pagina_padre)
            return cuerpo
        # Sin categorías no se manda nada: el sitio pone la suya.
        if web.categorias:
            cuerpo["categories"] = terminos.categorias(self._sitio, web.categorias, yo=yo)
        if web.etiquetas:
            cuerpo["tags"] = terminos.etiquetas(self._sitio, web.etiquetas)
        return cuerpo

    def _abrir(self) -> None:
        # Un conector nuevo pregunta primero dónde está la API. Si eso falla, la llamada sin vuelta
        # atrás no se hizo: no es una duda.
        try:
            self._sitio.indice()
        except SinRespuesta as error:
            raise NoSalio(detalle=error.detalle) from None

    def _anotada(self, envio: Envio, libreta: Libreta) -> list[Json]:
        anotado = libreta.leer("borrador")
        if anotado is None:
            return []
        try:
            return [self._sitio.leer(f"{ruta_de(envio)}/{anotado}", {"context": "edit"})]
        except YaNoEsta:
            return []

    def _exigir_publicada(self, id_remoto: str) -> None:
        for ruta in (ENTRADAS, PAGINAS):
            try:
                entrada = self._sitio.leer(f"{ruta}/{id_remoto}", {"context": "edit"})
            except YaNoEsta:
                continue
            if isinstance(entrada, dict) and entrada.get("status") == "publish":
                return
        raise YaNoEsta


def _paso(envio: Envio) -> Paso:
    partes = (envio.titulo, *envio.segmentos, envio.enlace or "")
    return Paso(nombre=PUBLICAR, huella=hashlib.sha256("\n\n".join(partes).encode()).hexdigest())


def _recibo(entrada: Json, *, aviso: str = "") -> Recibo:
    enlace = entrada.get("link")
    if not isinstance(enlace, str) or not enlace.startswith(("https://", "http://")):
        raise SinRespuesta("El sitio no dijo en qué dirección quedó la entrada.")
    return Recibo(id_remoto=str(entrada["id"]), url=enlace, aviso=aviso)


def _exigir_capacidades(envio: Envio, yo: Json) -> None:
    """Antes de subir nada: lo que el usuario del sitio no podrá hacer al final."""
    tipo = "pages" if envio.web.es_pagina else "posts"
    hacen_falta = {f"publish_{tipo}": "publicar páginas" if tipo == "pages" else "publicar"}
    if envio.adjuntos:
        hacen_falta["upload_files"] = "subir medios"
    for capacidad, para in hacen_falta.items():
        if not terminos.puede(yo, capacidad):
            raise ContenidoRechazado(
                f"El usuario del sitio no puede {para} ({capacidad}). Pida a quien administra el "
                "sitio que le dé el papel de editor y reintente."
            )


def _exigir_destacada(entrada: Json, cuerpo: Mapping[str, object]) -> None:
    # Un medio que ya no existe se pierde sin error: el sitio responde bien y lo deja en cero.
    if entrada.get("featured_media", 0) != cuerpo["featured_media"]:
        raise MedioPerdido(detalle="el sitio no conservó la imagen destacada")
