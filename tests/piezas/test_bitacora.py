"""La cadena de la bitácora: ordenada, atada a su transacción, y nada se cambia sin que se note."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from piezas.bitacora import Anotacion, anotar
from piezas.verificacion import Cabeza, cabeza_de, verificar
from publicador import base_datos
from publicador.migraciones import guardias
from publicador.tablas import METADATOS, SOLO_SE_AGREGA
from tests.fabricas import AHORA


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def casa(request, tmp_path):
    """Una base de verdad con las tablas y los guardias de la casa."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/base.db"
    else:
        url = request.getfixturevalue("url_postgres")
    motor = base_datos.crear_motor_sql(url)
    METADATOS.create_all(motor)
    with motor.begin() as conexion:
        guardias.poner(
            lambda orden: conexion.execute(text(orden)), motor.dialect.name, ["anotacion"]
        )
    yield base_datos.sesiones(motor)
    motor.dispose()


def anotar_varios(casa, *motivos):
    for numero, motivo in enumerate(motivos):
        with casa.begin() as sesion:
            anotar(
                sesion, "probar", quien="ana@prensa.example", objeto="pieza", objeto_id=numero,
                motivo=motivo, ahora=AHORA + timedelta(microseconds=numero),
            )  # fmt: skip


def por_fuera(casa, *ordenes):
    """Lo que haría alguien con la contraseña de la base: quita los guardias y escribe."""
    with casa.begin() as sesion:
        if sesion.get_bind().dialect.name == "postgresql":
            sesion.execute(text("ALTER TABLE anotacion DISABLE TRIGGER ALL"))
        else:
            for nombre in ("cambiar", "borrar"):
                sesion.execute(text(f"DROP TRIGGER guardia_anotacion_{nombre}"))
        for orden in ordenes:
            sesion.execute(text(orden))


def revisar(casa, conocida=None):
    with casa() as sesion:
        return verificar(sesion, conocida=conocida)


def test_la_cadena_intacta_esta_bien_y_los_numeros_no_tienen_huecos(casa):
    anotar_varios(casa, "uno", "dos ñ 🙂", None, 'cuatro "con" \\ y\nsaltos')
    hallado = revisar(casa)
    assert hallado.esta_bien
    assert hallado.cabeza.numero == 4
    with casa() as sesion:
        assert list(sesion.scalars(select(Anotacion.id).order_by(Anotacion.id))) == [1, 2, 3, 4]


def test_una_bitacora_vacia_esta_bien(casa):
    assert revisar(casa).cabeza.numero == 0


@pytest.mark.parametrize("campo", ["quien", "accion", "objeto", "motivo"])
def test_un_hecho_cambiado_se_nombra(casa, campo):
    anotar_varios(casa, *"abcde")
    por_fuera(casa, f"UPDATE anotacion SET {campo} = 'otro' WHERE id = 3")
    hallado = revisar(casa)
    assert (hallado.mala, hallado.cabeza.numero) == (3, 2)
    assert "El hecho 3 no es el que se anotó" in hallado.razon


def test_mover_un_microsegundo_se_nota(casa):
    anotar_varios(casa, *"abc")
    otra = AHORA + timedelta(microseconds=7)
    escrita = otra.strftime("%Y-%m-%d %H:%M:%S.%f")
    con_zona = "+00" if casa.kw["bind"].dialect.name == "postgresql" else ""
    por_fuera(casa, f"UPDATE anotacion SET en = '{escrita}{con_zona}' WHERE id = 2")
    assert revisar(casa).mala == 2


def test_un_hecho_quitado_se_nombra(casa):
    anotar_varios(casa, *"abcde")
    por_fuera(casa, "DELETE FROM anotacion WHERE id = 2")
    hallado = revisar(casa)
    assert (hallado.mala, hallado.razon) == (2, "Falta el hecho 2: alguien lo quitó.")


def test_dos_hechos_cambiados_de_lugar_se_notan(casa):
    anotar_varios(casa, *"abcde")
    por_fuera(
        casa,
        "UPDATE anotacion SET id = 99 WHERE id = 2",
        "UPDATE anotacion SET id = 2 WHERE id = 4",
        "UPDATE anotacion SET id = 4 WHERE id = 99",
    )
    assert revisar(casa).mala == 2


def test_un_hecho_metido_al_principio_se_nota(casa):
    anotar_varios(casa, *"abc")
    por_fuera(casa, "UPDATE anotacion SET id = 0 WHERE id = 1")
    assert revisar(casa).mala == 0


