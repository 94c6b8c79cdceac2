"""Una escena de cola: piezas aprobadas de verdad, y los pasos del motor dados a mano."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cola import arriendos, cierres, rescate, salidas
from cola.avisos import Aviso, ClaseAviso
from cola.cierres import Cierre
from cola.cuentas import Cuenta
from cola.desenlaces import Desenlace
from cola.pausas import pausa_vigente
from cola.programacion import aprobar_y_programar
from cola.publicaciones import Publicacion, Suceso
from cola.salidas import Puerta, Salida
from cola.tomas import Reglas, Toma
from conectores.contrato import Recibo, Red
from piezas.almacen import Almacen
from piezas.aprobacion import pedir_revision
from piezas.firmas import Sello
from piezas.personas import Papel, Persona
from piezas.vigencia import sobres_vigentes
from tests import fabricas

RECIBO = Recibo(id_remoto="1001_7", url="https://www.facebook.com/1001_7")


@dataclass
class Escena:
    sesiones: sessionmaker[Session]
    reglas: Reglas
    sello: Sello
    almacen: Almacen
    ahora: datetime
    jefe_id: int = field(init=False)
    autor_id: int = field(init=False)

    def __post_init__(self) -> None:
        with self.sesiones.begin() as sesion:
            self.autor_id = fabricas.una_persona(sesion, Papel.REDACCION).id
            self.jefe_id = fabricas.una_persona(sesion, Papel.JEFATURA).id

    def pasa(self, **tiempo: float) -> None:
        self.ahora += timedelta(**tiempo)

    def cuenta(self, red: Red = Red.FACEBOOK, **cambios: object) -> int:
        with self.sesiones.begin() as sesion:
            return fabricas.una_cuenta(sesion, red, **cambios).id

    def aprobada(self, *cuentas: int, para: datetime | None = None, **cambios: object) -> list[int]:
        """Ids de las publicaciones de una pieza nueva, escrita por uno y aprobada por otra."""
        with self.sesiones.begin() as sesion:
            destinos = [sesion.get_one(Cuenta, c) for c in cuentas]
            pieza = fabricas.una_pieza(
                sesion,
                *destinos,
                por=sesion.get_one(Persona, self.autor_id),
                programada_para=para or self.ahora,
                **cambios,
            )
            pedir_revision(sesion, pieza.id, por=self.autor_id, ahora=self.ahora)
            hechas = aprobar_y_programar(
                sesion,
                pieza.id,
                por=self.jefe_id,
                ahora=self.ahora,
                sello=self.sello,
                almacen=self.almacen,
                tolerancia=self.reglas.tolerancia,
            )
            return [p.id for p in hechas]

    def tomar(self, cupo: int = 10, dueno: str = "uno") -> list[Toma]:
        with self.sesiones.begin() as sesion:
            if pausa_vigente(sesion) is not None:
                return []
            return arriendos.tomar_vencidas(
                sesion, dueno=dueno, cupo=cupo, reglas=self.reglas, ahora=self.ahora
            ).tomas

    def mirar(self, dueno: str = "uno") -> list[Toma]:
        with self.sesiones.begin() as sesion:
            return arriendos.tomar_miradas(
                sesion, dueno=dueno, cupo=10, reglas=self.reglas, ahora=self.ahora
            )

    def salir(self, toma: Toma, paso: str = "publicar") -> Puerta:
        with self.sesiones.begin() as sesion:
            (puerta,) = salidas.marcar_salidas(
                sesion,
                [Salida(toma=toma, paso=paso, huella="h")],
                reglas=self.reglas,
                vigentes=partial(sobres_vigentes, sello=self.sello),
                ahora=self.ahora,
                en_pausa=pausa_vigente(sesion) is not None,
            )
            return puerta

    def cerrar(
        self,
        toma: Toma,
        desenlace: Desenlace,
        suceso: Suceso | None = None,
        paso: str = "publicar",
    ) -> bool:
        with self.sesiones.begin() as sesion:
            (vale,) = cierres.cerrar_tomas(
                sesion,
                [Cierre(toma=toma, desenlace=desenlace, paso=paso, suceso=suceso)],
                ahora=self.ahora,
            )
            return vale

    def rescatar(self) -> int:
        with self.sesiones.begin() as sesion:
            return rescate.rescatar_vencidas(
                sesion, reglas=self.reglas, ahora=self.ahora, ha_muerto=lambda dueno: False
            )

    def fila(self, publicacion_id: int) -> Publicacion:
        with self.sesiones() as sesion:
            return sesion.get_one(Publicacion, publicacion_id)

    def estado(self, publicacion_id: int) -> str:
        return self.fila(publicacion_id).estado.value

    def avisos(self) -> list[tuple[ClaseAviso, str]]:
        with self.sesiones() as sesion:
            return [(a.clase, a.texto) for a in sesion.scalars(select(Aviso).order_by(Aviso.id))]
