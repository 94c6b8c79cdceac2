import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from cola.avisos import Aviso, ClaseAviso
from cola.carriles import pausar_cuenta, reanudar_cuenta
from cola.cierres import Cierre, cerrar_tomas
from cola.cuentas import Cuenta
from cola.desenlaces import Avanza, Detenida, Duda, Espera, Publicada
from cola.dudas import resolver
from cola.edicion import editar
from cola.errores import NoSePuede
from cola.estados import Causa, Estado, MotivoPausa
from cola.pausas import pausar, reanudar
from cola.programacion import aprobar_y_programar, cancelar, reintentar
from cola.publicaciones import Intento, Publicacion, Suceso
from cola.salidas import Puerta
from conectores.contrato import Recibo, Red
from piezas.aprobacion import pedir_revision
from piezas.versiones import EstadoPieza, Pieza
from tests import fabricas

RECIBO = Recibo(id_remoto="1001_7", url="https://www.facebook.com/1001_7")


def test_el_camino_entero_deja_recibo_y_libro(escena):
    (una,) = escena.aprobada(escena.cuenta())
    (toma,) = escena.tomar()
    assert escena.salir(toma) is Puerta.ABIERTA
    assert escena.cerrar(toma, Publicada(RECIBO), Suceso.ACEPTADO)
    fila = escena.fila(una)
    assert (fila.estado, fila.id_remoto, fila.url) == (Estado.PUBLICADA, "1001_7", RECIBO.url)
    with escena.sesiones() as sesion:
        libro = sesion.scalars(select(Intento).order_by(Intento.id)).all()
    assert [linea.suceso for linea in libro] == [Suceso.SALIDA, Suceso.ACEPTADO]
    assert libro[1].id_remoto == "1001_7"


def test_nada_se_toma_antes_de_su_hora(escena):
    escena.aprobada(escena.cuenta(), para=escena.ahora + timedelta(seconds=10))
    assert escena.tomar() == []
    escena.pasa(seconds=10)
    assert len(escena.tomar()) == 1


def test_una_cuenta_tiene_a_lo_sumo_una_entrega_en_vuelo(escena):
    cuenta = escena.cuenta(espaciado_s=0)
    escena.aprobada(cuenta)
    escena.aprobada(cuenta)
    assert len(escena.tomar()) == 1
    assert escena.tomar() == []


def test_la_base_misma_rechaza_dos_en_vuelo(escena):
    cuenta = escena.cuenta(espaciado_s=0)
    escena.aprobada(cuenta)
    (otra,) = escena.aprobada(cuenta)
    escena.tomar()
    with pytest.raises(IntegrityError), escena.sesiones.begin() as sesion:
        sesion.execute(
            update(Publicacion)
            .where(Publicacion.id == otra)
            .values(estado=Estado.TOMADA, arriendo_de="x", arriendo_hasta=escena.ahora)
        )


@pytest.mark.parametrize(
    "cambios",
    [
        {"estado": Estado.PUBLICADA},
        {"estado": Estado.ENVIANDO},
        {"estado": Estado.FALLIDA},
        {"estado": Estado.DETENIDA, "motivo": "sin causa"},
        {"id_remoto": "7"},
        {"vence": None},
        {"requiere_persona": True},
    ],
)
def test_la_base_rechaza_filas_imposibles(escena, cambios):
    (una,) = escena.aprobada(escena.cuenta())
    with pytest.raises(IntegrityError), escena.sesiones.begin() as sesion:
        sesion.execute(update(Publicacion).where(Publicacion.id == una).values(**cambios))


def test_entre_dos_de_una_pagina_pasan_dos_minutos(escena):
    cuenta = escena.cuenta()
    escena.aprobada(cuenta)
    escena.aprobada(cuenta)
    (toma,) = escena.tomar()
    escena.salir(toma)
    escena.cerrar(toma, Publicada(RECIBO), Suceso.ACEPTADO)
    escena.pasa(seconds=119)
    assert escena.tomar() == []
    escena.pasa(seconds=1)
    assert len(escena.tomar()) == 1


