"""Preguntar a Facebook si el permiso de la página sigue en pie, qué cubre y hasta cuándo."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from conectores.contrato import Permiso
from conectores.errores import SinPermiso
from conectores.facebook.cliente import Grafo
from conectores.facebook.errores import clasificar
from conectores.facebook.respuesta import FalloDeGrafo, entero

ALCANCES = (
    "pages_show_list",
    "pages_manage_posts",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "read_insights",
)
"""Publicar, mirar lo publicado, comentar y medir."""
_AVISO_DE_ACCESO = timedelta(days=14)
_MODO = (
    "Confirme en el sitio de desarrolladores de Meta que la aplicación está en modo «Activo»: "
    "en modo de desarrollo, lo publicado solo lo ve el equipo de la aplicación."
)
_SIN_APP = (
    "Sin el id y el secreto de la aplicación no se puede saber qué permisos cubre la conexión "
    "ni cuándo vence. Agréguelos en Cuentas."
)
_APP_MAL = (
    "Facebook no aceptó el id o el secreto de la aplicación, así que no se pudo saber qué "
    "permisos cubre la conexión. Revíselos en Cuentas."
)
_NO_ES_PAGINA = (
    "El permiso es de una persona y no de la página. Vuelva a conectar en Cuentas con el de la "
    "página."
)
_OTRA_PAGINA = "El permiso es de otra página. Revise el identificador de la cuenta."
_OTRA_APP = "El permiso se dio a otra aplicación. Revise el id de la aplicación en Cuentas."


def verificar(
    grafo: Grafo,
    grafo_de_app: Grafo | None,
    *,
    token: str,
    pagina: str,
    id_app: str,
    ahora: Callable[[], datetime],
) -> Permiso:
    """Lo que Facebook dice del permiso. `grafo_de_app`: cliente con la firma de la aplicación."""
    revision: dict[str, Any] = {}
    advertencias = [_SIN_APP]
    if grafo_de_app is not None:
        revision = revisar_token(grafo_de_app, token, ahora)
        advertencias = [] if revision else [_APP_MAL]
    if revision.get("is_valid") is False:
        return _no_vale(pagina, _motivo_del_token(revision, ahora))
    try:
        yo = grafo.get_object("me", fields="id,name")
    except FalloDeGrafo as fallo:
        error = clasificar(fallo, publica=False, ahora=ahora())
        if isinstance(error, SinPermiso):
            return _no_vale(pagina, error.mensaje)
        raise error from None
    problemas = _problemas(revision, yo, pagina, id_app)
    alcances = alcances_para(revision, pagina)
    return Permiso(
        vale=not problemas,
        identificador=pagina,
        nombre=str(yo.get("name") or "") if isinstance(yo, dict) else "",
        alcances=alcances,
        faltan=tuple(a for a in ALCANCES if a not in alcances) if revision else (),
        vence_en=_primero(revision),
        advertencias=(*problemas, *advertencias, *_por_acceso(revision, ahora()), _MODO),
    )


def revisar_token(grafo: Grafo, token: str, ahora: Callable[[], datetime]) -> dict[str, Any]:
    """`debug_token`; vacío si la red no aceptó la firma de la aplicación.

    Es una lectura, pero va como POST con `method`, que Graph entiende: así el token viaja en el
    cuerpo y no en una dirección, que cualquier intermediario puede anotar.
    """
    try:
        datos = grafo.request(
            f"{grafo.version}/debug_token", post_args={"method": "GET", "input_token": token}
        )
    except FalloDeGrafo as fallo:
        if fallo.codigo in (100, 101, 104, 190, 2500):
            return {}
        raise clasificar(fallo, publica=False, ahora=ahora()) from None
    revision = datos.get("data") if isinstance(datos, dict) else None
    return revision if isinstance(revision, dict) else {}


def _motivo_del_token(revision: dict[str, Any], ahora: Callable[[], datetime]) -> str:
    error = revision.get("error") or {"code": 190}
    fallo = FalloDeGrafo({"error": error}, estado=400, cabeceras={}, limpiar=str)
    return clasificar(fallo, publica=False, ahora=ahora()).mensaje


def _no_vale(pagina: str, motivo: str) -> Permiso:
    return Permiso(vale=False, identificador=pagina, nombre="", advertencias=(motivo,))


def _problemas(revision: dict[str, Any], yo: Any, pagina: str, id_app: str) -> list[str]:
    """Lo que hace inservible un permiso que por lo demás está vivo."""
    visto = str(yo.get("id") or "") if isinstance(yo, dict) else ""
    if revision.get("type") == "USER":
        return [_NO_ES_PAGINA]
    if pagina not in (visto, str(revision.get("profile_id") or "")):
        return [_OTRA_PAGINA if revision.get("type") == "PAGE" else _NO_ES_PAGINA]
    if revision and str(revision.get("app_id") or id_app) != id_app:
        return [_OTRA_APP]
    return []


def alcances_para(revision: dict[str, Any], pagina: str) -> tuple[str, ...]:
    """Los permisos que cubren esta página: uno dado solo para otras no cuenta."""
    ajenos = set()
    for grano in revision.get("granular_scopes") or ():
        destinos = grano.get("target_ids") if isinstance(grano, dict) else None
        if destinos and pagina not in map(str, destinos):
            ajenos.add(grano.get("scope"))
    return tuple(str(a) for a in revision.get("scopes") or () if a not in ajenos)


def _momento(revision: dict[str, Any], campo: str) -> datetime | None:
    """Graph da segundos; 0 o ausente = no vence."""
    segundos = entero(revision.get(campo))
    return datetime.fromtimestamp(segundos, UTC) if segundos and segundos > 0 else None


def _primero(revision: dict[str, Any]) -> datetime | None:
    """Lo que venza antes: el token o el acceso a datos, que caduca aunque el token no."""
    fechas = [_momento(revision, c) for c in ("expires_at", "data_access_expires_at")]
    return min((f for f in fechas if f is not None), default=None)


def _por_acceso(revision: dict[str, Any], ahora: datetime) -> list[str]:
    acceso = _momento(revision, "data_access_expires_at")
    if acceso is None or acceso - ahora > _AVISO_DE_ACCESO:
        return []
    return [
        "El acceso a los datos de la página vence pronto: pida a quien la conectó que vuelva a "
        "conectarla en Cuentas."
    ]
