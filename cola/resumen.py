"""El estado de una pieza, deducido de sus entregas (puro)."""

from collections.abc import Collection

from cola.estados import Estado


def estado_de_pieza(estados: Collection[Estado]) -> str | None:
    """`programada`, `publicada`, `publicada_parcial`, `fallida`…; `None` si no tiene entregas."""
    vivas = {estado for estado in estados if estado is not Estado.CANCELADA}
    if not estados:
        return None
    if not vivas:
        return "cancelada"
    if vivas == {Estado.RETIRADA}:
        return "retirada"
    salieron = vivas & {Estado.PUBLICADA, Estado.RETIRADA}
    if salieron == vivas:
        return "publicada"
    if Estado.EN_DUDA in vivas:
        return "en_duda"
    if salieron:
        return "publicada_parcial"
    if vivas <= {Estado.FALLIDA}:
        return "fallida"
    return "detenida" if Estado.DETENIDA in vivas else "programada"