def test_veinte_a_la_misma_hora_salen_de_a_una_y_ninguna_es_tardia(escena):
    cuenta = escena.cuenta()
    ids = [escena.aprobada(cuenta)[0] for _ in range(20)]
    for n in range(20):
        (toma,) = escena.tomar()
        escena.salir(toma)
        recibo = Recibo(id_remoto=f"1001_{n}", url=f"https://www.facebook.com/1001_{n}")
        escena.cerrar(toma, Publicada(recibo), Suceso.ACEPTADO)
        escena.pasa(seconds=120)
    assert {escena.estado(i) for i in ids} == {"publicada"}


def test_lo_que_lleva_mas_de_la_tolerancia_espera_a_una_persona(escena):
    (una,) = escena.aprobada(escena.cuenta())
    escena.pasa(minutes=31)
    assert escena.tomar() == []
    fila = escena.fila(una)
    assert (fila.estado, fila.causa) == (Estado.DETENIDA, Causa.TARDIA)
    assert "cancélela" in fila.motivo


def test_reintentar_una_tardia_la_pone_para_ya(escena):
    (una,) = escena.aprobada(escena.cuenta())
    escena.pasa(hours=2)
    escena.tomar()
    with escena.sesiones.begin() as sesion:
        reintentar(sesion, una, quien="c@x", persona_id=None, ahora=escena.ahora)
    assert [toma.id for toma in escena.tomar()] == [una]


def test_el_obrero_dormido_no_pisa_al_que_lo_relevo(escena):
    (una,) = escena.aprobada(escena.cuenta())
    (dormida,) = escena.tomar(dueno="dormido")
    escena.pasa(seconds=121)
    assert escena.rescatar() == 1
    (fresca,) = escena.tomar(dueno="fresco")
    assert fresca.ficha > dormida.ficha
    assert escena.salir(dormida) is Puerta.PERDIDA
    assert escena.salir(fresca) is Puerta.ABIERTA
    assert not escena.cerrar(dormida, Publicada(RECIBO), Suceso.ACEPTADO)
    assert escena.estado(una) == "enviando"


def test_un_arriendo_vencido_de_lo_que_salia_es_duda_y_sostiene_el_carril(escena):
    cuenta = escena.cuenta(espaciado_s=0)
    (una,) = escena.aprobada(cuenta)
    (toma,) = escena.tomar()
    escena.salir(toma)
    escena.aprobada(cuenta)
    escena.pasa(seconds=121)
    escena.rescatar()
    assert escena.estado(una) == "en_duda"
    assert escena.tomar() == []
    (mirada,) = escena.mirar()
    escena.cerrar(mirada, Duda("mírela usted", None, ausente=True), Suceso.AUSENTE)
    assert escena.fila(una).requiere_persona
    assert len(escena.tomar()) == 1  # ya no espera miradas: el carril sigue


def test_una_mirada_busca_desde_la_primera_salida_del_paso(escena):
    escena.aprobada(escena.cuenta(Red.X))
    (toma,) = escena.tomar()
    escena.salir(toma)
    primera = escena.ahora
    escena.cerrar(toma, Espera(escena.ahora, "otra vez", reenvia=True), None)
    escena.pasa(minutes=11)
    (otra,) = escena.tomar()
    escena.salir(otra)
    escena.cerrar(otra, Duda("repetida", escena.ahora, duplicado=True), Suceso.SIN_RESPUESTA)
    (mirada,) = escena.mirar()
    assert mirada.primera_salida_en == primera
    assert mirada.momento("publicar", mirada.avance, escena.ahora).era_duplicado


