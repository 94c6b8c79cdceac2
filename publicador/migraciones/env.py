"""Lo que Alembic ejecuta en cada corrida: usa la conexión y la transacción que le da la casa."""

from alembic import context

from publicador.migraciones import representar
from publicador.tablas import METADATOS

conexion = context.config.attributes["conexion"]
context.configure(
    connection=conexion,
    target_metadata=METADATOS,
    render_as_batch=True,
    compare_type=True,
    render_item=representar.columna,
)
with context.begin_transaction():
    context.run_migrations()
