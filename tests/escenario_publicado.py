"""Una pieza ya publicada en una cuenta de ensayo, y la casa que la publicó."""

from datetime import timedelta

from sqlalchemy import select

from cola import enmendar
from cola.cuentas import Cuenta
from cola.enmiendas import Enmienda
from cola.programacion import aprobar_y_programar
from cola.publicaciones import Intento, Publicacion, Suceso
from piezas.aprobacion import aprobar, pedir_revision
from piezas.personas import Papel
from piezas.redaccion import crear_pieza, guardar_version
from publicador.ajustes import leer_ajustes
from publicador.armado import Casa
from publicador.claves import leer_claves
from tests.fabricas import un_borrador, una_persona

MOTIVO = "La fecha del evento no era la correcta."


class Escenario:
    """Una pieza ya publicada en una cuenta de ensayo, y la casa que la publicó."""

    def __init__(self, oficina, monkeypatch, alias: str) -> None:
        for nombre, valor in oficina.entorno.items():
            monkeypatch.setenv(nombre, valor)
        ajustes = leer_ajustes()
        self.adelanto = timedelta(0)
        self.casa = Casa(ajustes, leer_claves(ajustes))
        ahora = self.casa.ahora
        self.casa.ahora = lambda: ahora() + self.adelanto
        self.motor = self.casa.motor(hilos=2, vigila_reloj=False)
        with self.casa.sesiones.begin() as sesion:
            cuenta = sesion.scalars(select(Cuenta).filter_by(alias=alias)).one()
            self.cuenta_id = cuenta.id
            self.autor = una_persona(sesion, Papel.REDACCION, correo="autor@prensa.example").id
            self.jefe = una_persona(sesion, Papel.JEFATURA, correo="j1@prensa.example").id
            self.otra = una_persona(sesion, Papel.JEFATURA, correo="j2@prensa.example").id
        self.id = self._publicar("Texto de antes, con su dato.")
        self.motor.motor.iniciar()
        self.motor.vaciar()
        self.motor.motor.detener()

    def _publicar(self, texto: str) -> int:
        with self.casa.sesiones.begin() as sesion:
            cuenta = sesion.get_one(Cuenta, self.cuenta_id)
            borrador = un_borrador(cuenta, texto=texto, programada_para=self.casa.ahora())
            pieza = crear_pieza(sesion, borrador, por=self.autor, ahora=self.casa.ahora())
            pedir_revision(sesion, pieza.id, por=self.autor, ahora=self.casa.ahora())
            (publicacion,) = aprobar_y_programar(
                sesion,
                pieza.id,
                por=self.jefe,
                ahora=self.casa.ahora(),
                sello=self.casa.sello,
                almacen=self.casa.almacen,
                tolerancia=self.casa.reglas.tolerancia,
            )
            return publicacion.id

    @property
    def fila(self) -> Publicacion:
        with self.casa.lecturas() as sesion:
            return sesion.get_one(Publicacion, self.id)

    def enmienda(self) -> Enmienda:
        with self.casa.lecturas() as sesion:
            return sesion.scalars(select(Enmienda).order_by(Enmienda.id.desc())).first()

    def sucesos(self) -> list[Suceso]:
        with self.casa.lecturas() as sesion:
            consulta = select(Intento).where(Intento.publicacion_id == self.id).order_by(Intento.id)
            return [i.suceso for i in sesion.scalars(consulta) if "-" in i.paso]

    def retirar(self) -> None:
        with self.casa.sesiones.begin() as sesion:
            pedida = enmendar.pedir_retiro(
                sesion,
                self.id,
                motivo=MOTIVO,
                archivo=None,
                por=self.jefe,
                ahora=self.casa.ahora(),
            )
            enmendar.confirmar_retiro(sesion, pedida.id, por=self.otra, ahora=self.casa.ahora())

    def nueva_version(self, texto: str) -> None:
        with self.casa.sesiones.begin() as sesion:
            cuenta = sesion.get_one(Cuenta, self.cuenta_id)
            pieza_id = sesion.get_one(Publicacion, self.id).pieza_id
            borrador = un_borrador(cuenta, texto=texto, programada_para=self.fila.programada_para)
            guardar_version(sesion, pieza_id, borrador, por=self.autor, ahora=self.casa.ahora())
            aprobar(
                sesion,
                pieza_id,
                por=self.otra,
                ahora=self.casa.ahora(),
                sello=self.casa.sello,
                almacen=self.casa.almacen,
            )

    def corregir(self) -> None:
        with self.casa.sesiones.begin() as sesion:
            enmendar.pedir_correccion(
                sesion,
                self.id,
                motivo=MOTIVO,
                sello=self.casa.sello,
                por=self.jefe,
                ahora=self.casa.ahora(),
            )

    def en_la_red(self) -> list:
        cuando = self.fila.publicada_en - timedelta(minutes=5)
        visto = self.casa.mirador.recientes(self.cuenta_id, cuando + self.adelanto)
        assert visto.fallo == ""
        return list(visto.vistas)