def test_sin_permiso_detiene_la_entrega_la_cuenta_y_lo_que_venza_despues(escena):
    cuenta = escena.cuenta(espaciado_s=0)
    (una,) = escena.aprobada(cuenta)
    (dos,) = escena.aprobada(cuenta)
    (toma,) = escena.tomar()
    escena.salir(toma)
    orden = Detenida("Venció el permiso.", Causa.CUENTA, MotivoPausa.CREDENCIAL)
    escena.cerrar(toma, orden, Suceso.RECHAZADO)
    assert escena.tomar() == []
    assert [escena.estado(i) for i in (una, dos)] == ["detenida", "detenida"]
    assert "Venció el permiso." in escena.fila(dos).motivo


def test_al_reanudar_la_cuenta_lo_reciente_sigue_solo_y_lo_viejo_espera(escena):
    cuenta = escena.cuenta(espaciado_s=0)
    (vieja,) = escena.aprobada(cuenta)
    with escena.sesiones.begin() as sesion:
        alias = sesion.get_one(Cuenta, cuenta).alias
        pausar_cuenta(sesion, alias, motivo="x", quien="y", persona_id=None, ahora=escena.ahora)
    escena.tomar()
    escena.pasa(minutes=40)
    (nueva,) = escena.aprobada(cuenta)
    escena.tomar()
    with escena.sesiones.begin() as sesion:
        conteo = reanudar_cuenta(
            sesion,
            alias,
            tolerancia=escena.reglas.tolerancia,
            quien="y",
            persona_id=None,
            ahora=escena.ahora,
        )
    assert conteo == (1, 1)
    assert [escena.estado(i) for i in (vieja, nueva)] == ["detenida", "programada"]


def test_sin_saldo_detiene_todas_las_cuentas_de_x_y_ninguna_otra(escena):
    uno, dos, otra = escena.cuenta(Red.X), escena.cuenta(Red.X), escena.cuenta(Red.FACEBOOK)
    escena.aprobada(uno)
    (toma,) = escena.tomar()
    escena.salir(toma)
    orden = Detenida("Sin saldo.", Causa.CUENTA, MotivoPausa.SALDO, toda_la_red=True)
    escena.cerrar(toma, orden, Suceso.RECHAZADO)
    with escena.sesiones() as sesion:
        pausadas = set(sesion.scalars(select(Cuenta.id).where(Cuenta.pausada_por.is_not(None))))
    assert pausadas == {uno, dos}
    assert otra not in pausadas


def test_el_limite_frena_la_cuenta_hasta_su_hora(escena):
    cuenta = escena.cuenta(Red.X)
    escena.aprobada(cuenta)
    escena.aprobada(cuenta)
    (toma,) = escena.tomar()
    escena.salir(toma)
    hasta = escena.ahora + timedelta(minutes=15)
    escena.cerrar(toma, Espera(hasta, "límite", frena_cuenta=True), Suceso.RECHAZADO)
    escena.pasa(minutes=14)
    assert escena.tomar() == []
    escena.pasa(minutes=1)
    assert len(escena.tomar()) == 1


def test_la_pausa_cierra_la_ultima_puerta_y_al_reanudar_nada_vencido_sale_solo(escena):
    (una,) = escena.aprobada(escena.cuenta())
    (toma,) = escena.tomar()
    with escena.sesiones.begin() as sesion:
        pausar(sesion, motivo="luto", quien="j@x", persona_id=None, ahora=escena.ahora)
    assert escena.salir(toma) is Puerta.CERRADA
    assert escena.estado(una) == "programada"
    assert escena.tomar() == []
    with escena.sesiones.begin() as sesion:
        assert reanudar(sesion, quien="j@x", persona_id=None, ahora=escena.ahora) == 1
    assert (escena.estado(una), escena.fila(una).causa) == ("detenida", Causa.PAUSA)


