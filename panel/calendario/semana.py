"""La hoja de la reunión semanal, en PDF con etiquetas: los datos van aparte de la plantilla."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import typst

from panel.calendario.consulta import Salida, juntar
from panel.calendario.mes import Cita
from panel.filtros import dia_de, dia_largo, fecha_hora, hora
from panel.palabras import REDES
from piezas.efemerides import efemerides

_AQUI = Path(__file__).parent
_LETRAS = (
    _AQUI.parent / "frente" / "node_modules" / "@expo-google-fonts" / "public-sans",
    _AQUI.parent / "estaticos" / "armado",
)


def hoja_semanal(lunes: date, salidas: list[Salida], *, entidad: str, ahora: datetime) -> bytes:
    """Una A4 apaisada: un renglón por día, con la hora, la pieza, sus redes y en qué va."""
    datos = {
        "entidad": entidad,
        "titulo": f"Parrilla del {dia_largo(lunes)} al {dia_largo(lunes + timedelta(days=6))}",
        "emitida": f"Emitida el {fecha_hora(ahora)}",
        "dias": [_dia(lunes + timedelta(days=n), salidas) for n in range(7)],
    }
    return typst.compile(
        str(_AQUI / "semana.typ"),
        root=str(_AQUI),
        font_paths=[str(carpeta) for carpeta in _LETRAS if carpeta.is_dir()],
        ignore_system_fonts=True,
        # Como datos y no como texto de la plantilla: un título con marcas se imprime tal cual.
        sys_inputs={"datos": json.dumps(datos, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )


def _dia(dia: date, salidas: list[Salida]) -> dict[str, object]:
    nombres = [una.nombre for una in efemerides(dia, dia + timedelta(days=1))]
    del_dia = [s for s in salidas if dia_de(s.en) == dia]
    return {
        "nombre": dia_largo(dia),
        "nota": ", ".join(nombres),
        "citas": [_cita(Cita(salidas=grupo)) for grupo in juntar(del_dia)],
    }


def _cita(cita: Cita) -> dict[str, object]:
    return {
        "hora": hora(cita.en),
        "titulo": cita.titulo,
        "redes": ", ".join(dict.fromkeys(REDES[s.red].palabra for s in cita.salidas)),
        "estado": cita.rotulo.palabra,
    }
