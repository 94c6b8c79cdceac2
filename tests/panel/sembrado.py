"""Lo que las pruebas del panel siembran: personas, cuentas, piezas y entregas en cada estado."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from cola.cuentas import Cuenta
from cola.estados import Causa, Estado, MotivoPausa
from cola.programacion import aprobar_y_programar
from cola.publicaciones import Intento, Publicacion, Suceso
from conectores.contrato import Red
from piezas.almacen import Almacen
from piezas.aprobacion import devolver, pedir_revision
from piezas.borradores import Borrador, Destino, MedioElegido
from piezas.firmas import Sello
from piezas.ingreso import recibir_medio
from piezas.personas import Papel, Persona, PersonaPapel
from piezas.redaccion import crear_pieza
from piezas.versiones import Pieza

CLAVE = "cuatro gatos bajan despacio"
# Barato a propósito: cada prueba crea varias personas.
CLAVE_GUARDADA = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(CLAVE)
TOLERANCIA = timedelta(minutes=30)


def una_persona(sesion: Session, correo: str, *papeles: Papel, ahora: datetime, nombre: str = ""):
    persona = Persona(
        correo=correo,
        nombre=nombre or correo.split("@")[0].replace(".", " ").title(),
        clave=CLAVE_GUARDADA,
        creada_en=ahora,
        papeles_filas=[PersonaPapel(papel=papel) for papel in papeles],
    )
    sesion.add(persona)
    sesion.flush()
    return persona


def una_cuenta(sesion: Session, alias: str, red: Red, *, ahora: datetime, **cambios):
    campos = {
        "alias": alias,
        "red": red,
        "identificador": f"id-{alias}",
        "nombre": f"Alcaldía en {alias}",
        "credencial": "sellada",
        "creada_en": ahora,
    }
    cuenta = Cuenta(**(campos | cambios))
    sesion.add(cuenta)
    sesion.flush()
    return cuenta


def una_imagen(color: str = "#0b5f6b", texto: str = "Vacunación gratuita") -> bytes:
    imagen = Image.new("RGB", (1200, 750), color)
    dibujo = ImageDraw.Draw(imagen)
    dibujo.rectangle((60, 60, 1140, 690), outline="white", width=6)
    dibujo.text((120, 320), texto, fill="white", font_size=88)
    salida = io.BytesIO()
    imagen.save(salida, "PNG")
    return salida.getvalue()


@dataclass
class Oficina:
    """Una oficina de prensa mínima dentro de una base."""

    sesion: Session
    ahora: datetime
    sello: Sello
    almacen: Almacen

    def persona(self, correo: str) -> Persona:
        return self.sesion.query(Persona).filter_by(correo=correo).one()

    def cuenta(self, alias: str) -> Cuenta:
        return self.sesion.query(Cuenta).filter_by(alias=alias).one()

    def fundar(self) -> "Oficina":
        for papel in Papel:
            una_persona(self.sesion, f"{papel}@alcaldia.example", papel, ahora=self.ahora)
        una_persona(self.sesion, "otra@alcaldia.example", Papel.JEFATURA, ahora=self.ahora)
        for alias, red in (
            ("facebook", Red.FACEBOOK), ("x", Red.X), ("web", Red.WORDPRESS), ("grupo", Red.MANUAL),
        ):  # fmt: skip
            una_cuenta(self.sesion, alias, red, ahora=self.ahora)
        return self

    def pieza(
        self,
        titulo: str = "Jornada de vacunación",
        *,
        cuentas: tuple[str, ...] = ("facebook", "x"),
        para: datetime | None = None,
        por: str = "redaccion@alcaldia.example",
        imagen: bytes | None = None,
        alterno: str = "Afiche de la jornada",
        **cambios,
    ) -> Pieza:
        para = para or self.ahora + timedelta(hours=2)
        autor = self.persona(por)
        medios = ()
        if imagen is not None:
            medio = recibir_medio(
                self.sesion, self.almacen, imagen, nombre="a.png", por=autor.id, ahora=self.ahora
            )
            medios = (MedioElegido(medio_id=medio.id, texto_alternativo=alterno),)
        filas = [self.cuenta(alias) for alias in cuentas]
        borrador = Borrador(
            titulo=titulo,
            texto=cambios.pop("texto", "Este sábado hay jornada de vacunación gratuita."),
            medios=medios,
            destinos=tuple(
                Destino(cuenta_id=c.id, red=c.red, alias=c.alias, programada_para=para)
                for c in filas
            ),
            **cambios,
        )
        return crear_pieza(self.sesion, borrador, por=autor.id, ahora=self.ahora)

    def en_revision(self, *argumentos, **cambios) -> Pieza:
        pieza = self.pieza(*argumentos, **cambios)
        por = self.persona(cambios.get("por", "redaccion@alcaldia.example")).id
        return pedir_revision(self.sesion, pieza.id, por=por, ahora=self.ahora)

    def devuelta(self, *argumentos, motivo: str, **cambios) -> Pieza:
        pieza = self.en_revision(*argumentos, **cambios)
        return devolver(
            self.sesion,
            pieza.id,
            motivo=motivo,
            por=self.persona("jefatura@alcaldia.example").id,
            ahora=self.ahora,
        )

    def aprobada(self, *argumentos, **cambios) -> list[Publicacion]:
        pieza = self.en_revision(*argumentos, **cambios)
        return aprobar_y_programar(
            self.sesion,
            pieza.id,
            por=self.persona("jefatura@alcaldia.example").id,
            ahora=self.ahora,
            sello=self.sello,
            almacen=self.almacen,
            tolerancia=TOLERANCIA,
        )

    def entrega(self, titulo: str, alias: str, estado: Estado, **cambios) -> Publicacion:
        """Una entrega aprobada, llevada a un estado por sus campos."""
        para = cambios.pop("para", self.ahora + timedelta(hours=1))
        propios = {k: cambios.pop(k) for k in ("imagen", "texto", "enlace") if k in cambios}
        (publicacion,) = self.aprobada(titulo, cuentas=(alias,), para=para, **propios)
        self.sesion.flush()
        campos = {"causa": None, "motivo": None} | _DE_ESTADO(self.ahora, publicacion.id)[estado]
        for campo, valor in (campos | cambios).items():
            setattr(publicacion, campo, valor)
        publicacion.estado = estado
        self.sesion.flush()
        return publicacion

    def suceso(self, publicacion: Publicacion, suceso: Suceso, detalle: str | None = None, **mas):
        self.sesion.add(
            Intento(
                publicacion_id=publicacion.id,
                ficha=mas.pop("ficha", 1),
                paso=mas.pop("paso", "publicar"),
                suceso=suceso,
                en=mas.pop("en", self.ahora),
                detalle=detalle,
            )
        )

    def pausar_cuenta(self, alias: str, motivo: str) -> None:
        cuenta = self.cuenta(alias)
        cuenta.pausada_por = MotivoPausa.CREDENCIAL
        cuenta.pausada_motivo = motivo


def _DE_ESTADO(ahora: datetime, numero: int):  # noqa: N802
    return {
        Estado.PROGRAMADA: {},
        Estado.TOMADA: {
            "arriendo_de": "obrero", "arriendo_hasta": ahora + timedelta(minutes=2), "ficha": 1,
        },
        Estado.ENVIANDO: {
            "arriendo_de": "obrero", "arriendo_hasta": ahora + timedelta(minutes=2), "ficha": 1,
            "salida_en": ahora, "paso": "publicar",
        },
        Estado.PUBLICADA: {
            "id_remoto": f"100_{numero}", "url": f"https://red.example/100/posts/{numero}",
            "publicada_en": ahora - timedelta(minutes=20), "vence": None,
        },
        Estado.EN_DUDA: {
            "salida_en": ahora, "paso": "publicar", "ficha": 1, "requiere_persona": True,
            "vence": None, "motivo": "La red no respondió con claridad y no aparece. Mírela.",
        },
        Estado.DETENIDA: {
            "causa": Causa.TARDIA, "vence": None,
            "motivo": "Su hora pasó con el motor detenido. Reinténtela o cancélela.",
        },
        Estado.FALLIDA: {"motivo": "La red rechazó el contenido.", "vence": None},
        Estado.CANCELADA: {"motivo": "Se aplazó el evento.", "vence": None},
        Estado.RETIRADA: {
            "id_remoto": f"100_{numero}", "url": f"https://red.example/100/posts/{numero}",
            "publicada_en": ahora - timedelta(minutes=20), "vence": None,
        },
    }  # fmt: skip