def test_dos_pausas_a_la_vez_no_caben(escena):
    with escena.sesiones.begin() as sesion:
        pausar(sesion, motivo="luto", quien="j", persona_id=None, ahora=escena.ahora)
    with escena.sesiones.begin() as sesion, pytest.raises(NoSePuede, match="ya está en pausa"):
        pausar(sesion, motivo="otra", quien="j", persona_id=None, ahora=escena.ahora)


def editar_texto(escena, publicacion_id: int, texto: str) -> int:
    with escena.sesiones.begin() as sesion:
        fila = sesion.get_one(Publicacion, publicacion_id)
        cuenta = sesion.get_one(Cuenta, fila.cuenta_id)
        borrador = fabricas.un_borrador(cuenta, texto=texto, programada_para=fila.programada_para)
        editar(sesion, fila.pieza_id, borrador, por=escena.autor_id, ahora=escena.ahora)
        return fila.pieza_id


def test_editar_lo_aprobado_detiene_y_la_nueva_aprobacion_lo_reemplaza(escena):
    (una,) = escena.aprobada(escena.cuenta())
    pieza = editar_texto(escena, una, "Otro texto")
    fila = escena.fila(una)
    assert (fila.estado, fila.causa) == (Estado.DETENIDA, Causa.CAMBIO)
    with escena.sesiones.begin() as sesion:
        if sesion.get_one(Pieza, pieza).estado.value != "en_revision":
            pedir_revision(sesion, pieza, por=escena.autor_id, ahora=escena.ahora)
        (nueva,) = aprobar_y_programar(
            sesion,
            pieza,
            por=escena.jefe_id,
            ahora=escena.ahora,
            sello=escena.sello,
            almacen=escena.almacen,
            tolerancia=escena.reglas.tolerancia,
        )
        nueva_id = nueva.id
    assert escena.estado(una) == "cancelada"
    assert [toma.id for toma in escena.tomar()] == [nueva_id]
    assert "Otro texto" in escena.fila(nueva_id).sobre


def test_editar_mientras_sale_se_niega(escena):
    (una,) = escena.aprobada(escena.cuenta())
    escena.tomar()
    with pytest.raises(NoSePuede, match="saliendo ahora"):
        editar_texto(escena, una, "Otro")


def test_si_la_pieza_cambia_por_fuera_la_ultima_puerta_no_deja_pasar(escena):
    (una,) = escena.aprobada(escena.cuenta())
    (toma,) = escena.tomar()
    with escena.sesiones.begin() as sesion:
        pieza = sesion.get_one(Pieza, escena.fila(una).pieza_id)
        pieza.version_vigente_id = None
    assert escena.salir(toma) is Puerta.CERRADA
    assert escena.fila(una).causa is Causa.APROBACION


def test_un_sobre_cambiado_en_la_base_no_sale(escena):
    (una,) = escena.aprobada(escena.cuenta())
    with escena.sesiones.begin() as sesion:
        sesion.execute(
            update(Publicacion).where(Publicacion.id == una).values(sobre="{}", huella_sobre="0")
        )
    (toma,) = escena.tomar()
    assert escena.salir(toma) is Puerta.CERRADA
    assert escena.estado(una) == "detenida"


def test_cancelar_pide_motivo_y_no_toca_lo_que_ya_sale(escena):
    (una,) = escena.aprobada(escena.cuenta())
    quien = {"quien": "c@x", "persona_id": None, "ahora": escena.ahora}
    with escena.sesiones.begin() as sesion, pytest.raises(NoSePuede, match="motivo"):
        cancelar(sesion, una, motivo=" ", **quien)
    (toma,) = escena.tomar()
    escena.salir(toma)
    with escena.sesiones.begin() as sesion, pytest.raises(NoSePuede, match="ya no se cancela"):
        cancelar(sesion, una, motivo="no va", **quien)


