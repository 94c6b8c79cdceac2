"""${message}.

Versión: ${up_revision}
Anterior: ${down_revision or 'ninguna'}
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    # No se baja de versión: se restaura el respaldo que `publicador preparar` hizo antes de subir.
    raise NotImplementedError("restaure el respaldo hecho antes de la migración")
