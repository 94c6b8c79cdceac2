# Lo que comparten los guiones de esta carpeta. Se lee con «.», no se ejecuta.
# shellcheck shell=sh

decir() { printf '%s\n' "$*" >&2; }

fallar() {
    decir "$*"
    exit 1
}

# Huella de lo que llega por la entrada. Cualquiera de las tres basta: solo se compara con sí misma.
huella() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum
    elif command -v shasum >/dev/null 2>&1; then
        shasum -a 256
    else
        cksum
    fi | cut -d' ' -f1
}

puede_instalar_del_sistema() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1
}
