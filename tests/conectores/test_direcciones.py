"""La dirección que escribe una persona no puede llevar adentro de la casa."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conectores.direcciones import DireccionNoPermitida, es_publica, revisar_direccion


def resolver_publico(anfitrion, puerto):
    return ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]


def quien_resuelve(*direcciones):
    return lambda anfitrion, puerto: list(direcciones)


NO_PUBLICAS = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:93.184.215.14",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("texto", NO_PUBLICAS)
def test_una_direccion_interna_o_especial_no_es_publica(texto):
    assert not es_publica(ipaddress.ip_address(texto))


@pytest.mark.parametrize("texto", NO_PUBLICAS)
def test_un_nombre_que_resuelve_adentro_se_niega(texto):
    with pytest.raises(DireccionNoPermitida, match="red interna"):
        revisar_direccion(
            "https://sitio.example", permitir_local=False, resolver=quien_resuelve(texto)
        )


def test_basta_una_direccion_interna_entre_varias():
    with pytest.raises(DireccionNoPermitida):
        revisar_direccion(
            "https://sitio.example",
            permitir_local=False,
            resolver=quien_resuelve("93.184.215.14", "10.0.0.1"),
        )


@pytest.mark.parametrize("texto", ["93.184.215.14", "8.8.8.8", "2606:4700::1111"])
def test_una_direccion_de_internet_es_publica(texto):
    assert es_publica(ipaddress.ip_address(texto))


# Con el resolutor del sistema: estas formas no necesitan red, son números disfrazados.
@pytest.mark.parametrize(
    "anfitrion",
    [
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0x7f.1",
        "0",
        "[::1]",
        "[::ffff:7f00:1]",
        "127.0.0.1",
        "127.0.0.1.",
        "①②⑦.⓪.⓪.①",
        "169.254.169.254",
    ],
)
@pytest.mark.parametrize("permitir_local", [False])
def test_los_disfraces_de_esta_maquina_se_niegan(anfitrion, permitir_local):
    with pytest.raises(DireccionNoPermitida):
        revisar_direccion(f"https://{anfitrion}/", permitir_local=permitir_local)


@pytest.mark.parametrize("anfitrion", ["2130706433", "0x7f.1", "[::ffff:7f00:1]"])
def test_los_disfraces_se_niegan_tambien_en_ensayo(anfitrion):
    with pytest.raises(DireccionNoPermitida):
        revisar_direccion(f"https://{anfitrion}/", permitir_local=True)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sitio.example",
        "//sitio.example",
        "ftp://sitio.example",
        "file:///etc/passwd",
        "gopher://sitio.example",
        "javascript:alert(1)",
        "http://sitio.example",
        "https://",
        "https://usuario:clave@sitio.example",
        "https://sitio.example@10.0.0.1",
        "https://sitio.example\\@10.0.0.1",
        "https://sitio.example/ otra",
        "https://sitio.example\n.malo.example",
        "https://sitio.example:8080",
        "https://sitio.example:22",
        "https://sitio.example:99999",
        "https://sitio.example:nada",
        "https://sitio.example/?x=1",
        "https://sitio.example/#x",
        "https://[::1",
        "https://[fe80::1%25eth0]/",
        f"https://{'a' * 64}.example",
    ],
)
def test_una_direccion_mal_escrita_se_niega_con_una_frase(url):
    with pytest.raises(DireccionNoPermitida) as error:
        revisar_direccion(url, permitir_local=False, resolver=resolver_publico)
    assert error.value.mensaje.endswith(".")
    assert "Error" not in error.value.mensaje


def test_un_nombre_que_no_existe_lo_dice():
    with pytest.raises(DireccionNoPermitida, match="No se encontró"):
        revisar_direccion("https://nada.invalid", permitir_local=False, resolver=quien_resuelve())


def test_que_el_resolutor_falle_tambien_es_no_encontrado():
    def falla(anfitrion, puerto):
        raise OSError("sin red")

    with pytest.raises(DireccionNoPermitida, match="No se encontró"):
        revisar_direccion("https://nada.invalid", permitir_local=False, resolver=falla)


@pytest.mark.parametrize(
    ("url", "limpia"),
    [
        ("https://www.Ejemplo.gov.co/", "https://www.ejemplo.gov.co"),
        (" https://www.ejemplo.gov.co/prensa// ", "https://www.ejemplo.gov.co/prensa"),
        ("https://www.ejemplo.gov.co:443/x", "https://www.ejemplo.gov.co/x"),
        ("https://cañón.example", "https://xn--can-7ma6a.example"),
        ("HTTPS://ejemplo.gov.co.", "https://ejemplo.gov.co"),
    ],
)
def test_una_direccion_publica_queda_en_limpio(url, limpia):
    if "xn--" in limpia:
        limpia = f"https://{'cañón.example'.encode('idna').decode()}"
    assert revisar_direccion(url, permitir_local=False, resolver=resolver_publico) == limpia


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8090/wordpress",
        "http://localhost:8090",
        "https://127.0.0.1",
        "http://[::1]:8090/x",
    ],
)
def test_en_ensayo_se_admite_esta_maquina(url):
    assert revisar_direccion(f"{url}/", permitir_local=True) == url
    with pytest.raises(DireccionNoPermitida):
        revisar_direccion(url, permitir_local=False)


def revisada(url):
    """La dirección en limpio, o la frase con que se niega."""
    try:
        return revisar_direccion(url, permitir_local=False, resolver=resolver_publico), None
    except DireccionNoPermitida as error:
        return None, error.mensaje


def test_un_signo_que_idna_vuelve_espacio_no_es_un_nombre():
    assert revisada("https://¨")[0] is None


@given(st.text(max_size=60))
def test_cualquier_texto_da_una_direccion_limpia_o_una_frase(texto):
    for url in (texto, f"https://{texto}"):
        limpia, frase = revisada(url)
        if limpia is None:
            assert frase.endswith(".")
        else:
            assert limpia.startswith("https://")
            assert revisada(limpia) == (limpia, None)
