"""La cola: cada entrega con su motivo en palabras, su historia y lo que una persona decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cola import programacion
from cola.cuentas import Cuenta
from cola.enmendar import sobre_por_corregir
from cola.enmiendas import Enmienda
from cola.errores import NoEncontrada
from cola.estados import Estado
from cola.nota_correccion import con_nota
from cola.publicaciones import Intento, Publicacion
from conectores.contrato import Red
from panel.acceso import EQUIPO, GESTION, persona, requiere
from panel.caminos import de_donde_vino
from panel.cola_viva import Monton, contar_entregas, enmiendas_abiertas, partes
from panel.enmiendas import CONFIRMAN
from panel.filtros import en_bogota
from panel.historias import historias
from panel.marco import por_resolver
from panel.renglones import en_renglones, entregas, es_entrega_a_mano, renglones
from panel.servicios import servicios
from panel.vistas import Vista, vista_de_sobre
from piezas import envios
from piezas.personas import Persona

pantalla = Blueprint("publicaciones", __name__)

POR_PAGINA = 60
POR_SALIR = (Estado.PROGRAMADA, Estado.TOMADA, Estado.ENVIANDO)
CANCELABLES = (Estado.PROGRAMADA, Estado.TOMADA, Estado.DETENIDA, Estado.FALLIDA)
SE_MUEVEN = (Estado.PROGRAMADA, Estado.DETENIDA, Estado.FALLIDA)
EN_JUEGO = (*POR_SALIR, Estado.EN_DUDA, Estado.DETENIDA, Estado.FALLIDA)
SE_REINTENTAN = (Estado.DETENIDA, Estado.FALLIDA)
GRUPOS = {
    "ahora": "Ahora",
    "por_resolver": "Por resolver",
    "por_salir": "Por salir",
    "publicada": "Publicadas",
    "cancelada": "Canceladas",
    "todas": "Todas",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtro:
    """Qué parte de la cola se mira."""

    estado: str
    cuenta: str

    @property
    def condiciones(self) -> tuple[ColumnElement[bool], ...]:
        """Para el `where`."""
        partes: list[ColumnElement[bool]] = [Cuenta.alias == self.cuenta] if self.cuenta else []
        if self.estado == "ahora":
            partes.append(Publicacion.estado.in_(EN_JUEGO))
        elif self.estado == "por_resolver":
            partes += por_resolver()
        elif self.estado == "por_salir":
            en_curso = and_(Publicacion.estado == Estado.EN_DUDA, ~Publicacion.requiere_persona)
            partes.append(or_(Publicacion.estado.in_(POR_SALIR), en_curso))
        elif self.estado != "todas":
            partes.append(Publicacion.estado == Estado(self.estado))
        return tuple(partes)

    @property
    def va_hacia_adelante(self) -> bool:
        """Lo que falta se lee de lo más próximo; lo pasado, de lo más reciente."""
        return self.estado in {"ahora", "por_resolver", "por_salir", *POR_SALIR}


@pantalla.get("/cola")
@requiere(EQUIPO)
def listar() -> str:
    """La cola, por partes."""
    filtro = _leer_filtro()
    if filtro.estado == "ahora":
        return _ahora(filtro)
    with servicios().leer() as sesion:
        montones = contar_entregas(sesion, filtro.cuenta)
        filas = en_renglones(sesion, _pagina(filtro), persona())
        sigue = filas[POR_PAGINA - 1] if len(filas) > POR_PAGINA else None
        return render_template(
            "cola.html",
            filtro=filtro,
            grupos=GRUPOS,
            estados=list(Estado),
            cuentas=sesion.scalars(select(Cuenta).order_by(Cuenta.alias)).all(),
            cuantas=_sumar(montones),
            filas=filas[:POR_PAGINA],
            historias=historias(sesion, [fila.id for fila in filas]),
            decide=persona().puede(GESTION),
            partes=None,
            enmiendas=(),
            sigue=sigue and f"{sigue.programada_para.isoformat()}_{sigue.id}",
        )


def _ahora(filtro: Filtro) -> str:
    """Lo que pasa en este momento, por partes."""
    with servicios().leer() as sesion:
        montones = contar_entregas(sesion, filtro.cuenta)
        return render_template(
            "cola.html",
            filtro=filtro,
            grupos=GRUPOS,
            estados=list(Estado),
            cuentas=sesion.scalars(select(Cuenta).order_by(Cuenta.alias)).all(),
            cuantas=_sumar(montones),
            partes=partes(sesion, persona(), filtro.cuenta, montones, ahora=servicios().ahora()),
            enmiendas=enmiendas_abiertas(sesion),
            decide=persona().puede(GESTION),
            filas=(),
            historias={},
            sigue=None,
        )


def _leer_filtro() -> Filtro:
    estado = request.args.get("estado", "")
    validos = {*GRUPOS, *(e.value for e in Estado)}
    return Filtro(
        estado=estado if estado in validos else "ahora",
        cuenta=request.args.get("cuenta", "")[:100],
    )


def _pagina(filtro: Filtro) -> Select[Publicacion]:
    clave = (Publicacion.programada_para, Publicacion.id)
    orden = clave if filtro.va_hacia_adelante else tuple(c.desc() for c in clave)
    consulta = (
        entregas()
        .join(Publicacion.cuenta)
        .where(*filtro.condiciones)
        .order_by(*orden)
        .limit(POR_PAGINA + 1)
    )
    desde = _leer_desde(request.args.get("desde", ""))
    if desde is None:
        return consulta
    momento, ultimo = desde
    if filtro.va_hacia_adelante:
        tras = or_(clave[0] > momento, and_(clave[0] == momento, clave[1] > ultimo))
    else:
        tras = or_(clave[0] < momento, and_(clave[0] == momento, clave[1] < ultimo))
    return consulta.where(tras)


def _leer_desde(valor: str) -> tuple[datetime, int] | None:
    momento, _, ultimo = valor.partition("_")
    try:
        leido = datetime.fromisoformat(momento)
        return (leido, int(ultimo)) if leido.tzinfo else None
    except ValueError:
        return None


def _sumar(montones: Mapping[Monton, int]) -> dict[str, int]:
    """Cuántas hay en cada grupo."""
    return {
        grupo: sum(n for (estado, pide), n in montones.items() if _es_de(grupo, estado, pide))
        for grupo in GRUPOS
    }


def _es_de(grupo: str, estado: Estado, requiere_persona: bool) -> bool:
    """Lo mismo que `Filtro.condiciones`, sobre lo ya contado."""
    if grupo in {"por_resolver", "por_salir"} and estado is Estado.EN_DUDA:
        return requiere_persona is (grupo == "por_resolver")
    varios = {"ahora": EN_JUEGO, "por_resolver": SE_REINTENTAN, "por_salir": POR_SALIR}
    return grupo == "todas" or estado in varios.get(grupo, (grupo,))


@pantalla.get("/cola/<int:publicacion_id>")
@requiere(EQUIPO)
def ver(publicacion_id: int) -> str:
    """Una entrega: lo que sale, su historia y lo que se puede decidir."""
    with servicios().leer() as sesion:
        publicacion = sesion.scalar(entregas().where(Publicacion.id == publicacion_id))
        if publicacion is None:
            raise NoEncontrada
        (renglon,) = renglones([publicacion], persona())
        historia = select(Intento).where(Intento.publicacion_id == publicacion_id)
        return render_template(
            "entrega.html",
            p=publicacion,
            e=renglon,
            vista=vista_de_sobre(publicacion),
            historia=sesion.scalars(historia.order_by(Intento.id)).all(),
            a_mano=es_entrega_a_mano(publicacion),
            ahora_local=f"{en_bogota(servicios().ahora()):%Y-%m-%dT%H:%M}",
            decide=persona().puede(GESTION),
            se_cancela=publicacion.estado in CANCELABLES,
            se_mueve=publicacion.estado in SE_MUEVEN,
            enmiendas=_enmiendas(sesion, publicacion_id),
            por_corregir=_por_corregir(sesion, publicacion),
            nombres=_nombres(sesion),
            confirma=persona().puede(CONFIRMAN),
        )


def _enmiendas(sesion: Session, publicacion_id: int) -> Sequence[Enmienda]:
    consulta = select(Enmienda).where(Enmienda.publicacion_id == publicacion_id)
    return sesion.scalars(consulta.order_by(Enmienda.id.desc())).all()


def _por_corregir(sesion: Session, publicacion: Publicacion) -> Vista | None:
    """Cómo quedaría la entrada con la versión nueva ya aprobada, con su nota."""
    if publicacion.estado is not Estado.PUBLICADA or publicacion.cuenta.red is not Red.WORDPRESS:
        return None
    sobre = sobre_por_corregir(sesion, publicacion, servicios().sello)
    if sobre is None:
        return None
    envio = con_nota(envios.abrir(sobre.contenido, Path), servicios().ahora())
    return Vista(red=Red.WORDPRESS, cuenta=publicacion.cuenta.nombre, envio=envio)


def _nombres(sesion: Session) -> dict[int, str]:
    filas = sesion.execute(select(Persona.id, Persona.nombre)).all()
    return {fila.id: fila.nombre for fila in filas}


@pantalla.post("/cola/<int:publicacion_id>/reintentar")
@requiere(GESTION)
def reintentar(publicacion_id: int) -> Response:
    """Lo detenido o fallido sale ya."""
    with servicios().sesiones.begin() as sesion:
        programacion.reintentar(
            sesion,
            publicacion_id,
            quien=persona().correo,
            persona_id=persona().id,
            ahora=servicios().ahora(),
        )
    servicios().despertar()
    flash("Va de salida: en un momento verá aquí su resultado.", "bien")
    return redirect(de_donde_vino(si_no=url_for(".ver", publicacion_id=publicacion_id)), code=303)


@pantalla.post("/cola/<int:publicacion_id>/cancelar")
@requiere(GESTION)
def cancelar(publicacion_id: int) -> Response:
    """No saldrá; queda el motivo."""
    with servicios().sesiones.begin() as sesion:
        programacion.cancelar(
            sesion,
            publicacion_id,
            motivo=request.form.get("motivo", ""),
            quien=persona().correo,
            persona_id=persona().id,
            ahora=servicios().ahora(),
        )
    flash("Quedó cancelada: no saldrá.", "bien")
    return redirect(url_for(".ver", publicacion_id=publicacion_id), code=303)
