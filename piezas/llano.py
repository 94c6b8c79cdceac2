"""El mismo texto sin mayúsculas ni tildes: como se busca."""

import unicodedata


def llano(texto: str) -> str:
    """`Ñapa ÁGIL` → `napa agil`."""
    partes = unicodedata.normalize("NFKD", texto.casefold())
    return " ".join("".join(letra for letra in partes if not unicodedata.combining(letra)).split())
