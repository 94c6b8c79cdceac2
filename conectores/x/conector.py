"""ConectorX: una cuenta de X. No reintenta, no decide, no conoce la base de datos."""

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
from conectores.errores import NoSalio, Pasajero, SinPermiso, SinRespuesta, YaNoEsta
from conectores.http import Plazos
from conectores.x.cliente import Cliente, es_id
from conectores.x.credencial import leer_credencial
from conectores.x.lectura import coincidentes, leer_propias
from conectores.x.medios import Subidor
from conectores.x.metricas import leer_metricas
from conectores.x.oauth2 import por_vencer
from conectores.x.permiso import leer_permiso
from conectores.x.publicacion import indice_del_paso, nombre_del_paso, turno
from conectores.x.recientes import leer_recientes

OFICIAL = "https://api.x.com"
SITIO = "https://x.com"
"""Donde la gente lee; en un ensayo, el ensayo mismo."""


def _ahora_utc() -> datetime:
    return datetime.now(UTC)


class ConectorX:
    """Publica, mira, mide y retira en una cuenta de X.

    `credencial`: las cuatro llaves OAuth 1.0a, o la OAuth 2.0; `usuario` es optativo y solo sirve
    para armar direcciones. `renovar`: se llama antes de un paso si al token OAuth 2.0 le quedan
    menos de diez minutos; devuelve la credencial nueva, ya guardada.
    """

    red = Red.X

    def __init__(
        self,
        *,
        credencial: Mapping[str, str],
        identificador: str,
        base_url: str | None = None,
        plazos: Plazos | None = None,
        renovar: Callable[[], Mapping[str, str]] | None = None,
        ahora: Callable[[], datetime] = _ahora_utc,
        sitio: str = SITIO,
    ) -> None:
        self._sitio = sitio.rstrip("/")
        self._identificador = identificador
        self._renovar = renovar
        self._ahora = ahora
        self._cliente = Cliente(
            leer_credencial(credencial),
            base_url=base_url or OFICIAL,
            plazos=plazos or Plazos(),
            ahora=ahora,
        )
        self._subidor = Subidor(self._cliente, ahora)

    def preparar(self, envio: Envio, libreta: Libreta) -> Listo | Recibo:
        """Sube los medios y dice qué segmento falta; sin nada pendiente, no llama a la red."""
        siguiente = turno(envio, libreta)
        if siguiente is None:
            # La publicación es el primer segmento: de él cuelga lo demás.
            return self._recibo(libreta.leer(nombre_del_paso(envio, 0)) or "", completo=True)
        self._renovar_si_toca()
        # Los medios van con el primer segmento; los demás son texto.
        subidos = self._subidor.subir(envio, libreta) if siguiente.indice == 0 else ()
        return Listo(
            envio=envio,
            paso=siguiente.paso,
            subidos=subidos,
            en_respuesta_a=siguiente.en_respuesta_a,
        )

    def publicar(self, listo: Listo) -> Recibo:
        """Un solo `POST /2/tweets`. Aquí no se renueva nada: eso fue en `preparar`."""
        indice = indice_del_paso(listo.envio, listo.paso.nombre)
        respuesta = self._cliente.tweepy(
            "create_tweet",
            text=listo.envio.segmentos[indice] or None,
            media_ids=list(listo.subidos) or None,
            in_reply_to_tweet_id=listo.en_respuesta_a,
            publica=True,
        )
        id_remoto = str(self._cliente.datos(respuesta).get("id") or "")
        if not es_id(id_remoto):
            # X aceptó algo, pero sin identificador no hay prueba: es duda, no éxito.
            raise SinRespuesta(detalle=self._cliente.describir(respuesta))
        return self._recibo(id_remoto, completo=len(listo.envio.segmentos) == 1)

    def buscar(self, envio: Envio, libreta: Libreta, paso: str, desde: datetime) -> Hallazgo:
        """Lo publicado por la cuenta desde entonces con el mismo texto y en el mismo lugar."""
        self._renovar_si_toca()
        indice = indice_del_paso(envio, paso)
        padre = libreta.leer(nombre_del_paso(envio, indice - 1)) if indice else None
        vistas = leer_propias(self._cliente, self._identificador, desde)
        halladas = coincidentes(vistas, envio.segmentos[indice], padre)
        completo = len(envio.segmentos) == 1
        return Hallazgo(recibos=tuple(self._recibo(v.id, completo=completo) for v in halladas))

    def verificar(self) -> Permiso:
        """Quién es la cuenta según X y si la credencial deja escribir. Cuesta una lectura."""
        try:
            self._renovar_si_toca()
            return leer_permiso(self._cliente, self._identificador)
        except SinPermiso as error:
            return Permiso(
                vale=False,
                identificador=self._identificador,
                nombre="",
                advertencias=(error.mensaje,),
            )

    def retirar(self, id_remoto: str) -> None:
        """Borra esa publicación; de un hilo, solo la que se nombra."""
        self._renovar_si_toca()
        try:
            respuesta = self._cliente.tweepy("delete_tweet", id_remoto)
        except YaNoEsta:
            return
        if respuesta.content and self._cliente.datos(respuesta).get("deleted") is not True:
            raise SinRespuesta(detalle=self._cliente.describir(respuesta))

    def recientes(self, desde: datetime, cuantas: int) -> tuple[Reciente, ...]:
        """Lo último de la cuenta; X cobra cada publicación leída."""
        self._renovar_si_toca()
        return leer_recientes(self._cliente, self._identificador, self._sitio, desde, cuantas)

    def medir(self, id_remoto: str) -> tuple[Medida, ...]:
        """Las cifras públicas, y las privadas si la publicación tiene menos de 29 días."""
        self._renovar_si_toca()
        return leer_metricas(self._cliente, id_remoto, self._ahora())

    def _recibo(self, id_remoto: str, *, completo: bool) -> Recibo:
        # Sin nombre de usuario, X lleva esta dirección a la buena.
        usuario = self._cliente.credencial.usuario or "i"
        return Recibo(
            id_remoto=id_remoto,
            url=f"{self._sitio}/{usuario}/status/{id_remoto}",
            completo=completo,
        )

    def _renovar_si_toca(self) -> None:
        vence_en = self._cliente.credencial.vence_en
        if self._renovar is None or not por_vencer(vence_en, self._ahora()):
            return
        try:
            nueva = self._renovar()
        except (NoSalio, SinRespuesta, Pasajero):
            # No se sabe si X renovó: mientras el anterior tenga vida, se prueba con él.
            if vence_en is not None and vence_en > self._ahora():
                return
            raise
        self._cliente.usar(leer_credencial(nueva))
