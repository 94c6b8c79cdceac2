"""Lo que X dice de la credencial: de quién es y si deja escribir."""

from conectores.contrato import Permiso
from conectores.errores import SinRespuesta
from conectores.x.cliente import Cliente

_DE_ESCRITURA = frozenset({"read-write", "read-write-directmessages"})


def leer_permiso(cliente: Cliente, identificador: str | None) -> Permiso:
    """Pregunta por la cuenta dueña de la credencial. Lanza `SinPermiso` si ya no vale.

    `identificador=None`: se está conectando, y todavía no hay con qué comparar.
    """
    respuesta = cliente.tweepy("get_me", user_fields=["username", "name"])
    datos = cliente.datos(respuesta)
    id_remoto, usuario = str(datos.get("id") or ""), str(datos.get("username") or "")
    if not id_remoto:
        raise SinRespuesta(detalle=cliente.describir(respuesta))
    nivel = respuesta.headers.get("x-access-level", "")
    advertencias = []
    faltan: tuple[str, ...] = ()
    if nivel and nivel not in _DE_ESCRITURA:
        faltan = ("write",)
        advertencias.append(
            "Las llaves solo dejan leer. Dé permiso de escritura a la aplicación en la consola de "
            "X, genere llaves nuevas y vuelva a conectar la cuenta."
        )
    es_otra = identificador is not None and id_remoto != identificador
    if es_otra:
        advertencias.append(
            f"La credencial es de otra cuenta de X (@{usuario}). Conecte la que corresponde."
        )
    credencial = cliente.credencial
    renovable = bool(credencial.valores.get("refresh_token"))
    if not credencial.es_oauth1 and not renovable:
        advertencias.append(
            "El permiso no se puede renovar y vence en dos horas. Conecte la cuenta de nuevo."
        )
    return Permiso(
        vale=not faltan and not es_otra,
        identificador=id_remoto,
        nombre=f"@{usuario}" if usuario else str(datos.get("name") or ""),
        alcances=tuple(parte for parte in nivel.split("-") if parte),
        faltan=faltan,
        vence_en=None if renovable else credencial.vence_en,
        advertencias=tuple(advertencias),
    )
