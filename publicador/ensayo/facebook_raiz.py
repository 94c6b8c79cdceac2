"""Llamadas de la Graph API que no son de un nodo: tokens, cuentas, varios ids y vista previa."""

from collections.abc import Callable
from typing import Any

from flask import request

from publicador.ensayo.facebook_dialogo import Dialogo, exigir_vuelta, leer_concesion
from publicador.ensayo.facebook_errores import ErrorGraph, parametro, token_vencido
from publicador.ensayo.facebook_estado import EstadoFacebook, Pedido
from publicador.ensayo.facebook_lectura import Lectura
from publicador.ensayo.facebook_permisos import (
    APLICACION,
    PERMISOS,
    TAREAS,
    depurar_token,
    identificar,
    leer_token,
    paginas_conocidas,
)
from publicador.ensayo.facebook_publicar import revisar_enlace

Dados = dict[str, str]


class Raiz:
    """Lo que se pide sin nombrar un nodo, o por `me` con token de persona."""

    def __init__(self, estado: EstadoFacebook, lectura: Lectura) -> None:
        """Guarda el estado y quien lee nodos."""
        self.estado = estado
        self.mundo = estado.mundo
        self.lectura = lectura
        self._dialogo = Dialogo(estado.mundo)

    def buscar(self, verbo: str, camino: str, dados: Dados) -> Callable[[Dados], Any] | None:
        """Quién atiende ese camino, o `None` si es de un nodo."""
        if camino == "" and verbo == "GET" and "ids" in dados:
            return self._varios
        if camino == "" and verbo == "POST" and "scrape" in dados:
            return self._vista_previa
        fijas: dict[tuple[str, str], Callable[[Dados], Any]] = {
            ("GET", "debug_token"): self._depurar,
            ("POST", "debug_token"): self._depurar_por_post,
            ("GET", "oauth/access_token"): self._canjear,
            ("POST", "oauth/access_token"): self._canjear,
            ("GET", "me/accounts"): self._cuentas,
            ("GET", "me/permissions"): self._permisos,
        }
        if (verbo, camino) == ("GET", "me") and self._es_persona():
            return self._persona
        return fijas.get((verbo, camino))

    def _es_persona(self) -> bool:
        token = request.headers.get("Authorization", "").partition(" ")[2]
        llamante = leer_token(self.mundo, token)
        return llamante is not None and llamante.clase == "USER"

    def _persona(self, dados: Dados) -> dict[str, Any]:
        identificar(self.mundo, request, dados)
        return {"id": "100000000000001", "name": "Persona de Ensayo"}

    def _depurar(self, dados: Dados) -> dict[str, Any]:
        # Solo aquí se admite el token en la dirección: es la única forma documentada.
        cabecera = request.headers.get("Authorization", "").partition(" ")[2]
        propio = request.args.get("access_token") or cabecera
        llamante = leer_token(self.mundo, propio)
        if llamante is None:
            raise ErrorGraph(190, "Invalid OAuth access token.", estado=401)
        if not dados.get("input_token"):
            raise parametro("The parameter input_token is required")
        aplicacion = propio.partition("|")[0] if "|" in propio else APLICACION
        return {"data": depurar_token(self.mundo, dados["input_token"], aplicacion)}

    def _depurar_por_post(self, dados: Dados) -> dict[str, Any]:
        # Graph deja leer por POST diciendo el verbo en `method`; sin él, ahí no se escribe nada.
        if dados.get("method", "").upper() != "GET":
            raise parametro("Unsupported post request.")
        return self._depurar(dados)

    def _canjear(self, dados: Dados) -> dict[str, Any]:
        if not dados.get("client_id") or not dados.get("client_secret"):
            raise parametro("Missing client_id or client_secret parameter.")
        canje = dados.get("fb_exchange_token")
        if canje is not None:
            if (largo := self._dialogo.alargar(dados)) is not None:
                return largo
            if "vencido" in canje:
                raise token_vencido()
            token = canje
        elif dados.get("grant_type") == "client_credentials":
            token = f"{APLICACION}|ensayo"
        else:
            exigir_vuelta(dados)
            return self._dialogo.canjear(dados)
        return {"access_token": token, "token_type": "bearer", "expires_in": 5_184_000}

    def _cuentas(self, dados: Dados) -> dict[str, Any]:
        llamante = identificar(self.mundo, request, dados)
        if llamante.clase != "USER":
            raise parametro("Tried accessing nonexisting field (accounts) on node type (Page)")
        concesion = leer_concesion(self.mundo, llamante.token)
        dadas = (
            [{"id": p, "access_token": f"EAAensayo-{p}"} for p in paginas_conocidas(self.mundo)]
            if concesion is None
            else self._dialogo.paginas(llamante.token, concesion)
        )
        fijo = {"category": "Government Organization", "tasks": list(TAREAS)}
        nombre = {d["id"]: self.mundo.datos_de("facebook", d["id"])["nombre"] for d in dadas}
        return {"data": [{**d, "name": nombre[d["id"]], **fijo} for d in dadas]}

    def _permisos(self, dados: Dados) -> dict[str, Any]:
        llamante = identificar(self.mundo, request, dados)
        dado = {True: "granted", False: "declined"}
        return {
            "data": [{"permission": p, "status": dado[p in llamante.alcances]} for p in PERMISOS]
        }

    def _varios(self, dados: Dados) -> dict[str, Any]:
        llamante = identificar(self.mundo, request, dados)
        raiz = request.host_url.rstrip("/")
        pedido = Pedido(llamante, "", dados, {}, raiz, raiz)
        ids = [i for i in dados["ids"].split(",") if i]
        return {i: self.lectura.nodo(pedido, i, dados.get("fields")) for i in ids}

    def _vista_previa(self, dados: Dados) -> dict[str, Any]:
        identificar(self.mundo, request, dados)
        enlace = revisar_enlace(dados.get("id", ""))
        ahora = self.mundo.ahora().isoformat()
        return {"url": enlace, "type": "website", "title": enlace, "updated_time": ahora}
