"""La base de todas las tablas, y los instantes con zona también en SQLite."""

from datetime import UTC, datetime
from enum import Enum, StrEnum
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, MetaData, String, TypeDecorator
from sqlalchemy import Enum as EnumSQL
from sqlalchemy.orm import DeclarativeBase


class Instante(TypeDecorator[datetime]):
    """Momento UTC con zona. Se niega a guardar uno sin zona: sería adivinar."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Lleva a UTC; SQLite guarda texto, así que va sin zona y siempre en UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("falta la zona horaria del instante")
        en_utc = value.astimezone(UTC)
        return en_utc.replace(tzinfo=None) if dialect.name == "sqlite" else en_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Devuelve siempre UTC con zona."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _valores(clase: type[Enum]) -> list[str]:
    return [str(miembro.value) for miembro in clase]


class Base(DeclarativeBase):
    """Raíz de los modelos. Los `StrEnum` se guardan por su valor, como los lee la gente."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instante(),
        StrEnum: EnumSQL(
            StrEnum,
            values_callable=_valores,
            native_enum=False,
            create_constraint=True,
            validate_strings=True,
            length=32,
        ),
        str: String(),
    }
