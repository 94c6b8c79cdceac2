"""Las franjas de una cuenta: los días y horas en que suele publicar."""

import re
from datetime import time

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cola.carriles import cuenta_por_alias
from cola.franjas import Hueco, fijar_franjas, franjas_de, proxima_libre
from panel.acceso import GESTION, requiere
from panel.servicios import servicios

pantalla = Blueprint("franjas", __name__)

DIAS = ("Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo")
_HORA = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@pantalla.get("/cuentas/<alias>/franjas")
@requiere(GESTION)
def ver(alias: str) -> str:
    """Las franjas de la cuenta, un renglón por día."""
    return _mostrar(alias, None, ())


@pantalla.post("/cuentas/<alias>/franjas")
@requiere(GESTION)
def guardar(alias: str) -> Response | tuple[str, int]:
    """Guarda todas de una vez; si algo no se entiende, lo dice y no pierde lo escrito."""
    escrito = {dia: request.form.get(f"dia-{dia}", "") for dia in range(1, 8)}
    huecos, fallas = _entender(escrito)
    if fallas:
        return _mostrar(alias, escrito, fallas), 422
    with servicios().sesiones.begin() as sesion:
        fijar_franjas(sesion, alias, huecos, por=g.persona.id, ahora=servicios().ahora())
    flash("Las franjas quedaron guardadas.", "bien")
    return redirect(url_for(".ver", alias=alias), code=303)


def _mostrar(alias: str, escrito: dict[int, str] | None, fallas: tuple[str, ...]) -> str:
    with servicios().leer() as sesion:
        cuenta = cuenta_por_alias(sesion, alias)
        if escrito is None:
            huecos = franjas_de(sesion, cuenta.id)
            escrito = {
                dia: " ".join(f"{h.hora:%H:%M}" for h in huecos if h.dia == dia)
                for dia in range(1, 8)
            }
        return render_template(
            "franjas.html",
            cuenta=cuenta,
            dias=list(enumerate(DIAS, start=1)),
            escrito=escrito,
            fallas=fallas,
            libre=proxima_libre(sesion, cuenta.id, servicios().ahora()),
        )


def _entender(escrito: dict[int, str]) -> tuple[list[Hueco], tuple[str, ...]]:
    huecos: list[Hueco] = []
    fallas: list[str] = []
    for dia, texto in escrito.items():
        for palabra in re.split(r"[\s,;]+", texto.strip()):
            if not palabra:
                continue
            partes = _HORA.fullmatch(palabra)
            if partes is None:
                fallas.append(f"{DIAS[dia - 1]}: «{palabra[:20]}» no es una hora. Escriba 08:30.")
            else:
                huecos.append(Hueco(dia, time(int(partes[1]), int(partes[2]))))
    return huecos, tuple(fallas)