def test_cancelar_una_tomada_gana_y_el_obrero_pierde_su_turno(escena):
    (una,) = escena.aprobada(escena.cuenta())
    (toma,) = escena.tomar()
    with escena.sesiones.begin() as sesion:
        cancelar(sesion, una, motivo="no va", quien="c", persona_id=None, ahora=escena.ahora)
    assert escena.salir(toma) is Puerta.PERDIDA
    assert escena.estado(una) == "cancelada"


def en_manos_de_una_persona(escena) -> int:
    (una,) = escena.aprobada(escena.cuenta(identificador="1001"))
    (toma,) = escena.tomar()
    escena.salir(toma)
    escena.cerrar(toma, Duda("mírela", None), Suceso.SIN_RESPUESTA)
    return una


def resolver_como(escena, una: int, **cambios) -> None:
    with escena.sesiones.begin() as sesion:
        resolver(sesion, una, quien="c@x", persona_id=None, ahora=escena.ahora, **cambios)


def test_resolver_si_salio_guarda_la_direccion_y_su_id(escena):
    una = en_manos_de_una_persona(escena)
    resolver_como(escena, una, salio=True, url="https://www.facebook.com/1001/posts/77")
    fila = escena.fila(una)
    assert (fila.estado.value, fila.id_remoto) == ("publicada", "1001_77")


def test_resolver_con_una_direccion_que_no_es_de_la_red_se_niega(escena):
    una = en_manos_de_una_persona(escena)
    with pytest.raises(NoSePuede, match="no parece"):
        resolver_como(escena, una, salio=True, url="https://www.facebook.com/2002_77")
    assert escena.estado(una) == "en_duda"


def test_resolver_no_salio_la_cierra_o_la_reenvia(escena):
    una = en_manos_de_una_persona(escena)
    resolver_como(escena, una, salio=False)
    assert escena.estado(una) == "fallida"
    otra = en_manos_de_otra(escena)
    resolver_como(escena, otra, salio=False, reenviar=True)
    assert escena.estado(otra) == "programada"


def en_manos_de_otra(escena) -> int:
    (una,) = escena.aprobada(escena.cuenta(identificador="2002"))
    (toma,) = escena.tomar()
    escena.salir(toma)
    escena.cerrar(toma, Duda("mírela", None), Suceso.SIN_RESPUESTA)
    return una


def test_no_se_resuelve_dos_veces(escena):
    una = en_manos_de_una_persona(escena)
    resolver_como(escena, una, salio=False)
    with pytest.raises(NoSePuede, match="no hay duda"):
        resolver_como(escena, una, salio=False)


def test_aprobar_pasada_la_hora_dentro_de_la_tolerancia_sale_y_despues_se_detiene(escena):
    (a_tiempo,) = escena.aprobada(escena.cuenta(), para=escena.ahora - timedelta(minutes=29))
    (tarde,) = escena.aprobada(escena.cuenta(), para=escena.ahora - timedelta(minutes=31))
    assert [escena.estado(i) for i in (a_tiempo, tarde)] == ["programada", "detenida"]


def test_el_ultimo_paso_y_el_final_de_dos_entregas_se_guardan_en_el_mismo_lote(escena):
    """Llegan juntos si el disco se demora; cada fila se escribe una vez, con todo lo suyo."""
    (una,), (otra,) = escena.aprobada(escena.cuenta()), escena.aprobada(escena.cuenta())
    tomas = {toma.id: toma for toma in escena.tomar()}
    for toma in tomas.values():
        escena.salir(toma)
    final = Recibo(id_remoto="1001_9", url="https://www.facebook.com/1001_9")
    juntos = [
        Cierre(toma=tomas[otra], desenlace=Publicada(RECIBO), paso="publicar", suceso=None),
        Cierre(toma=tomas[una], desenlace=Avanza("publicar", final), paso="publicar", suceso=None),
        Cierre(toma=tomas[una], desenlace=Publicada(final), paso="publicar", suceso=None),
    ]
    with escena.sesiones.begin() as sesion:
        assert cerrar_tomas(sesion, juntos, ahora=escena.ahora) == [True, True, True]
    assert (escena.estado(una), escena.estado(otra)) == ("publicada", "publicada")
    assert json.loads(escena.fila(una).avance)["publicar"] == "1001_9"


