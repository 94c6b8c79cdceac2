"""El editor sin navegador: guardar, enviar, no perder lo escrito, dos personas y quién puede."""

import re
from datetime import timedelta
from html import unescape

from sqlalchemy import select

from cola.programacion import aprobar_y_programar
from cola.publicaciones import Publicacion
from panel.redaccion.pendientes import BorradorDePantalla
from piezas.marcas import marca_de
from piezas.versiones import EstadoPieza, Momento, Pieza
from tests.panel.sembrado import una_imagen


def texto_de(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def campos_de(panel, **cambios):
    with panel.oficina() as oficina:
        facebook, x = oficina.cuenta("facebook").id, oficina.cuenta("x").id
    return {
        "texto": "Este sábado hay jornada de vacunación.",
        "cuenta": [str(facebook), str(x)],
        "actividad": "A4",
        "accion": "guardar",
    } | cambios


def la_pieza(panel):
    with panel.leer() as sesion:
        return sesion.scalars(select(Pieza).order_by(Pieza.id.desc())).first()


def test_de_vacia_a_enviada_a_revision_en_un_solo_paso(panel):
    cliente = panel.como("redaccion")
    respuesta = cliente.post("/piezas/nueva", data=campos_de(panel, accion="enviar"))
    assert respuesta.status_code == 303
    pieza = la_pieza(panel)
    assert pieza.estado is EstadoPieza.EN_REVISION
    assert pieza.titulo == "Este sábado hay jornada de vacunación"
    assert respuesta.location.endswith(f"/piezas/{pieza.id}")


def test_al_enviar_lo_que_falta_se_dice_en_su_campo_y_no_se_guarda_nada(panel):
    with panel.oficina() as oficina:
        pieza = oficina.pieza(imagen=una_imagen())
        medio = pieza.version.medios[0].medio_id
        antes = pieza.id
    datos = campos_de(panel, accion="enviar", texto="a" * 300, medio=str(medio))
    respuesta = panel.como("redaccion").post("/piezas/nueva", data=datos)
    assert respuesta.status_code == 422
    assert "a" * 300 in respuesta.text
    assert re.search(rf'id="falla-alterno_{medio}">[^<]*texto alternativo', respuesta.text)
    assert re.search(r'id="falla-texto">En X: el texto no cabe', respuesta.text)
    assert la_pieza(panel).id == antes


def test_sin_cuentas_se_guarda_como_borrador_pero_no_se_envia(panel):
    datos = campos_de(panel, cuenta=[])
    assert panel.como("redaccion").post("/piezas/nueva", data=datos).status_code == 303
    respuesta = panel.como("redaccion").post("/piezas/nueva", data=datos | {"accion": "enviar"})
    assert respuesta.status_code == 422
    assert "Elija al menos una cuenta." in texto_de(respuesta.text)


def test_lo_que_sale_al_aprobarse_no_llega_tarde_aunque_se_apruebe_al_otro_dia(panel):
    panel.como("redaccion").post("/piezas/nueva", data=campos_de(panel, accion="enviar"))
    pieza = la_pieza(panel)
    panel.pasan(timedelta(days=1))
    with panel.oficina() as oficina:
        aprobar_y_programar(
            oficina.sesion, pieza.id, por=oficina.persona("jefatura@alcaldia.example").id,
            ahora=panel.ahora, sello=oficina.sello, almacen=oficina.almacen,
            tolerancia=timedelta(minutes=30),
        )  # fmt: skip
    with panel.leer() as sesion:
        filas = list(sesion.scalars(select(Publicacion)))
        assert {(f.estado.value, f.programada_para) for f in filas} == {("programada", panel.ahora)}


def test_ponerle_hora_le_quita_el_en_cuanto_se_apruebe(panel):
    panel.como("redaccion").post("/piezas/nueva", data=campos_de(panel))
    with panel.servicios.sesiones.begin() as sesion:
        momento = sesion.scalars(select(Momento)).first()
        assert momento.al_aprobarse
        momento.programada_para = panel.ahora + timedelta(days=2)
        assert not momento.al_aprobarse


def test_lo_que_se_escribe_vuelve_despues_de_recargar(panel):
    cliente = panel.como("redaccion")
    datos = campos_de(panel, texto="Texto a medias, sin guardar")
    guardado = cliente.post("/redaccion/autoguardar", data=datos).json
    html = cliente.get("/piezas/nueva").text
    assert "Texto a medias, sin guardar" in html
    assert "Recuperamos lo que estaba escribiendo" in html
    # Al guardarlo de verdad deja de estar a medias.
    cliente.post("/piezas/nueva", data=datos | {"borrador": guardado["id"]})
    assert "Recuperamos" not in cliente.get("/piezas/nueva").text


def test_lo_que_otra_persona_tiene_a_medias_no_se_ve_ni_se_toca(panel):
    suyo = (
        panel.como("redaccion")
        .post("/redaccion/autoguardar", data=campos_de(panel, texto="Secreto de redacción"))
        .json["id"]
    )
    intruso = panel.como("community")
    assert "Secreto" not in intruso.get(f"/piezas/nueva?borrador={suyo}").text
    intruso.post("/redaccion/descartar", data={"borrador": suyo})
    otro = intruso.post(
        "/redaccion/autoguardar", data=campos_de(panel, borrador=suyo, serie=1)
    ).json["id"]
    assert otro != suyo
    assert "Secreto" in panel.como("redaccion").get("/piezas/nueva").text


def test_dos_pestanas_no_se_pisan_lo_escrito(panel):
    cliente = panel.como("redaccion")
    una = cliente.post("/redaccion/autoguardar", data=campos_de(panel, texto="Una")).json
    cliente.post(
        "/redaccion/autoguardar",
        data=campos_de(panel, texto="Una más", borrador=una["id"], serie=1),
    )
    # La otra pestaña abrió con la serie vieja: se va a un sitio aparte.
    otra = cliente.post(
        "/redaccion/autoguardar", data=campos_de(panel, texto="Otra", borrador=una["id"], serie=1)
    ).json
    assert otra["id"] != una["id"]
    with panel.leer() as sesion:
        textos = [fila.formulario["texto"] for fila in sesion.scalars(select(BorradorDePantalla))]
    assert sorted(textos) == ["Otra", "Una más"]


def test_dos_personas_lo_que_no_choca_se_une_y_lo_que_choca_se_muestra(panel):
    with panel.oficina() as oficina:
        pieza = oficina.pieza("Feria", texto="Texto de partida", enlace="https://a.gov.co/feria")
        oficina.sesion.flush()
        numero, marca = pieza.id, marca_de(pieza)
    base = {
        "titulo": "Feria", "enlace": "https://a.gov.co/feria", "utm_source": "", "marca": marca,
    }  # fmt: skip
    primera = campos_de(panel, **base, texto="Texto de la primera", comentario="Nuevo comentario")
    assert panel.como("community").post(f"/piezas/{numero}/editar", data=primera).status_code == 303

    segunda = campos_de(panel, **base, texto="Texto de la segunda")
    respuesta = panel.como("redaccion").post(f"/piezas/{numero}/editar", data=segunda)
    assert respuesta.status_code == 409
    leido = texto_de(respuesta.text)
    assert "Community guardó esta pieza" in leido
    assert "Texto de la primera" in leido
    assert "Texto de la segunda" in leido
    assert "Ya pusimos lo que solo cambió Community: primer comentario" in leido
    with panel.leer() as sesion:
        assert sesion.get(Pieza, numero).version.texto == "Texto de la primera"

    # Con la marca nueva que trae la página, su elección se guarda encima, a sabiendas.
    nueva = re.search(r'name="marca" value="([^"]+)"', respuesta.text)[1]
    decidida = segunda | {"marca": nueva, "comentario": "Nuevo comentario"}
    assert (
        panel.como("redaccion").post(f"/piezas/{numero}/editar", data=decidida).status_code == 303
    )
    with panel.leer() as sesion:
        version = sesion.get(Pieza, numero).version
        assert (version.texto, version.primer_comentario) == (
            "Texto de la segunda",
            "Nuevo comentario",
        )


def test_clonar_abre_una_copia_sin_horas_y_no_toca_la_original(panel):
    with panel.oficina() as oficina:
        numero = oficina.pieza("Feria", texto="Texto que se repite").id
    cliente = panel.como("redaccion")
    respuesta = cliente.post(f"/piezas/{numero}/clonar", follow_redirects=True)
    assert "Texto que se repite" in respuesta.text
    assert not re.search(r'name="fecha_\d+" value="2', respuesta.text)
    with panel.leer() as sesion:
        assert [p.id for p in sesion.scalars(select(Pieza))] == [numero]


def test_una_pieza_cerrada_no_se_edita(panel):
    with panel.oficina() as oficina:
        pieza = oficina.pieza("Vieja")
        pieza.estado, numero = EstadoPieza.ARCHIVADA, pieza.id
    assert panel.como("redaccion").get(f"/piezas/{numero}/editar").status_code == 404


def test_la_nueva_trae_las_cuentas_de_la_ultima_vez(panel):
    with panel.oficina() as oficina:
        x = oficina.cuenta("x").id
        oficina.pieza("Solo en X", cuentas=("x",))
    html = panel.como("redaccion").get("/piezas/nueva").text
    marcadas = re.findall(r'name="cuenta" value="(\d+)"[^>]* checked', html)
    assert marcadas == [str(x)]


def test_desde_el_calendario_la_nueva_trae_ese_dia_aunque_haya_algo_a_medias(panel):
    cliente = panel.como("redaccion")
    cliente.post("/redaccion/autoguardar", data=campos_de(panel, texto="A medias"))
    html = cliente.get("/piezas/nueva?fecha=2026-12-05T09:30").text
    assert re.search(r'name="fecha_\d+" value="2026-12-05"', html)
    assert re.search(r'name="hora_\d+" value="09:30"', html)
    assert "1 texto más a medias" in texto_de(html)


def test_la_pieza_ofrece_editar_y_clonar_a_quien_escribe_y_a_nadie_mas(panel):
    with panel.oficina() as oficina:
        numero = oficina.pieza("Feria").id
    assert "Clonar" in panel.como("redaccion").get(f"/piezas/{numero}").text
    assert f"/piezas/{numero}/editar" in panel.como("redaccion").get(f"/piezas/{numero}").text
    assert "Clonar" not in panel.como("consulta").get(f"/piezas/{numero}").text


def test_lo_hostil_en_cualquier_campo_vuelve_como_texto(panel):
    hostil = "\"'></textarea><script>alert(1)</script><img src=x onerror=alert(1)>"
    datos = dict.fromkeys(
        [
            "titulo",
            "texto",
            "texto_x",
            "enlace",
            "etiquetas",
            "campania",
            "dependencia",
            "comentario",
            "extracto",
            "categorias",
            "etiquetas_web",
            "utm_source",
            "marca",
            "serie",
        ],
        hostil,
    )
    cliente = panel.como("redaccion")
    cliente.post("/redaccion/autoguardar", data=datos)
    for respuesta in (cliente.get("/piezas/nueva"), cliente.post("/piezas/nueva", data=datos)):
        assert "alert(1)" in respuesta.text
        assert "<script>alert" not in respuesta.text
        assert "<img src=x" not in respuesta.text
