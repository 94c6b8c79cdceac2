"""`publicador bitacora`: dice en una frase si alguien tocó la historia, y la deja copiar."""

import csv
import io
import json

from tests.oficina import MANDA, Oficina


def sin_guardias(oficina: Oficina, orden: str) -> None:
    """Cambia la bitácora como quien tiene el archivo de la base en la mano."""
    for nombre in ("cambiar", "borrar"):
        oficina.escribir(f"DROP TRIGGER guardia_anotacion_{nombre}")
    oficina.escribir(orden)


def test_una_bitacora_intacta_dice_cuantos_hechos_y_su_cabeza(oficina: Oficina) -> None:
    oficina.bien("cola", "pausar", "--motivo", "Ensayo de la mañana")
    hecho = oficina.bien("bitacora", "verificar")
    (cuantos,) = oficina.preguntar("SELECT count(*) AS n FROM anotacion")
    assert f"La bitácora está completa: {cuantos['n']} hechos" in hecho.salida
    dato = oficina.bien("bitacora", "verificar", "--json").json()
    assert (dato["bien"], dato["hechos"]) == (True, cuantos["n"])
    assert dato["cabeza"] in hecho.salida
    assert oficina.bien("bitacora", "verificar", "--cabeza", dato["cabeza"]).codigo == 0


def test_un_hecho_cambiado_se_nombra_y_la_orden_falla(oficina: Oficina) -> None:
    sin_guardias(oficina, "UPDATE anotacion SET quien = 'otra@prensa.example' WHERE id = 2")
    hecho = oficina.orden("bitacora", "verificar")
    assert (hecho.codigo, hecho.salida) == (1, "")
    assert "no cuadra en el hecho 2" in hecho.frases
    hecho = oficina.orden("bitacora", "verificar", "--json")
    assert (hecho.codigo, hecho.json()["primera_mala"]) == (1, 2)


def test_un_final_cortado_se_nota_con_la_cabeza_del_correo(oficina: Oficina) -> None:
    cabeza = oficina.bien("bitacora", "verificar", "--json").json()["cabeza"]
    sin_guardias(oficina, "DELETE FROM anotacion WHERE id = (SELECT max(id) FROM anotacion)")
    oficina.escribir(
        "UPDATE cabeza_bitacora SET numero = (SELECT max(id) FROM anotacion), "
        "huella = (SELECT huella FROM anotacion ORDER BY id DESC LIMIT 1)"
    )
    assert oficina.bien("bitacora", "verificar").codigo == 0
    assert oficina.orden("bitacora", "verificar", "--cabeza", cabeza).codigo == 1
    assert oficina.orden("bitacora", "verificar", "--cabeza", "cualquiera").codigo == 2


def test_exportar_escribe_todo_y_las_formulas_quedan_inertes(oficina: Oficina) -> None:
    oficina.bien("cola", "pausar", "--motivo", '=HYPERLINK("http://x.example")')
    en_csv, en_json = oficina.datos.parent / "b.csv", oficina.datos.parent / "b.json"
    oficina.bien("bitacora", "exportar", en_csv)
    oficina.bien("bitacora", "exportar", en_json)
    filas = list(csv.DictReader(io.StringIO(en_csv.read_bytes().decode("utf-8-sig"), newline="")))
    datos = json.loads(en_json.read_text())
    assert [f["numero"] for f in filas] == [str(d["numero"]) for d in datos]
    assert filas[-1]["motivo"] == '\'=HYPERLINK("http://x.example")'
    assert datos[-1]["motivo"] == '=HYPERLINK("http://x.example")'
    assert any(MANDA in (d["quien"], d["a"]) or d["accion"] == "crear persona" for d in datos)
    vacio = oficina.datos.parent / "c.json"
    oficina.bien("bitacora", "exportar", vacio, "--hasta", "2001-01-01")
    assert json.loads(vacio.read_text()) == []
    assert oficina.orden("bitacora", "exportar", oficina.datos.parent / "b.txt").codigo == 2