def test_dos_desenlaces_de_la_misma_entrega_en_un_lote_se_guardan_en_orden(escena):
    (otra,) = escena.aprobada(escena.cuenta())
    (hilo,) = escena.aprobada(escena.cuenta(Red.X))
    tomas = {toma.id: toma for toma in escena.tomar()}
    for toma in tomas.values():
        escena.salir(toma, "segmento-0" if toma.id == hilo else "publicar")
    parcial = Recibo(id_remoto="9", url="https://x.example/9", completo=False)
    luego = escena.ahora + timedelta(seconds=30)
    lote = [
        (otra, Espera(luego, "la red procesa", es_fallo=False), None),
        (hilo, Avanza("segmento-0", parcial), Suceso.ACEPTADO),
        (hilo, Espera(luego, "la red procesa", es_fallo=False), None),
    ]
    with escena.sesiones.begin() as sesion:
        cierres = [
            Cierre(toma=tomas[i], desenlace=d, paso="segmento-0", suceso=s) for i, d, s in lote
        ]
        assert cerrar_tomas(sesion, cierres, ahora=escena.ahora) == [True, True, True]
    assert [escena.estado(i) for i in (otra, hilo)] == ["programada", "programada"]
    assert '"segmento-0": "9"' in escena.fila(hilo).avance


def test_una_duda_no_se_resuelve_con_la_direccion_de_otra_entrega(escena):
    cuenta = escena.cuenta(espaciado_s=0, identificador="1001")
    (una,), (otra,) = escena.aprobada(cuenta), escena.aprobada(cuenta)
    for desenlace in (Publicada(RECIBO), Duda("No se sabe.", None)):
        (toma,) = escena.tomar()
        escena.salir(toma)
        escena.cerrar(toma, desenlace)
    quien = {"quien": "x", "persona_id": None, "ahora": escena.ahora}
    with pytest.raises(NoSePuede, match=f"ya es de la entrega {una}"), escena.sesiones.begin() as s:
        resolver(s, otra, salio=True, url=RECIBO.url, **quien)
    assert escena.estado(otra) == "en_duda"


def avisos(escena):
    with escena.sesiones() as sesion:
        return [(a.clase, a.texto) for a in sesion.scalars(select(Aviso).order_by(Aviso.id))]


def test_lo_que_se_detiene_por_tarde_se_avisa_una_vez_por_cuenta(escena):
    una, otra = escena.cuenta(alias="una"), escena.cuenta(alias="otra")
    for cuenta in (una, una, otra):
        escena.aprobada(cuenta)
    escena.pasa(minutes=31)
    assert escena.tomar() == []
    assert escena.tomar() == []
    assert [clase for clase, _ in avisos(escena)] == [ClaseAviso.DETENIDA] * 2
    textos = sorted(texto for _, texto in avisos(escena))
    assert textos[0].startswith("otra: una entrega quedó detenida porque pasó su hora.")
    assert textos[1].startswith("una: 2 entregas quedaron detenidas porque pasó su hora.")


def test_lo_que_pierde_su_aprobacion_en_la_ultima_puerta_se_avisa(escena):
    (una,) = escena.aprobada(escena.cuenta(alias="una"))
    (toma,) = escena.tomar()
    with escena.sesiones.begin() as sesion:
        pieza = sesion.get_one(Pieza, escena.fila(una).pieza_id)
        pieza.estado = EstadoPieza.EN_REVISION
    assert escena.salir(toma) is Puerta.CERRADA
    ((clase, texto),) = avisos(escena)
    assert clase is ClaseAviso.DETENIDA
    assert texto.startswith("una: La pieza cambió o perdió su aprobación.")
