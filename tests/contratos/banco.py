"""Una cuenta en una red de ensayo y lo que hace falta para juzgar su conector."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

from conectores.contrato import Adjunto, Clase, Conector, Envio, Hallazgo, Listo, Recibo, Red
from conectores.http import Plazos
from conectores.registro import armar
from publicador.ensayo.mundo import Entrada, Mundo
from publicador.ensayo.servidor import Ensayo

REDES = ("facebook", "x", "wordpress")
CLAVE_WEB = "canariounosiempreaqui123"
CLAVE_WEB_VENCIDA = "vencidacanariounosiempre"
CANARIOS = ("canario-uno", "canario-dos", "canario-tres", CLAVE_WEB, CLAVE_WEB_VENCIDA)
IDENTIFICADOR = {"facebook": "1001", "x": "1500000000000000001", "wordpress": "sitio"}
ALTERNATIVOS = (
    "Niñas leyendo en la biblioteca «Gabriel Turbay» 📚",
    "Cartel: feria del libro, entrada libre",
    "Vista aérea del parque García Rovira",
    'Un funcionario dice: "sí, señora" & sonríe',
)


class Cuaderno(dict[str, str]):
    """Una libreta en memoria; sobrevive al conector, como la de verdad."""

    def leer(self, clave: str) -> str | None:
        return self.get(clave)

    def anotar(self, clave: str, valor: str) -> None:
        self[clave] = valor


@dataclass
class Banco:
    """Una cuenta de una red de ensayo, con su conector, su libreta y el libro de la red."""

    red: Red
    ensayo: Ensayo
    carpeta: Path
    libreta: Cuaderno = field(default_factory=Cuaderno)
    inicio: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def mundo(self) -> Mundo:
        return self.ensayo.mundo

    @property
    def identificador(self) -> str:
        return IDENTIFICADOR[self.red]

    def conector(self, *, vencido: bool = False) -> Conector:
        """Un conector nuevo, como tras reiniciar el motor."""
        return armar(
            self.red,
            self.credencial(vencido=vencido),
            identificador=self.identificador,
            base_url=self.ensayo.url_de(self.red),
            plazos=Plazos(conexion_s=2, lectura_s=1),
        )

    def credencial(self, *, vencido: bool = False) -> dict[str, str]:
        marca = f"{'vencido-' if vencido else ''}{CANARIOS[0]}"
        if self.red is Red.FACEBOOK:
            return {"token_pagina": f"EAAensayo-{self.identificador}-{marca}"}
        if self.red is Red.X:
            return {
                "api_key": "llave",
                "api_secret": CANARIOS[1],
                "access_token": f"{self.identificador}-{marca}",
                "access_secret": CANARIOS[2],
            }
        return {
            "url": self.ensayo.url_de(self.red),
            "usuario": "prensa",
            "contrasena_aplicacion": CLAVE_WEB_VENCIDA if vencido else CLAVE_WEB,
        }

    def envio(self, texto: str = "Feria del libro", *, imagenes: int = 0, **mas: Any) -> Envio:
        """Un sobre para esta red; la clave depende del texto, como en la vida real."""
        clave = hashlib.sha256(f"{texto}{mas}".encode()).hexdigest()[:16]
        base: dict[str, Any] = {
            "red": self.red,
            "clave": f"pub-{clave}",
            "titulo": "La feria del libro abre en la Plazuela",
            "segmentos": (texto,),
            "adjuntos": tuple(self._imagen(i) for i in range(imagenes)),
        }
        return Envio(**(base | mas))

    def _imagen(self, indice: int) -> Adjunto:
        archivo = self.carpeta / f"imagen-{indice}.jpg"
        if not archivo.exists():
            Image.new("RGB", (640, 480), (40 * indice, 90, 160)).save(archivo, "JPEG")
        datos = archivo.read_bytes()
        return Adjunto(
            clase=Clase.IMAGEN,
            huella=hashlib.sha256(datos).hexdigest(),
            tipo="image/jpeg",
            nombre=f"imagen-{indice}.jpg",
            archivo=archivo,
            peso_bytes=len(datos),
            ancho_px=640,
            alto_px=480,
            texto_alternativo=ALTERNATIVOS[indice],
        )

    def listo(self, envio: Envio) -> Listo:
        """Prepara hasta el borde de la llamada sin vuelta atrás."""
        listo = self.conector().preparar(envio, self.libreta)
        assert isinstance(listo, Listo)
        return listo

    def entregar(self, envio: Envio) -> Recibo:
        """Todo el camino, como lo hace el motor: un conector nuevo en cada vuelta."""
        for _ in range(8):
            listo = self.conector().preparar(envio, self.libreta)
            if isinstance(listo, Recibo):
                assert listo.completo
                return listo
            recibo = self.conector().publicar(listo)
            if recibo.completo:
                return recibo
            self.libreta.anotar(listo.paso.nombre, recibo.id_remoto)
        raise AssertionError("la entrega no termina")

    def buscar(self, envio: Envio, paso: str) -> Hallazgo:
        return self.conector().buscar(envio, self.libreta, paso, self.inicio)

    def publicas(self) -> list[Entrada]:
        """Lo que el público ve."""
        return [
            e for e in self.mundo.visibles(self.red) if e.extra.get("estado") in (None, "publish")
        ]
