"""La raíz de composición: el único archivo que conoce todo."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session, sessionmaker

from cola.credenciales import Caja, CredencialIlegible, contexto_de
from cola.tomas import Credencial, Reglas
from conectores.contrato import Conector, Envio, Red
from conectores.errores import ContenidoRechazado, MalConfigurada
from conectores.http import Plazos
from conectores.mensajero import Mensajero
from conectores.registro import armar
from piezas import envios
from piezas.almacen import Almacen
from piezas.errores import ErrorDePiezas
from piezas.firmas import Sello
from piezas.subidas import limpiar_vencidas
from piezas.vigencia import sobres_vigentes
from publicador import reloj
from publicador.ajustes import Ajustes, leer_ajustes
from publicador.base_datos import crear_motor_sql, lecturas, sesiones
from publicador.cartero import Correo, enviar_carta
from publicador.casa_motor import CasaMotor
from publicador.claves import Claves, leer_claves
from publicador.conexiones import Conexiones
from publicador.copia_diaria import anunciar_cabeza
from publicador.esquema import exigir_al_dia
from publicador.motor import Piezas
from publicador.renovacion import Renovador
from publicador.repartidor import CADA as CADA_REPARTO
from publicador.repartidor import Repartidor

if TYPE_CHECKING:
    from flask import Flask

    from publicador.recientes import Mirador


class Casa:
    """Todo lo de una instalación, armado según sus ajustes."""

    def __init__(
        self,
        ajustes: Ajustes,
        claves: Claves,
        *,
        ahora: Callable[[], datetime] = reloj.ahora,
    ) -> None:
        self.ajustes = ajustes
        self.ahora = ahora
        self.claves = claves
        self.sello = Sello(claves.de_firma)
        self.caja = Caja(claves.de_cifrado)
        self.almacen = Almacen(ajustes.datos / "medios")
        self._base = crear_motor_sql(ajustes.base_datos)
        self.sesiones: sessionmaker[Session] = sesiones(self._base)
        self.lecturas: sessionmaker[Session] = lecturas(self._base)
        self.plazos = Plazos(
            conexion_s=ajustes.espera_conexion_s, lectura_s=ajustes.espera_lectura_s
        )

    @cached_property
    def reglas(self) -> Reglas:
        """Los tiempos de la cola."""
        return Reglas(
            arriendo=timedelta(seconds=self.ajustes.arriendo_s),
            tolerancia=timedelta(minutes=self.ajustes.tolerancia_min),
            espaciados={
                Red(red): timedelta(seconds=s) for red, s in self.ajustes.espaciado_s.items()
            },
            esperas_duda=tuple(self.ajustes.duda_esperas_s),
        )

    def conector_de(self, credencial: Credencial) -> Conector:
        """Arma el conector de una cuenta; no llama a la red."""
        contexto = contexto_de(credencial.red, credencial.identificador)
        try:
            datos = self.caja.abrir(contexto, credencial.sellada)
        except CredencialIlegible as error:
            # Para el motor es una cuenta mal conectada: la pausa y lo dice, sin insistir.
            raise MalConfigurada(error.mensaje) from None
        base_url = credencial.base_url or self._base_de(credencial.red)
        return armar(
            credencial.red,
            datos,
            identificador=credencial.identificador,
            base_url=base_url,
            plazos=self.plazos,
            renovar=self._renovador(credencial, base_url) if "refresh_token" in datos else None,
        )

    def _renovador(self, credencial: Credencial, base_url: str | None) -> Renovador:
        return Renovador(
            credencial,
            sesiones=self.sesiones,
            caja=self.caja,
            base_url=base_url or self.ajustes.x_url,
            plazos=self.plazos,
            ahora=self.ahora,
        )

    def _base_de(self, red: Red) -> str | None:
        bases = {Red.FACEBOOK: self.ajustes.facebook_url, Red.X: self.ajustes.x_url}
        return bases.get(red)

    def abrir_sobre(self, sobre: str, huella: str) -> Envio:
        """El envío sellado, con cada archivo comprobado: lo que no es lo aprobado no sale."""
        if envios.huella(sobre) != huella:
            raise ContenidoRechazado("El mensaje guardado no es el que se aprobó. No salió.")
        try:
            envio = envios.abrir(sobre, self.almacen.camino)
            intactos = all(self.almacen.comprobar(huella) for huella in _archivos_de(envio))
        except ErrorDePiezas as error:
            raise ContenidoRechazado(f"{error.mensaje} No salió.") from error
        if not intactos:
            raise ContenidoRechazado(
                "Un archivo de la pieza cambió o se dañó después de aprobarla. No salió: "
                "vuelva a subirlo y apruebe de nuevo."
            )
        return envio

    def motor(self, *, hilos: int | None = None, vigila_reloj: bool = True) -> CasaMotor:
        """El motor de entregas de este proceso."""
        piezas = Piezas(
            sesiones=self.sesiones,
            reglas=self.reglas,
            vigentes=partial(sobres_vigentes, sello=self.sello),
            conector_de=Conexiones(self.conector_de).conector_de,
            abrir=self.abrir_sobre,
            ahora=self.ahora,
            hilos=hilos or self.ajustes.hilos,
        )
        return CasaMotor(
            piezas,
            correo=self._correo(),
            url_panel=self.ajustes.url_publica,
            vigila_reloj=vigila_reloj,
            tareas=(
                (timedelta(hours=1), self.limpiar_subidas),
                (timedelta(hours=1), self.anunciar_bitacora),
                (CADA_REPARTO, self.repartidor.repartir),
            ),
        )

    def limpiar_subidas(self) -> None:
        """Borra los archivos a medias que nadie continúa."""
        with self.sesiones.begin() as sesion:
            limpiar_vencidas(sesion, self.ajustes.datos / "subidas", ahora=self.ahora())

    def anunciar_bitacora(self) -> None:
        """Copia afuera, una vez al día, hasta dónde llega la bitácora."""
        anunciar_cabeza(self.sesiones, self.carta(), ahora=self.ahora())

    def carta(self) -> Callable[[str, str, str], bool] | None:
        correo = self._correo()
        return None if correo is None else partial(enviar_carta, correo)

    def _correo(self) -> Correo | None:
        a = self.ajustes
        if not a.correo_servidor:
            return None
        clave = a.correo_clave.get_secret_value() if a.correo_clave else None
        return Correo(
            servidor=a.correo_servidor,
            puerto=a.correo_puerto,
            usuario=a.correo_usuario,
            clave=clave,
            de=a.correo_de,
            usa_tls=a.correo_tls,
            para=tuple(a.correo_para),
        )

    def panel(self, despertar: Callable[[], None] = lambda: None) -> "Flask":
        """La aplicación web."""
        from publicador.casa_panel import armar_panel  # noqa: PLC0415 — pesa: solo si se sirve

        return armar_panel(self, despertar)

    @cached_property
    def mensajero(self) -> Mensajero:
        """Quien lleva los avisos web, con las guardas de toda dirección ajena."""
        return Mensajero(ensayo=self.ajustes.ensayo_url)

    @cached_property
    def repartidor(self) -> Repartidor:
        """Quien cuenta afuera lo que pasa."""
        return Repartidor(
            sesiones=self.sesiones, caja=self.caja, mensajero=self.mensajero, ahora=self.ahora
        )

    @cached_property
    def mirador(self) -> "Mirador":
        """Quien mira las redes por encargo de una persona."""
        from publicador.recientes import Mirador  # noqa: PLC0415 — es del panel, y pesa

        return Mirador(self.lecturas, Conexiones(self.conector_de).conector_de, self.ahora)

    def cerrar(self) -> None:
        """Suelta las conexiones con la base."""
        if "mirador" in self.__dict__:  # si nadie miró, no hay nada que cerrar
            self.mirador.cerrar()
        self._base.dispose()


def abrir_casa() -> Casa:
    """La casa según el entorno; exige que la base esté creada y al día."""
    ajustes = leer_ajustes()
    exigir_al_dia(ajustes.base_datos)
    return Casa(ajustes, leer_claves(ajustes))


def _archivos_de(envio: Envio) -> Iterator[str]:
    for adjunto in envio.adjuntos:
        yield adjunto.huella
        if adjunto.subtitulos is not None:
            yield adjunto.subtitulos.name  # en el almacén el nombre es la huella
