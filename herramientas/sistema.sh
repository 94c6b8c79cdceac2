#!/bin/sh
# Instala lo que la suite necesita del sistema: un Chromium, un PostgreSQL y un WordPress de verdad.
#
# Solo instala lo que falta, solo en Debian y solo si es root y apt responde. Lo que no pueda instalar lo
# dice con un bloque visible por parte y termina bien, salvo con CI=true: allí termina con 1.
# No deja ningún servicio andando ni habilitado: la suite enciende y apaga los suyos en cada prueba.

set -u

PARTES="navegador postgres wordpress"
quedan_faltas=0
apt_al_dia=no
politica_propia=no

nombre_de() {
    case $1 in
    navegador) echo "el navegador (Chromium)" ;;
    postgres) echo "PostgreSQL" ;;
    wordpress) echo "WordPress con PHP y MariaDB" ;;
    esac
}

paquetes_de() {
    case $1 in
    navegador) echo "chromium libatomic1 fonts-noto-core fonts-noto-color-emoji" ;;
    postgres) echo "postgresql" ;;
    wordpress)
        # php-cgi va antes que php, y micro-httpd y netcat-traditional junto a wordpress, para que apt
        # no traiga Apache ni un inetd; mariadb-server-core son solo los programas, sin servicio.
        echo "php-cgi php-cli php-gd php-mysql php-xml php-mbstring php micro-httpd" \
            "netcat-traditional mariadb-server-core mariadb-client wordpress" \
            "wordpress-theme-twentytwentyone wordpress-theme-twentytwentythree"
        ;;
    esac
}

pruebas_de() {
    case $1 in
    navegador) echo "las pruebas del panel en un navegador real" ;;
    postgres) echo "las pruebas de la cola sobre PostgreSQL" ;;
    wordpress) echo "las pruebas del conector contra un WordPress de verdad" ;;
    esac
}

es_debian() {
    command -v apt-get >/dev/null 2>&1 && command -v dpkg-query >/dev/null 2>&1 &&
        [ -f /etc/debian_version ]
}

instalado() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

hay_programas() {
    # Fuera de Debian no hay a quién preguntar por paquetes: se buscan los programas.
    case $1 in
    navegador) command -v chromium >/dev/null 2>&1 ;;
    postgres)
        command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
        ;;
    wordpress)
        command -v php >/dev/null 2>&1 && command -v mariadbd >/dev/null 2>&1 &&
            [ -f /usr/share/wordpress/wp-load.php ]
        ;;
    esac
}

faltantes_de() {
    if es_debian; then
        for paquete in $(paquetes_de "$1"); do
            instalado "$paquete" || printf '%s ' "$paquete"
        done
    elif ! hay_programas "$1"; then
        paquetes_de "$1"
    fi
}

avisar() { # parte, razón, faltantes
    quedan_faltas=1
    amarillo='' normal=''
    if [ -t 2 ] || [ "${CI:-}" = true ]; then
        amarillo=$(printf '\033[30;43m') normal=$(printf '\033[0m')
    fi
    {
        printf '\n%s======================================================================%s\n' \
            "$amarillo" "$normal"
        printf '%s  FALTA %s: %s%s\n' "$amarillo" "$(nombre_de "$1")" "$2" "$normal"
        printf '%s  Sin eso se omiten %s.%s\n' "$amarillo" "$(pruebas_de "$1")" "$normal"
        printf '%s  En Debian, como root:%s\n' "$amarillo" "$normal"
        printf '    apt-get install -y --no-install-recommends %s\n' "$3"
        printf '%s======================================================================%s\n\n' \
            "$amarillo" "$normal"
    } >&2
}

limpiar() {
    [ "$politica_propia" = si ] && rm -f /usr/sbin/policy-rc.d
    politica_propia=no
}

con_systemd() {
    [ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1
}

sin_servicios() {
    # Los paquetes recién puestos no deben arrancar nada: ni un PostgreSQL ni el puerto 80.
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
        politica_propia=si
    fi
    case $1 in
    *micro-httpd*) con_systemd && systemctl mask micro-httpd.socket >/dev/null 2>&1 ;;
    esac
    return 0
}

apagar_lo_nuevo() {
    con_systemd || return 0
    case " $1 " in
    *" postgresql "*) systemctl disable --now postgresql.service >/dev/null 2>&1 ;;
    esac
    return 0
}

instalar() { # faltantes
    if [ "$apt_al_dia" = no ]; then
        apt-get update -q -o Acquire::Retries=2 -o Acquire::http::Timeout=30 >/dev/null 2>&1 ||
            return 1
        apt_al_dia=si
    fi
    sin_servicios "$1"
    # La lista de paquetes se separa por palabras a propósito.
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 $1 >"$registro" 2>&1
    resultado=$?
    limpiar
    if [ "$resultado" -eq 0 ]; then
        apagar_lo_nuevo "$1"
    else
        tail -n 8 "$registro" >&2
    fi
    return "$resultado"
}

atender() { # parte
    faltantes=$(faltantes_de "$1")
    faltantes=${faltantes% }
    [ -z "$faltantes" ] && return 0
    if ! es_debian; then
        avisar "$1" "este sistema no es Debian; instálelo a su manera" "$faltantes"
    elif [ "$(id -u)" -ne 0 ]; then
        avisar "$1" "hace falta root para instalarlo" "$faltantes"
    else
        printf 'Instalando %s (%s)…\n' "$(nombre_de "$1")" "$faltantes"
        instalar "$faltantes" || avisar "$1" "apt no lo pudo instalar" "$faltantes"
    fi
}

registro=$(mktemp) || exit 1
trap 'limpiar; rm -f "$registro"' EXIT
trap 'exit 130' INT TERM HUP

for parte in $PARTES; do
    atender "$parte"
done

if [ "$quedan_faltas" -eq 1 ] && [ "${CI:-}" = true ]; then
    exit 1
fi
exit 0
