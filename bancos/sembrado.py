"""Una oficina de tres años dentro de una base: mil piezas o diez mil, siempre las mismas.

Unas pocas piezas se hacen como las haría una persona; las demás son copias de esas filas. Así lo
sembrado es válido sin esperar diez mil aprobaciones.
"""

from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bancos.copiadora import POR_TANDA, Copiadora
from cola.estados import Estado
from cola.publicaciones import Suceso
from piezas.bitacora import Anotacion, CabezaBitacora
from piezas.campanias import Campania, Dependencia
from piezas.comentarios import Comentario
from piezas.eslabones import COMIENZO, canonico, sellar
from piezas.personas import Papel
from tests.panel.sembrado import Oficina, una_imagen, una_persona


def sembrar(oficina: Oficina, *, piezas: int) -> None:
    """Llena la base de esa oficina con ese número de piezas y el triple de entregas."""
    oficina.fundar()
    sesion, ahora = oficina.sesion, oficina.ahora
    for n in range(60):
        papel = (Papel.REDACCION, Papel.DISENO, Papel.COMMUNITY)[n % 3]
        una_persona(sesion, f"persona{n}@alcaldia.example", papel, ahora=ahora)
    sesion.add_all(
        Campania(nombre=f"Campaña {n}", etiqueta_principal=f"#Campania{n}", creada_en=ahora)
        for n in range(40)
    )
    sesion.add_all(Dependencia(nombre=f"Secretaría {n}", creada_en=ahora) for n in range(30))
    sesion.flush()
    Copiadora(oficina, piezas).copiar()
    _anotar(sesion, piezas * 4, ahora)
    sesion.commit()
    _lo_de_hoy(oficina)


def _lo_de_hoy(oficina: Oficina) -> None:
    """Las últimas piezas, hechas por personas: son las que se abren una por una."""
    ahora = oficina.ahora
    oficina.entrega("Salió", "x", Estado.PUBLICADA)
    oficina.entrega("Falló", "web", Estado.FALLIDA, causa=None)
    oficina.en_revision("Por aprobar", imagen=una_imagen(), cuentas=("facebook", "x", "web"))
    oficina.sesion.flush()
    duda = oficina.entrega("En duda", "facebook", Estado.EN_DUDA, para=ahora)
    oficina.suceso(duda, Suceso.SALIDA)
    oficina.sesion.add(
        Comentario(
            pieza_id=duda.pieza_id,
            version_id=duda.version_id,
            autor_id=oficina.persona("community@alcaldia.example").id,
            texto="¿La vieron en la página?",
            en=ahora,
        )
    )


def _anotar(sesion: Session, cuantas: int, ahora: datetime) -> None:
    """La bitácora de tres años, con su cadena completa."""
    sesion.commit()
    cabeza = sesion.get(CabezaBitacora, 1)
    if cabeza is None:
        cabeza = CabezaBitacora(id=1, numero=0, huella=COMIENZO, anterior=COMIENZO)
        sesion.add(cabeza)
    filas, desde = [], cabeza.numero
    for n in range(cuantas):
        hecho = {
            "en": ahora - timedelta(minutes=(cuantas - n) * 10),
            "persona_id": n % 60 + 1,
            "quien": f"persona{n % 60}@alcaldia.example",
            "accion": ("crear", "enviar", "aprobar", "publicar")[n % 4],
            "objeto": "pieza",
            "objeto_id": n // 4 + 1,
            "de": None,
            "a": None,
            "motivo": None,
        }
        cabeza.anterior = cabeza.huella
        cabeza.huella = sellar(cabeza.huella, canonico(hecho))
        filas.append({"id": desde + n + 1, "huella": cabeza.huella, **hecho})
    cabeza.numero = desde + cuantas
    for inicio in range(0, len(filas), POR_TANDA):
        sesion.execute(insert(Anotacion), filas[inicio : inicio + POR_TANDA])
