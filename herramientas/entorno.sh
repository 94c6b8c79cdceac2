#!/bin/sh
# Deja listo .venv con versiones exactas y verificadas por huella.
# Uso: herramientas/entorno.sh app|pruebas
# La segunda vez no hace nada: compara la huella de todo lo que decide el resultado.
set -eu
cd "$(dirname -- "$0")/.."
. herramientas/comun.sh

conjunto=${1:-app}
case $conjunto in
    app | pruebas) ;;
    *) fallar "Uso: herramientas/entorno.sh app|pruebas" ;;
esac
# Las pruebas contienen a la aplicación: quien ya las tiene no las pierde por pedir menos.
if [ -x .venv/bin/pytest ]; then conjunto=pruebas; fi

VERSION_MINIMA='import sys; sys.exit(sys.version_info < (3, 11))'

buscar_python() {
    for candidato in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$candidato" -c "$VERSION_MINIMA" >/dev/null 2>&1; then
            printf '%s\n' "$candidato"
            return
        fi
    done
    fallar "Hace falta Python 3.11 o posterior. En Debian: apt-get install -y python3 python3-venv"
}

# Debian separa ensurepip de python3. Sin él, uv puede crear el entorno si alguien lo trae.
asegurar_ensurepip() {
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 && return 0
    if puede_instalar_del_sistema; then
        decir "Falta python3-venv: se instala del sistema."
        apt-get update -qq >&2 &&
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
                python3-venv >&2 || true
        "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 && return 0
    fi
    return 1
}

crear_entorno() {
    python=$(buscar_python)
    decir "Creando el entorno con $("$python" --version 2>&1)…"
    rm -rf .venv
    if asegurar_ensurepip; then
        "$python" -m venv .venv
        return
    fi
    if "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m pip install --quiet --require-hashes --target .estado/uv \
            --upgrade -r requirements/uv.lock >&2
        .estado/uv/bin/uv venv --quiet --seed --python "$python" .venv
        return
    fi
    fallar "Falta el módulo venv de Python. Instálelo y repita: sudo apt-get install -y python3-venv"
}

instalar_paquetes() {
    candado=requirements/$conjunto.lock
    decir "Instalando $candado…"
    if [ ! -x .venv/bin/uv ]; then
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
            -r requirements/uv.lock >&2 || decir "uv no se pudo instalar aquí; se sigue con pip."
    fi
    if .venv/bin/uv --version >/dev/null 2>&1; then
        .venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes "$candado" >&2 &&
            return
        decir "uv no pudo instalar; se intenta con pip, que tarda más."
    fi
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        -r "$candado" >&2 ||
        fallar "No se pudieron instalar las dependencias. Revise la conexión a internet y repita."
}

# La casa se instala como enlace: lo que se edita es lo que corre, y no hace falta la red.
# Un .pth y una orden hacen lo mismo que una instalación editable sin traer con qué construirla.
enlazar_la_casa() {
    sitio=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n' "$PWD" >"$sitio/publicador.pth"
    # El doble encabezado sirve aunque la ruta sea larga o tenga espacios, donde «#!» no alcanza.
    cat >.venv/bin/publicador <<FIN
#!/bin/sh
'''exec' "$PWD/.venv/bin/python" "\$0" "\$@"
' '''
import sys

from publicador.cli import principal

if __name__ == "__main__":
    sys.exit(principal())
FIN
    chmod 755 .venv/bin/publicador
}

esperado() {
    {
        printf '%s\n' "$PWD" "$conjunto"
        cat "requirements/$conjunto.lock" requirements/uv.lock herramientas/entorno.sh
    } | huella
}

mkdir -p .estado
sello=.estado/entorno
if [ -x .venv/bin/publicador ] && [ "$(cat "$sello" 2>/dev/null)" = "$(esperado)" ] &&
    .venv/bin/python -c "$VERSION_MINIMA" >/dev/null 2>&1; then
    exec herramientas/frente.sh
fi

rm -f "$sello"
# Un entorno copiado o de un Python que ya no está no se repara: se hace de nuevo.
if ! .venv/bin/python -c "$VERSION_MINIMA" >/dev/null 2>&1 ||
    [ "$(.venv/bin/python -c 'import sys; print(sys.prefix)')" != "$PWD/.venv" ]; then
    crear_entorno
fi
instalar_paquetes
enlazar_la_casa
esperado >"$sello"
decir "Entorno listo en .venv."
herramientas/frente.sh
