"""Una petición a la API de WordPress: sus parámetros, revisados, y quién la hace."""

from dataclasses import dataclass, field
from typing import Any, Final

from flask import request

from publicador.ensayo.wordpress_errores import Rechazo, invalido
from publicador.ensayo.wordpress_usuarios import Usuario, puede

ESTADOS: Final = ("publish", "future", "draft", "pending", "private")


@dataclass(slots=True, kw_only=True)
class Peticion:
    """`metodo` ya trae lo que pidan `_method` o `X-HTTP-Method-Override`."""

    metodo: str
    ruta: str
    datos: dict[str, Any]
    """Consulta, formulario y JSON juntos; en ese orden mandan."""
    quien: Usuario | None
    id: int = 0
    campos: set[str] = field(default_factory=set)

    @property
    def editar(self) -> bool:
        """Si pide `context=edit`."""
        return bool(self.datos.get("context") == "edit")

    def puede(self, capacidad: str) -> bool:
        """Si quien llama tiene esa capacidad."""
        return puede(self.quien, capacidad)

    def texto(self, nombre: str) -> str | None:
        """Un campo de texto, a secas o como `{"raw": …}`; `None` si no vino."""
        valor = self.datos.get(nombre)
        if isinstance(valor, dict):
            valor = valor.get("raw")
        if valor is None:
            return None
        if not isinstance(valor, str | int | float) or isinstance(valor, bool):
            raise invalido(nombre, f"{nombre} is not of type string.")
        return str(valor)

    def entero(self, nombre: str) -> int | None:
        """Un campo entero; `None` si no vino."""
        valor = self.datos.get(nombre)
        if valor is None or valor == "":
            return None
        crudo = str(valor)
        if isinstance(valor, bool) or not crudo.removeprefix("-").isdecimal():
            raise invalido(nombre, f"{nombre} is not of type integer.")
        return int(crudo)

    def lista(self, nombre: str) -> list[str] | None:
        """Un campo de lista: arreglo JSON, `nombre[]` repetido o separada por comas."""
        valor = self.datos.get(nombre)
        if valor is None:
            return None
        partes = valor if isinstance(valor, list) else str(valor).split(",")
        return [str(p).strip() for p in partes if str(p).strip()]

    def enteros(self, nombre: str) -> list[int] | None:
        """Como `lista`, de enteros."""
        partes = self.lista(nombre)
        if partes is None:
            return None
        for indice, parte in enumerate(partes):
            if not parte.isdecimal():
                raise invalido(nombre, f"{nombre}[{indice}] is not of type integer.")
        return [int(p) for p in partes]

    def cierto(self, nombre: str) -> bool:
        """Un campo de sí o no; no vino = no."""
        return str(self.datos.get(nombre, "")).lower() in {"1", "true"}

    def estado(self) -> str | None:
        """`status` para guardar, o `None` si no vino."""
        valor = self.datos.get("status")
        if valor is None:
            return None
        if valor not in ESTADOS:
            raise invalido(
                "status", f"status is not one of {', '.join(ESTADOS)}.", "rest_not_in_enum"
            )
        return str(valor)


def recibir(ruta: str, quien: Usuario | None) -> Peticion:
    """La petición que llegó, con el método que de verdad pide."""
    consulta = {
        n.removesuffix("[]"): valores if n.endswith("[]") else valores[-1]
        for n, valores in request.args.lists()
        if n != "rest_route"
    }
    metodo = str(consulta.pop("_method", "") or request.headers.get("X-HTTP-Method-Override", ""))
    datos: dict[str, Any] = {**consulta, **request.form.to_dict(), **_json()}
    campos = {c.split(".")[0] for c in str(datos.pop("_fields", "")).split(",") if c}
    return Peticion(
        metodo=(metodo if request.method == "POST" else "").upper() or request.method,
        ruta=ruta,
        datos=datos,
        quien=quien,
        campos=campos,
    )


def _json() -> dict[str, Any]:
    if not request.is_json or not request.get_data():
        return {}
    cuerpo = request.get_json(silent=True)
    if cuerpo is None:
        raise Rechazo(400, "rest_invalid_json", "Invalid JSON body passed.")
    return cuerpo if isinstance(cuerpo, dict) else {}
