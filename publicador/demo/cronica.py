"""La crónica: una línea por cada entrega que cambia de estado, mientras la demostración corre."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, sessionmaker

from cola.estados import Estado
from cola.publicaciones import Publicacion
from conectores.contrato import Red
from piezas.zona import en_bogota

REDES: Final = {
    Red.FACEBOOK: "Facebook",
    Red.X: "X",
    Red.WORDPRESS: "Sitio web",
    Red.CORREO: "Correo",
    Red.MANUAL: "A mano",
}
SE_CUENTAN: Final = {
    Estado.PUBLICADA: "publicada",
    Estado.EN_DUDA: "en duda",
    Estado.DETENIDA: "detenida",
    Estado.FALLIDA: "fallida",
    Estado.CANCELADA: "cancelada",
    Estado.RETIRADA: "retirada",
}


def hora(momento: datetime) -> str:
    """`5:42:10 p. m.`, en Bogotá."""
    local = en_bogota(momento)
    mitad = "a. m." if local.hour < 12 else "p. m."
    return f"{local.hour % 12 or 12}:{local:%M:%S} {mitad}"


class Cronica:
    """Compara lo que hay con lo que había la última vez."""

    def __init__(self, lecturas: sessionmaker[Session]) -> None:
        """Lo que ya estaba no se cuenta."""
        self._lecturas = lecturas
        self._vistas = {p.id: self._sello(p) for p in self._leer()}

    def novedades(self, ahora: datetime) -> list[str]:
        """Una frase por cada entrega que cambió a algo que merece contarse."""
        frases = []
        for p in self._leer():
            sello = self._sello(p)
            if sello != self._vistas.get(p.id) and p.estado in SE_CUENTAN:
                frases.append(self._frase(p, ahora))
            self._vistas[p.id] = sello
        return frases

    def _leer(self) -> list[Publicacion]:
        consulta = select(Publicacion).options(
            joinedload(Publicacion.pieza), joinedload(Publicacion.cuenta)
        )
        with self._lecturas() as sesion:
            return list(sesion.scalars(consulta.order_by(Publicacion.id)))

    def _sello(self, p: Publicacion) -> tuple[Estado, bool]:
        return p.estado, p.requiere_persona

    def _frase(self, p: Publicacion, ahora: datetime) -> str:
        que = SE_CUENTAN[p.estado]
        if p.estado is Estado.EN_DUDA:
            a_mano = p.cuenta.red is Red.MANUAL
            if p.requiere_persona:
                que = "espera a una persona" if a_mano else "en duda: espera a una persona"
            else:
                que = "en duda: la red no contestó, se mirará sola"
        return f"  {hora(ahora)}  {REDES[p.cuenta.red]:<9}  {p.pieza.titulo}  → {que}"
