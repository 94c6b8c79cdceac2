"""`publicador usuario`: quien tiene el servidor puede devolverle la entrada a alguien."""

from tests.oficina import MANDA, Oficina

NUEVA = "siete loros miran el río"


def test_poner_otra_clave_desde_el_servidor_y_que_quede_anotado(oficina: Oficina) -> None:
    (antes,) = oficina.preguntar("SELECT clave FROM persona WHERE correo = ?", MANDA)
    hecho = oficina.bien("usuario", "clave", "--correo", MANDA, entrada=NUEVA + "\n")
    assert "otra contraseña" in hecho.salida
    (despues,) = oficina.preguntar("SELECT clave FROM persona WHERE correo = ?", MANDA)
    assert antes["clave"] != despues["clave"]
    (nota,) = oficina.preguntar("SELECT quien FROM anotacion WHERE accion = 'poner contraseña'")
    assert nota["quien"].startswith("servidor:")
    mala = oficina.orden("usuario", "clave", "--correo", MANDA, entrada="corta\n")
    assert (mala.codigo, "al menos 12" in mala.frases) == (1, True)
    nadie = oficina.orden("usuario", "clave", "--correo", "no@x.example", entrada=NUEVA)
    assert nadie.codigo == 1


def test_quitar_el_segundo_factor_desde_el_servidor(oficina: Oficina) -> None:
    oficina.escribir("UPDATE persona SET factor = 'sellado' WHERE correo = ?", MANDA)
    oficina.bien("usuario", "quitar-factor", "--correo", MANDA)
    (fila,) = oficina.preguntar("SELECT factor FROM persona WHERE correo = ?", MANDA)
    assert fila["factor"] is None
    assert oficina.bien("bitacora", "verificar").codigo == 0
