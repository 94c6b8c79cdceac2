"""Los ajustes de una instalación: el único lector del entorno y del archivo `.env`."""

import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Self

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from conectores.contrato import Red
from conectores.costos import Tarifas
from publicador.ajustes_frases import ajenos, frase
from publicador.ajustes_valores import (
    ESPACIADO_POR_RED,
    base_sql,
    correos,
    direccion,
    es_local,
    espaciado,
    esperas,
    lista_de_claves,
    obligatorio_u_opcional,
    si_o_no,
    sin_barra,
)

PREFIJO = "PUBLICADOR_"
PLAZO_DE_ENVIO_S = 2
"""Si entre anotar la salida y llamar pasa más que esto, no se llama."""


class AjusteMalo(Exception):
    """Un ajuste no sirve; `mensaje` nombra la variable y dice qué se espera."""

    def __init__(self, mensaje: str) -> None:
        self.mensaje = mensaje
        super().__init__(mensaje)


Direccion = Annotated[str, AfterValidator(direccion), AfterValidator(sin_barra)]
Precio = Annotated[Decimal, Field(ge=0, le=1000)]


class Ajustes(BaseSettings):
    """Los ajustes ya leídos y comprobados; no cambian mientras el proceso viva."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIJO,
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    datos: Annotated[Path, AfterValidator(lambda ruta: ruta.expanduser().absolute())] = Path(
        "datos"
    )
    """Carpeta de la base, los medios, los informes y las claves."""
    base_datos: Annotated[str, AfterValidator(base_sql)] = Field(
        default_factory=lambda listo: f"sqlite:///{listo.get('datos', 'datos')}/publicador.db",
        repr=False,
    )
    """Dirección de SQLAlchemy. Puede llevar la contraseña: nunca se muestra."""
    claves: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(lista_de_claves)] = ()
    """De la más nueva a la más antigua; vacío = las del archivo `{DATOS}/claves`."""
    facebook_url: Direccion = "https://graph.facebook.com"
    x_url: Direccion = "https://api.x.com"
    facebook_app_id: Annotated[str, Field(pattern=r"^\d{5,30}$")] | None = None
    """Id de la aplicación de Meta con la que se conectan las páginas."""
    facebook_app_secreto: SecretStr | None = None
    x_client_id: Annotated[str, Field(pattern=r"^[!-~]{5,200}$")] | None = None
    """Cliente OAuth 2.0 de la aplicación de X; con las llaves de OAuth 1.0a no hace falta."""
    x_client_secreto: SecretStr | None = None
    """Solo si la aplicación de X es confidencial."""
    espera_conexion_s: Annotated[float, Field(gt=0, le=60)] = 5
    espera_lectura_s: Annotated[float, Field(gt=0, le=600)] = 30
    hilos: Annotated[int, Field(ge=1, le=256)] = 32
    tolerancia_min: Annotated[int, Field(ge=0, le=10_080)] = 30
    arriendo_s: Annotated[float, Field(gt=0, le=86_400)] = 120
    duda_esperas_s: Annotated[tuple[float, ...], NoDecode, BeforeValidator(esperas)] = (90, 600)
    """Segundos desde que empezó el intento en que se mira la red; la última mirada decide."""
    espaciado_s: Annotated[
        Mapping[Red, float], NoDecode, BeforeValidator(espaciado), AfterValidator(MappingProxyType)
    ] = Field(default_factory=lambda: ESPACIADO_POR_RED)
    """Lo menos que pasa entre dos entregas de una cuenta, por red."""
    video_maximo_mb: Annotated[int, Field(ge=1, le=10_240)] = 1024
    """El video más pesado que se recibe en la mediateca."""
    ensayo_url: Direccion | None = None
    url_publica: Direccion = "http://127.0.0.1:8000"

    segundo_factor: Annotated[str, AfterValidator(obligatorio_u_opcional)] | None = None
    """Vacío: obligatorio si el panel se sirve por https."""

    correo_servidor: str | None = None
    correo_puerto: Annotated[int, Field(ge=1, le=65_535)] = 587
    correo_usuario: str | None = None
    correo_clave: SecretStr | None = None
    correo_de: Annotated[str, AfterValidator(lambda uno: correos(uno)[0])] = "publicador@localhost"
    correo_tls: Annotated[bool, BeforeValidator(si_o_no)] = True
    """Cifrar con STARTTLS; sin cifrar solo se admite en esta misma máquina."""
    correo_para: Annotated[tuple[str, ...], NoDecode, BeforeValidator(correos)] = ()

    costo_x_publicar: Precio = Tarifas().publicar
    costo_x_publicar_con_enlace: Precio = Tarifas().publicar_con_enlace
    costo_x_texto_alternativo: Precio = Tarifas().texto_alternativo
    costo_x_lectura_propia: Precio = Tarifas().lectura_propia
    costo_x_lectura: Precio = Tarifas().lectura
    costo_x_lectura_usuario: Precio = Tarifas().lectura_usuario
    costo_x_borrar: Precio = Tarifas().borrar

    @model_validator(mode="before")
    @classmethod
    def _vacio_es_el_de_fabrica(cls, leido: Any) -> Any:
        """Un valor vacío, o solo con espacios, es como no ponerlo."""
        limpio = {n: v.strip() if isinstance(v, str) else v for n, v in dict(leido).items()}
        return {nombre: valor for nombre, valor in limpio.items() if valor != ""}

    @model_validator(mode="after")
    def _concuerdan(self) -> Self:
        """Lo que cada ajuste por separado no puede saber."""
        llamada = self.espera_conexion_s + self.espera_lectura_s + PLAZO_DE_ENVIO_S
        if self.arriendo_s <= llamada:
            raise ValueError(
                f"arriendo_s|debe ser mayor que {llamada:g}: la suma de ESPERA_CONEXION_S, "
                f"ESPERA_LECTURA_S y {PLAZO_DE_ENVIO_S} segundos de margen"
            )
        if self.correo_servidor and not self.correo_tls and not es_local(self.correo_servidor):
            raise ValueError(
                "correo_tls|no puede apagarse con un servidor de otra máquina: "
                "la contraseña y los avisos viajarían sin cifrar"
            )
        if self.facebook_app_id and self.facebook_app_secreto is None:
            raise ValueError(
                "facebook_app_secreto|hace falta porque hay PUBLICADOR_FACEBOOK_APP_ID"
            )
        if self.correo_usuario and self.correo_clave is None:
            raise ValueError("correo_clave|hace falta porque hay PUBLICADOR_CORREO_USUARIO")
        return self

    @property
    def exige_segundo_factor(self) -> bool:
        """Si quien aprueba, maneja cuentas o administra debe usarlo."""
        if self.segundo_factor is None:
            return self.url_publica.startswith("https://")
        return self.segundo_factor == "obligatorio"

    @property
    def tarifas_x(self) -> Tarifas:
        """Lo que cobra X, para mostrar el costo antes de aprobar."""
        return Tarifas(
            publicar=self.costo_x_publicar,
            publicar_con_enlace=self.costo_x_publicar_con_enlace,
            texto_alternativo=self.costo_x_texto_alternativo,
            lectura_propia=self.costo_x_lectura_propia,
            lectura=self.costo_x_lectura,
            lectura_usuario=self.costo_x_lectura_usuario,
            borrar=self.costo_x_borrar,
        )


def leer_ajustes() -> Ajustes:
    """Los ajustes del entorno y de `.env`, en ese orden. Lanza `AjusteMalo` con una frase."""
    try:
        return Ajustes()
    except ValidationError as error:
        raise AjusteMalo(frase(error.errors(include_url=False)[0], PREFIJO)) from None
    except (OSError, UnicodeDecodeError):
        raise AjusteMalo(
            "No se pudo leer el archivo .env de esta carpeta: revise sus permisos y que esté "
            "guardado en UTF-8."
        ) from None


def ajustes_desconocidos() -> tuple[str, ...]:
    """Una frase por cada `PUBLICADOR_…` del entorno o de `.env` que no es un ajuste."""
    try:
        del_archivo = dotenv_values(".env")
    except (OSError, UnicodeDecodeError):
        del_archivo = {}  # lo dice `leer_ajustes`
    return ajenos({*os.environ, *del_archivo}, Ajustes, PREFIJO)
