"""La zona en que la gente lee y escribe las horas."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

BOGOTA = ZoneInfo("America/Bogota")


def en_bogota(momento: datetime) -> datetime:
    """El mismo instante, con la hora de Bogotá."""
    return momento.astimezone(BOGOTA)


def desde_bogota(local: datetime) -> datetime:
    """Una fecha y hora escrita por una persona, en UTC."""
    return local.replace(tzinfo=BOGOTA).astimezone(UTC)