def test_el_final_cortado_se_nota(casa):
    anotar_varios(casa, *"abcde")
    por_fuera(casa, "DELETE FROM anotacion WHERE id >= 4")
    assert revisar(casa).razon == "Faltan los hechos desde el 4 hasta el 5: alguien los quitó."


def test_el_final_cortado_con_cuidado_se_nota_con_la_cabeza_copiada_afuera(casa):
    anotar_varios(casa, *"abcde")
    copiada = Cabeza.de_texto(str(revisar(casa).cabeza))
    por_fuera(
        casa,
        "DELETE FROM anotacion WHERE id >= 4",
        "UPDATE cabeza_bitacora SET numero = 3, "
        "huella = (SELECT huella FROM anotacion WHERE id = 3)",
    )
    assert revisar(casa).esta_bien
    assert revisar(casa, copiada).mala == 4


def test_una_bitacora_rehecha_entera_se_nota_con_la_cabeza_copiada_afuera(casa):
    anotar_varios(casa, *"abc")
    copiada = revisar(casa).cabeza
    por_fuera(casa, "DELETE FROM anotacion", "DELETE FROM cabeza_bitacora")
    anotar_varios(casa, *"abx")
    assert revisar(casa).esta_bien
    assert revisar(casa, copiada).mala == 3


def test_la_base_no_deja_cambiar_ni_borrar_un_hecho(casa):
    assert "anotacion" in SOLO_SE_AGREGA
    anotar_varios(casa, "a")
    for orden in ("UPDATE anotacion SET quien = 'x'", "DELETE FROM anotacion"):
        with pytest.raises(DBAPIError, match="solo se agrega"), casa.begin() as sesion:
            sesion.execute(text(orden))


def test_lo_que_se_deshace_no_deja_hecho_ni_hueco(casa):
    anotar_varios(casa, "a")
    with casa() as sesion:
        anotar(sesion, "probar", quien="x", objeto="pieza", ahora=AHORA)
        sesion.rollback()
        sesion.commit()
    with casa.begin() as sesion:
        anotar(sesion, "afuera", quien="x", objeto="pieza", ahora=AHORA)
        parcial = sesion.begin_nested()
        anotar(sesion, "adentro", quien="x", objeto="pieza", ahora=AHORA)
        parcial.rollback()
        with sesion.begin_nested():
            anotar(sesion, "adentro que queda", quien="x", objeto="pieza", ahora=AHORA)
    with casa() as sesion:
        acciones = list(sesion.scalars(select(Anotacion.accion).order_by(Anotacion.id)))
    assert acciones == ["probar", "afuera", "adentro que queda"]
    assert revisar(casa).cabeza.numero == 3


def test_ocho_que_escriben_a_la_vez_dejan_una_sola_cadena(casa):
    def escribir(cual):
        anotar_varios(casa, *(f"{cual}-{n}" for n in range(6)))

    with ThreadPoolExecutor(8) as hilos:
        list(hilos.map(escribir, range(8)))
    hallado = revisar(casa)
    assert hallado.esta_bien, hallado.razon
    assert hallado.cabeza.numero == 48


def test_muchos_hechos_de_una_vez_siguen_siendo_una_cadena(casa):
    with casa.begin() as sesion:
        for numero in range(150):
            anotar(sesion, "probar", quien="x", objeto="pieza", objeto_id=numero, ahora=AHORA)
    with casa() as sesion:
        assert cabeza_de(sesion).numero == 150
        orden = select(Anotacion.objeto_id).order_by(Anotacion.id)
        assert list(sesion.scalars(orden)) == list(range(150))
    assert revisar(casa).esta_bien


def test_la_cadena_cuesta_una_sola_orden_de_mas(casa):
    anotar_varios(casa, "la primera pone la cabeza")
    ordenes = []
    event.listen(
        casa.kw["bind"], "before_cursor_execute",
        lambda _con, _cur, orden, *_resto: ordenes.append(orden.split()[0]),
    )  # fmt: skip
    anotar_varios(casa, "otra")
    assert [o for o in ordenes if o not in {"BEGIN", "PRAGMA"}] == ["UPDATE", "INSERT"]


def test_una_cabeza_mal_copiada_no_se_acepta():
    for mala in ("", "x", "3:corta", "a:" + "0" * 64):
        with pytest.raises(ValueError, match="^" + mala):
            Cabeza.de_texto(mala)
