"""Multiplica una pieza hecha por personas: las mismas filas con otro número, fecha y huella."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, func, insert, select, text

from cola.estados import Causa, Estado
from cola.publicaciones import Intento, Publicacion, Suceso
from conectores.contrato import Clase
from piezas.base import Base
from piezas.comentarios import Comentario, Mencion
from piezas.medios import Medio
from piezas.personas import Persona
from piezas.versiones import EstadoPieza, Pieza
from tests.panel.sembrado import Oficina, una_imagen

MESES, EN_EL_MES = 36, 0.1
"""Desde hace 34 meses hasta dentro de dos; una de cada diez piezas cae en el mes que corre."""
CUENTAS = ("facebook", "x", "web", "grupo")
POR_TANDA = 5_000
ATASCOS = (Estado.DETENIDA, Estado.FALLIDA, Estado.EN_DUDA)

Fila = dict[str, Any]


@dataclass
class Copiadora:
    """Multiplica las filas de una pieza aprobada con cuatro cuentas y una imagen."""

    oficina: Oficina
    cuantas: int
    _pendientes: dict[Table, list[Fila]] = field(default_factory=dict)
    _siguiente: dict[Table, int] = field(default_factory=dict)

    def copiar(self) -> None:
        """Escribe todas las piezas, por tandas."""
        sesion = self.oficina.sesion
        entregas = self.oficina.aprobada("Molde", cuentas=CUENTAS, imagen=una_imagen())
        sesion.flush()
        molde = entregas[0].pieza
        self._medios = list(self._copiar_medios())
        self._personas = list(sesion.scalars(select(Persona.id)))
        self._autor = molde.autor_id
        self._filas = {
            tabla: self._leer(tabla, condicion)
            for tabla, condicion in (
                ("pieza", f"id = {molde.id}"),
                ("momento", f"pieza_id = {molde.id}"),
                ("version", f"pieza_id = {molde.id}"),
                ("version_medio", f"version_id = {molde.version_vigente_id}"),
                ("version_destino", f"version_id = {molde.version_vigente_id}"),
                ("sobre", f"version_id = {molde.version_vigente_id}"),
                ("aprobacion", f"version_id = {molde.version_vigente_id}"),
                ("publicacion", f"pieza_id = {molde.id}"),
            )
        }
        for n in range(self.cuantas):
            self._una(n)
            if n % 500 == 499:
                self._vaciar()
        self._vaciar()

    def _leer(self, tabla: str, condicion: str) -> list[Fila]:
        filas = self.oficina.sesion.execute(
            select(Base.metadata.tables[tabla]).where(text(condicion)).order_by("id")
        )
        return [dict(fila._mapping) for fila in filas]

    def _copiar_medios(self) -> Iterator[int]:
        """Una imagen por cada cinco piezas; todas son el mismo archivo con otra huella."""
        (original,) = self._leer("medio", "id = 1")
        almacen = self.oficina.almacen
        archivo = almacen.camino(original["huella"])
        for n in range(max(self.cuantas // 5, 1)):
            huella = hashlib.sha256(f"medio {n}".encode()).hexdigest()
            destino = almacen.carpeta / huella[:2] / huella[2:4] / huella
            destino.parent.mkdir(parents=True, exist_ok=True)
            os.link(archivo, destino)
            campos = {
                "huella": huella,
                "huella_pixeles": huella,
                "huella_visual": huella[:16],
                "titulo": f"Foto {n}",
                "evento": f"Evento {n % 50}",
                "buscable": f"foto {n} evento {n % 50}",
                "hay_personas": n % 7 == 0,
                "clase": Clase.IMAGEN,
            }
            yield self._poner(Medio, original, **campos)

    def _una(self, n: int) -> None:
        para = self._cuando(n)
        estado = self._estado(n, para)
        aprobada = estado is EstadoPieza.APROBADA
        cuentas = 4 if n % 8 == 0 else 3
        titulo = f"Noticia {n} de la ciudad"
        autor = self._autor if n % 3 == 0 else self._personas[n % len(self._personas)]
        pieza_id = self._poner(
            Pieza,
            self._filas["pieza"][0],
            titulo=titulo,
            estado=estado,
            autor_id=autor,
            campania_id=n % 40 + 1 if n % 4 else None,
            dependencia_id=n % 30 + 1,
            motivo="Diga la hora." if estado is EstadoPieza.DEVUELTA else None,
            version_vigente_id=None,
            creada_en=para - timedelta(days=3),
        )
        version_id = 0
        for numero in range(1, 2 + n % 3):
            version_id = self._version(n, pieza_id, numero, titulo, cuentas, para)
        self._pendientes[Base.metadata.tables["pieza"]][-1]["version_vigente_id"] = version_id
        for fila in self._filas["momento"][:cuentas]:
            self._poner("momento", fila, pieza_id=pieza_id, programada_para=para)
        if n % 2 == 0:
            self._comentario(n, pieza_id, version_id, para)
        if aprobada:
            for fila in self._filas["publicacion"][:cuentas]:
                self._entrega(n, fila, pieza_id, version_id, para)

    def _cuando(self, n: int) -> datetime:
        ahora = self.oficina.ahora
        if n >= self.cuantas * (1 - EN_EL_MES):
            del_mes = n - self.cuantas * (1 - EN_EL_MES)
            return ahora.replace(day=1) + timedelta(
                minutes=del_mes * 30 * 24 * 60 / (self.cuantas * EN_EL_MES)
            )
        dias = n * (MESES - 1) * 30 / (self.cuantas * (1 - EN_EL_MES))
        return ahora - timedelta(days=34 * 30) + timedelta(days=dias)

    def _estado(self, n: int, para: datetime) -> EstadoPieza:
        if para <= self.oficina.ahora:
            return EstadoPieza.APROBADA
        return {
            3: EstadoPieza.EN_REVISION,
            5: EstadoPieza.BORRADOR,
            7: EstadoPieza.DEVUELTA,
        }.get(n % 20, EstadoPieza.APROBADA)

    def _version(
        self, n: int, pieza_id: int, numero: int, titulo: str, cuentas: int, para: datetime
    ) -> int:
        texto = f"Noticia número {n} de la ciudad, escrita {numero} veces. " + "Venga y lea. " * 20
        version_id = self._poner(
            "version",
            self._filas["version"][0],
            pieza_id=pieza_id,
            numero=numero,
            titulo=titulo,
            texto=texto,
            hash_contenido=hashlib.sha256(texto.encode()).hexdigest(),
            creada_en=para - timedelta(days=3),
        )
        medio_id = self._medios[n % len(self._medios)]
        self._poner(
            "version_medio",
            self._filas["version_medio"][0],
            version_id=version_id,
            medio_id=medio_id,
        )
        for tabla in ("version_destino", "sobre"):
            for fila in self._filas[tabla][:cuentas]:
                self._poner(tabla, fila, version_id=version_id)
        for fila in self._filas["aprobacion"]:
            self._poner("aprobacion", fila, version_id=version_id)
        return version_id

    def _comentario(self, n: int, pieza_id: int, version_id: int, para: datetime) -> None:
        comentario_id = self._poner(
            Comentario,
            {"resuelto_en": para if n % 4 else None, "resuelto_por_id": None},
            pieza_id=pieza_id,
            version_id=version_id,
            autor_id=self._personas[n % len(self._personas)],
            texto="¿Se confirma la hora con la secretaría?",
            en=para - timedelta(days=2),
        )
        self._poner(
            Mencion,
            {},
            comentario_id=comentario_id,
            persona_id=self._personas[n // 2 % len(self._personas)],
        )

    def _entrega(self, n: int, fila: Fila, pieza_id: int, version_id: int, para: datetime) -> None:
        salio = para <= self.oficina.ahora
        clave = hashlib.sha256(f"{n} {fila['cuenta_id']}".encode()).hexdigest()
        cambios: Fila = {"programada_para": para, "vence": para, "estado": Estado.PROGRAMADA}
        if salio:
            cambios |= {
                "estado": Estado.PUBLICADA,
                "vence": None,
                "publicada_en": para,
                "id_remoto": f"9_{n}",
                "url": f"https://red.example/9/posts/{n}",
                "ficha": 1,
                "intentos": 1,
            }
        if salio and n % 100 == 99:
            cambios |= self._atasco(n, para)
        publicacion_id = self._poner(
            Publicacion,
            fila,
            pieza_id=pieza_id,
            version_id=version_id,
            clave=clave,
            creada_en=para - timedelta(days=1),
            **cambios,
        )
        if salio:
            for suceso in (Suceso.SALIDA, Suceso.ACEPTADO):
                linea: Fila = {"huella": None, "id_remoto": None, "detalle": None, "ficha": 1}
                self._poner(
                    Intento,
                    linea,
                    publicacion_id=publicacion_id,
                    paso="publicar",
                    suceso=suceso,
                    en=para,
                )

    def _atasco(self, n: int, para: datetime) -> Fila:
        estado = ATASCOS[n // 100 % len(ATASCOS)]
        return {
            "estado": estado,
            "publicada_en": None,
            "id_remoto": None,
            "url": None,
            "motivo": "Espera a una persona.",
            "causa": Causa.TARDIA if estado is Estado.DETENIDA else None,
            "requiere_persona": estado is Estado.EN_DUDA,
            "salida_en": para,
            "paso": "publicar",
        }

    def _poner(self, modelo: type[Base] | str, molde: Fila, **cambios: Any) -> int:
        nombre = modelo if isinstance(modelo, str) else modelo.__tablename__
        tabla = Base.metadata.tables[nombre]
        if tabla not in self._siguiente:
            self._siguiente[tabla] = (
                self.oficina.sesion.scalar(select(func.max(tabla.c.id))) or 0
            ) + 1
        numero = self._siguiente[tabla]
        self._siguiente[tabla] = numero + 1
        self._pendientes.setdefault(tabla, []).append(molde | cambios | {"id": numero})
        return numero

    def _vaciar(self) -> None:
        sesion = self.oficina.sesion
        # Una pieza nombra a su versión vigente y la versión a su pieza.
        sesion.execute(text("PRAGMA defer_foreign_keys = ON"))
        for tabla in Base.metadata.sorted_tables:
            filas = self._pendientes.get(tabla, [])
            for desde in range(0, len(filas), POR_TANDA):
                sesion.execute(insert(tabla), filas[desde : desde + POR_TANDA])
            filas.clear()
