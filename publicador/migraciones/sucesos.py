"""Los hechos que se cuentan afuera: los anota la base, en la misma transacción que los causa.

Así no importa si una entrega cambió de a una o en lote, ni desde qué orden. Sin direcciones
activas no se anota nada: quien no usa los avisos web no los paga.
"""

from collections.abc import Callable

_HAY = "EXISTS (SELECT 1 FROM aviso_web WHERE activo)"
_AHORA_SQLITE = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
_CASOS = (
    ("cambio", "UPDATE OF estado ON publicacion",
     "OLD.estado <> NEW.estado AND NEW.estado IN ('publicada', 'detenida')", "NEW.estado",
     "NEW.id"),
    ("entrada", "INSERT ON publicacion", "NEW.estado = 'detenida'", "NEW.estado", "NEW.id"),
    ("revision", "INSERT ON aprobacion", "NEW.decision = 'enviada'", "'aprobacion_pedida'",
     "NEW.version_id"),
)  # fmt: skip


def poner(ejecutar: Callable[[str], object], dialecto: str) -> None:
    """Pone los disparadores; repetirlo no hace daño."""
    for nombre, cuando, condicion, evento, objeto in _CASOS:
        for orden in (_en_pg if dialecto == "postgresql" else _en_sqlite)(
            nombre, cuando, condicion, evento, objeto
        ):
            ejecutar(orden)


def _insertar(evento: str, objeto: str, ahora: str, falso: str) -> str:
    # Todo lo que se une aquí es de este archivo: no hay nada escrito por nadie.
    return (
        "INSERT INTO suceso_web (evento, objeto_id, en, repartido) "
        f"SELECT {evento}, {objeto}, {ahora}, {falso} WHERE {_HAY};"
    )


def _en_sqlite(
    nombre: str, cuando: str, condicion: str, evento: str, objeto: str
) -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER IF NOT EXISTS suceso_{nombre} AFTER {cuando} WHEN {condicion} "
        f"BEGIN {_insertar(evento, objeto, _AHORA_SQLITE, '0')} END",
    )


def _en_pg(nombre: str, cuando: str, condicion: str, evento: str, objeto: str) -> tuple[str, ...]:
    return (
        f"CREATE OR REPLACE FUNCTION publicador_suceso_{nombre}() RETURNS trigger "
        f"LANGUAGE plpgsql AS $$ BEGIN {_insertar(evento, objeto, 'now()', 'false')} "
        "RETURN NULL; END $$",
        f"CREATE OR REPLACE TRIGGER suceso_{nombre} AFTER {cuando} FOR EACH ROW "
        f"WHEN ({condicion}) EXECUTE FUNCTION publicador_suceso_{nombre}()",
    )
