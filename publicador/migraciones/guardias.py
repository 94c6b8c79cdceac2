"""Los guardias de las tablas que son memoria: la base rechaza cambiar o borrar sus filas."""

from collections.abc import Callable, Iterable

_FUNCION_PG = """
CREATE OR REPLACE FUNCTION publicador_solo_se_agrega() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'solo se agrega: la tabla % no admite %', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$
"""


def poner(ejecutar: Callable[[str], object], dialecto: str, tablas: Iterable[str]) -> None:
    """Pone los guardias de `tablas`; repetirlo no hace daño.

    Una migración que rehace una tabla en SQLite pierde sus guardias: debe ponerlos de nuevo.
    """
    if dialecto == "postgresql":
        ejecutar(_FUNCION_PG)
    for tabla in tablas:
        for orden in _ordenes(dialecto, tabla):
            ejecutar(orden)


def _ordenes(dialecto: str, tabla: str) -> tuple[str, ...]:
    if dialecto == "postgresql":
        return (
            f"CREATE OR REPLACE TRIGGER guardia_{tabla}_filas BEFORE UPDATE OR DELETE ON {tabla} "
            "FOR EACH ROW EXECUTE FUNCTION publicador_solo_se_agrega()",
            f"CREATE OR REPLACE TRIGGER guardia_{tabla}_todas BEFORE TRUNCATE ON {tabla} "
            "FOR EACH STATEMENT EXECUTE FUNCTION publicador_solo_se_agrega()",
        )
    return tuple(
        f"CREATE TRIGGER IF NOT EXISTS guardia_{tabla}_{nombre} BEFORE {accion} ON {tabla} "
        f"BEGIN SELECT RAISE(ABORT, 'solo se agrega: la tabla {tabla} no admite {accion}'); END"
        for nombre, accion in (("cambiar", "UPDATE"), ("borrar", "DELETE"))
    )
