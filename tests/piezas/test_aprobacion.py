"""Nada sale sin aprobación de otra persona, y cualquier cambio la anula."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from conectores.contrato import Red
from piezas.aprobacion import (
    aprobacion_vigente,
    aprobar,
    cancelar_pieza,
    devolver,
    marcar_revisada,
    pedir_revision,
    sobres_vigentes,
    vigentes,
)
from piezas.bitacora import Anotacion
from piezas.composicion import adelantar_copias
from piezas.envios import abrir, huella
from piezas.errores import (
    CuatroOjos,
    DatosInvalidos,
    EstadoNoPermite,
    MedioFalta,
    NoCabe,
    NoEncontrada,
    SinPermisoPara,
)
from piezas.medios import Copia
from piezas.personas import Papel
from piezas.redaccion import MedioElegido, cambiar_momento, guardar_version
from piezas.versiones import Aprobacion, Decision, EstadoPieza, Sobre, Version
from tests.fabricas import (
    AHORA,
    un_borrador,
    un_medio,
    una_cuenta,
    una_persona,
    una_pieza,
    una_pieza_aprobada,
)


@pytest.fixture
def sesion(sesiones):
    with sesiones.begin() as abierta:
        yield abierta


@pytest.fixture
def jefe(sesion):
    return una_persona(sesion, Papel.JEFATURA)


def test_aprobar_sella_un_sobre_por_cuenta_y_queda_vigente(sesion, sello, almacen):
    cuentas = (una_cuenta(sesion, Red.FACEBOOK), una_cuenta(sesion, Red.X))
    pieza, sobres = una_pieza_aprobada(sesion, *cuentas, sello=sello, almacen=almacen)
    assert pieza.estado is EstadoPieza.APROBADA
    assert {s.cuenta_id for s in sobres} == {c.id for c in cuentas}
    assert all(s.huella == huella(s.contenido) for s in sobres)
    assert aprobacion_vigente(sesion, pieza.version_vigente_id, sello)
    aprobadas = sobres_vigentes(sesion, [pieza.version_vigente_id], sello)
    assert aprobadas == {pieza.version_vigente_id: {s.cuenta_id: s.huella for s in sobres}}


def test_el_sobre_abre_con_los_bytes_de_la_copia(sesion, sello, almacen):
    autor = una_persona(sesion)
    medio = un_medio(sesion, almacen, autor)
    _, (sobre,) = una_pieza_aprobada(
        sesion, por=autor, medios=(medio,), sello=sello, almacen=almacen
    )
    (adjunto,) = abrir(sobre.contenido, almacen.camino).adjuntos
    assert adjunto.texto_alternativo == "Una enfermera con un carné."
    assert almacen.comprobar(adjunto.huella)
    assert adjunto.nombre.startswith("pub-")
    assert adjunto.archivo.stat().st_size == adjunto.peso_bytes


def test_el_autor_no_aprueba_aunque_sea_jefe(sesion, jefe, sello, almacen):
    pieza = una_pieza(sesion, por=jefe)
    pedir_revision(sesion, pieza.id, por=jefe.id, ahora=AHORA)
    with pytest.raises(CuatroOjos):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)
    assert not vigentes(sesion, [pieza.version_vigente_id], sello)


def test_el_ultimo_editor_no_aprueba(sesion, jefe, sello, almacen):
    cuenta = una_cuenta(sesion)
    pieza = una_pieza(sesion, cuenta)
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    borrador = un_borrador(cuenta, texto="Corregido por la jefatura.")
    guardar_version(sesion, pieza.id, borrador, por=jefe.id, ahora=AHORA)
    with pytest.raises(CuatroOjos):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)


def test_el_autor_no_aprueba_aunque_otra_persona_haya_editado_despues(sesion, jefe, sello, almacen):
    cuenta = una_cuenta(sesion)
    pieza = una_pieza(sesion, cuenta, por=jefe)
    otra = una_persona(sesion)
    guardar_version(sesion, pieza.id, un_borrador(cuenta, texto="Otro."), por=otra.id, ahora=AHORA)
    pedir_revision(sesion, pieza.id, por=otra.id, ahora=AHORA)
    with pytest.raises(CuatroOjos):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)


def test_quien_solo_cambio_el_momento_si_puede_aprobar(sesion, jefe, sello, almacen):
    cuenta = una_cuenta(sesion)
    pieza = una_pieza(sesion, cuenta)
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    despues = AHORA + timedelta(hours=1)
    cambiar_momento(sesion, pieza.id, cuenta.id, despues, por=jefe.id, ahora=AHORA)
    aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)
    assert aprobacion_vigente(sesion, pieza.version_vigente_id, sello)


@pytest.mark.parametrize("papel", [p for p in Papel if p is not Papel.JEFATURA])
def test_solo_la_jefatura_aprueba(sesion, sello, almacen, papel):
    pieza = una_pieza(sesion)
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    otra = una_persona(sesion, papel)
    with pytest.raises(SinPermisoPara):
        aprobar(sesion, pieza.id, por=otra.id, ahora=AHORA, sello=sello, almacen=almacen)


def test_una_jefa_desactivada_no_aprueba(sesion, jefe, sello, almacen):
    pieza = una_pieza(sesion)
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    jefe.activa = False
    with pytest.raises(SinPermisoPara, match="desactivado"):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)


def test_un_borrador_que_no_se_envio_no_se_aprueba(sesion, jefe, sello, almacen):
    pieza = una_pieza(sesion)
    with pytest.raises(EstadoNoPermite, match="borrador"):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)


def test_una_pieza_que_no_existe_se_dice(sesion, jefe, sello, almacen):
    with pytest.raises(NoEncontrada):
        aprobar(sesion, 999, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)


def test_editar_lo_aprobado_anula_y_vuelve_a_revision(sesion, sello, almacen):
    cuenta = una_cuenta(sesion)
    pieza, _ = una_pieza_aprobada(sesion, cuenta, sello=sello, almacen=almacen)
    vieja = pieza.version_vigente_id
    otra = una_persona(sesion)
    nueva = guardar_version(
        sesion, pieza.id, un_borrador(cuenta, texto="Con un cambio."), por=otra.id, ahora=AHORA
    )
    assert pieza.estado is EstadoPieza.EN_REVISION
    assert vigentes(sesion, [vieja, nueva.id], sello) == set()
    decisiones = sesion.scalars(
        select(Aprobacion.decision).where(Aprobacion.version_id == vieja).order_by(Aprobacion.id)
    ).all()
    assert decisiones == [Decision.ENVIADA, Decision.APROBADA, Decision.ANULADA]


def test_cambiar_solo_la_hora_conserva_la_aprobacion(sesion, sello, almacen):
    cuenta = una_cuenta(sesion)
    pieza, _ = una_pieza_aprobada(sesion, cuenta, sello=sello, almacen=almacen)
    community = una_persona(sesion, Papel.COMMUNITY)
    despues = AHORA + timedelta(days=1)
    borrador = un_borrador(cuenta, programada_para=despues)
    igual = guardar_version(sesion, pieza.id, borrador, por=community.id, ahora=AHORA)
    assert igual.id == pieza.version_vigente_id
    assert pieza.momentos[0].programada_para == despues
    assert aprobacion_vigente(sesion, igual.id, sello)


def test_quien_redacta_no_mueve_la_hora_de_lo_aprobado(sesion, sello, almacen):
    cuenta = una_cuenta(sesion)
    pieza, _ = una_pieza_aprobada(sesion, cuenta, sello=sello, almacen=almacen)
    with pytest.raises(SinPermisoPara):
        cambiar_momento(sesion, pieza.id, cuenta.id, AHORA, por=pieza.autor_id, ahora=AHORA)


def test_una_fila_de_aprobacion_escrita_a_mano_no_vale(sesion, jefe, sello):
    pieza = una_pieza(sesion)
    pieza.estado = EstadoPieza.APROBADA
    sesion.add(
        Aprobacion(
            version_id=pieza.version_vigente_id,
            persona_id=jefe.id,
            decision=Decision.APROBADA,
            en=AHORA,
            firma="a" * 64,
        )
    )
    assert not aprobacion_vigente(sesion, pieza.version_vigente_id, sello)


@pytest.mark.parametrize(
    "orden",
    [
        "UPDATE aprobacion SET persona_id = :otra WHERE decision = 'aprobada'",
        "UPDATE aprobacion SET en = '2026-12-01 12:00:01.000000' WHERE decision = 'aprobada'",
        "UPDATE sobre SET huella = 'x'",
        "UPDATE sobre SET cuenta_id = :cuenta",
        "DELETE FROM sobre",
        "UPDATE version SET hash_contenido = 'z' || substr(hash_contenido, 2)",
        "UPDATE pieza SET estado = 'en_revision'",
        "UPDATE pieza SET version_vigente_id = NULL",
    ],
)
def test_tocar_la_base_a_mano_tumba_la_aprobacion(sesion, sello, almacen, orden):
    otra, cuenta = una_persona(sesion), una_cuenta(sesion)
    pieza, _ = una_pieza_aprobada(sesion, sello=sello, almacen=almacen)
    version_id = pieza.version_vigente_id
    assert aprobacion_vigente(sesion, version_id, sello)
    valores = {"otra": otra.id, "cuenta": cuenta.id}
    sesion.execute(text(orden), {k: v for k, v in valores.items() if f":{k}" in orden})
    assert not aprobacion_vigente(sesion, version_id, sello)


def test_la_aprobacion_sobrevive_a_la_rotacion_de_claves(sesion, sello, almacen):
    from piezas.firmas import Sello

    pieza, _ = una_pieza_aprobada(sesion, sello=sello, almacen=almacen)
    rotado = Sello((b"otra-clave-todavia-mas-nueva-123", b"clave-nueva-de-prueba-0123456789"))
    ajeno = Sello((b"una-clave-que-nunca-firmo-nada-1",))
    assert aprobacion_vigente(sesion, pieza.version_vigente_id, rotado)
    assert not aprobacion_vigente(sesion, pieza.version_vigente_id, ajeno)


def test_muchas_versiones_se_preguntan_con_una_sola_consulta(sesion, sello, almacen):
    from sqlalchemy import event

    piezas = [una_pieza_aprobada(sesion, sello=sello, almacen=almacen)[0] for _ in range(3)]
    sin_aprobar = una_pieza(sesion)
    sesion.flush()
    consultas = []
    event.listen(sesion.bind, "before_cursor_execute", lambda *a: consultas.append(a[2]))
    ids = [p.version_vigente_id for p in (*piezas, sin_aprobar)]
    assert vigentes(sesion, ids, sello) == {p.version_vigente_id for p in piezas}
    assert len(consultas) == 1


def test_una_imagen_sin_texto_alternativo_no_pasa_a_revision(sesion, almacen):
    autor, cuenta = una_persona(sesion), una_cuenta(sesion, alias="pagina")
    medio = un_medio(sesion, almacen, autor)
    elegido = MedioElegido(medio_id=medio.id, texto_alternativo="  ")
    pieza = una_pieza(sesion, cuenta, por=autor, medios=())
    guardar_version(
        sesion,
        pieza.id,
        replace(un_borrador(cuenta), medios=(elegido,)),
        por=autor.id,
        ahora=AHORA,
    )
    with pytest.raises(NoCabe) as error:
        pedir_revision(sesion, pieza.id, por=autor.id, ahora=AHORA)
    (frase,) = error.value.mensajes
    assert "«pagina» (Facebook)" in frase
    assert "texto alternativo" in frase
    assert pieza.estado is EstadoPieza.BORRADOR


def test_lo_que_no_cabe_en_x_se_dice_con_cuenta_y_cifras(sesion):
    cuenta = una_cuenta(sesion, Red.X, alias="trino")
    pieza = una_pieza(sesion, cuenta, texto="palabra " * 40)
    with pytest.raises(NoCabe) as error:
        pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    assert "«trino» (X)" in error.value.mensajes[0]
    assert "sobran" in error.value.mensajes[0]


def test_una_edicion_en_revision_que_no_cabe_tampoco_se_aprueba(sesion, jefe, sello, almacen):
    cuenta = una_cuenta(sesion, Red.X)
    pieza = una_pieza(sesion, cuenta)
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    largo = un_borrador(cuenta, texto="palabra " * 40)
    guardar_version(sesion, pieza.id, largo, por=pieza.autor_id, ahora=AHORA)
    with pytest.raises(NoCabe):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)
    assert sesion.scalar(select(func.count()).select_from(Sobre)) == 0


def test_sin_cuentas_o_sin_texto_no_hay_revision(sesion):
    autor = una_persona(sesion)
    from piezas.redaccion import crear_pieza

    sin_cuentas = crear_pieza(sesion, un_borrador(), por=autor.id, ahora=AHORA)
    with pytest.raises(NoCabe, match="al menos una cuenta"):
        pedir_revision(sesion, sin_cuentas.id, por=autor.id, ahora=AHORA)
    sin_texto = una_pieza(sesion, una_cuenta(sesion), texto="", texto_x="Solo para X")
    with pytest.raises(NoCabe):
        pedir_revision(sesion, sin_texto.id, por=autor.id, ahora=AHORA)


def test_un_archivo_danado_no_se_sella(sesion, jefe, sello, almacen):
    autor = una_persona(sesion)
    medio = un_medio(sesion, almacen, autor)
    pieza = una_pieza(sesion, por=autor, medios=(medio,))
    pedir_revision(sesion, pieza.id, por=autor.id, ahora=AHORA)
    from piezas.ingreso import copia

    hecha = copia(sesion, almacen, medio, Red.FACEBOOK)
    camino = almacen.camino(hecha.huella)
    camino.write_bytes(camino.read_bytes() + b"x")
    with pytest.raises(MedioFalta):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)
    camino.unlink()
    with pytest.raises(MedioFalta):
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)


def test_devolver_pide_un_motivo_util_y_lo_deja_en_la_pieza(sesion, jefe):
    pieza = una_pieza(sesion)
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    with pytest.raises(DatosInvalidos):
        devolver(sesion, pieza.id, motivo="  corto   ", por=jefe.id, ahora=AHORA)
    devolver(sesion, pieza.id, motivo="Falta la fuente de la cifra.", por=jefe.id, ahora=AHORA)
    assert pieza.estado is EstadoPieza.DEVUELTA
    assert pieza.motivo == "Falta la fuente de la cifra."
    pedir_revision(sesion, pieza.id, por=pieza.autor_id, ahora=AHORA)
    assert pieza.motivo is None


def test_quien_edito_no_la_da_por_revisada(sesion):
    persona = una_persona(sesion, Papel.REDACCION, Papel.REVISION)
    pieza = una_pieza(sesion, por=persona)
    pedir_revision(sesion, pieza.id, por=persona.id, ahora=AHORA)
    with pytest.raises(CuatroOjos):
        marcar_revisada(sesion, pieza.id, por=persona.id, ahora=AHORA)
    otra = una_persona(sesion, Papel.REVISION)
    marcar_revisada(sesion, pieza.id, por=otra.id, ahora=AHORA)
    assert pieza.estado is EstadoPieza.REVISADA


def test_cancelar_lo_aprobado_lo_deja_sin_vigencia(sesion, jefe, sello, almacen):
    pieza, _ = una_pieza_aprobada(sesion, sello=sello, almacen=almacen)
    with pytest.raises(SinPermisoPara):
        cancelar_pieza(
            sesion, pieza.id, motivo="Ya no hace falta.", por=pieza.autor_id, ahora=AHORA
        )
    cancelar_pieza(sesion, pieza.id, motivo="Ya no hace falta.", por=jefe.id, ahora=AHORA)
    assert pieza.estado is EstadoPieza.CANCELADA
    assert not aprobacion_vigente(sesion, pieza.version_vigente_id, sello)
    with pytest.raises(EstadoNoPermite):
        guardar_version(sesion, pieza.id, un_borrador(una_cuenta(sesion)), por=jefe.id, ahora=AHORA)


def test_cada_paso_deja_una_linea_en_la_bitacora(sesion, jefe, sello, almacen):
    pieza, _ = una_pieza_aprobada(sesion, sello=sello, almacen=almacen, jefe=jefe)
    lineas = sesion.execute(
        select(Anotacion.accion, Anotacion.quien, Anotacion.de, Anotacion.a)
        .where(Anotacion.objeto == "pieza", Anotacion.objeto_id == pieza.id)
        .order_by(Anotacion.id)
    ).all()
    autor = pieza.autor.correo
    assert [tuple(linea) for linea in lineas] == [
        ("crear pieza", autor, None, "borrador"),
        ("enviar a revisión", autor, "borrador", "en_revision"),
        ("aprobar", jefe.correo, "en_revision", "aprobada"),
    ]


def test_las_copias_se_pueden_adelantar_y_aprobar_las_usa(sesiones, sello, almacen):
    with sesiones.begin() as sesion:
        autor, jefe = una_persona(sesion), una_persona(sesion, Papel.JEFATURA)
        medio = un_medio(sesion, almacen, autor)
        pieza = una_pieza(sesion, por=autor, medios=(medio,))
        pedir_revision(sesion, pieza.id, por=autor.id, ahora=AHORA)
    adelantar_copias(sesiones, almacen, pieza.id)
    with sesiones.begin() as sesion:
        antes = sesion.scalars(select(Copia.huella)).all()
        assert len(antes) == 1
        aprobar(sesion, pieza.id, por=jefe.id, ahora=AHORA, sello=sello, almacen=almacen)
        assert sesion.scalars(select(Copia.huella)).all() == antes


def test_la_clave_de_cada_sobre_es_propia_de_version_y_cuenta(sesion, sello, almacen):
    cuentas = (una_cuenta(sesion), una_cuenta(sesion))
    pieza, sobres = una_pieza_aprobada(sesion, *cuentas, sello=sello, almacen=almacen)
    claves = {abrir(s.contenido, almacen.camino).clave for s in sobres}
    version = sesion.get_one(Version, pieza.version_vigente_id)
    assert claves == {sello.clave_de(version.id, c.id, version.hash_contenido) for c in cuentas}
    assert len(claves) == 2
