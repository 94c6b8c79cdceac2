#!/bin/sh
# Recalcula los candados de versiones y falla si difieren de los guardados.
# Con «--escribir» los guarda; con «--escribir --upgrade» además busca versiones nuevas.
set -eu
cd "$(dirname -- "$0")/.."
. herramientas/comun.sh

escribir=no
if [ "${1:-}" = --escribir ]; then
    escribir=si
    shift
fi

uv=.venv/bin/uv
[ -x "$uv" ] || fallar "Primero prepare el entorno: make preparar"

aparte=$(mktemp -d)
trap 'rm -rf "$aparte"' EXIT

# Sin direcciones de registros ni encabezado: el candado dice qué, nunca de dónde.
compilar() { # candado, fuente, opciones…
    candado=$1
    shift
    cp "requirements/$candado" "$aparte/$candado"
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --output-file "$aparte/$candado" "$@"
    # uv anota el camino de su salida solo en el encabezado, que no se guarda.
    if ! cmp -s "$aparte/$candado" "requirements/$candado"; then
        if [ "$escribir" = si ]; then
            cp "$aparte/$candado" "requirements/$candado"
            decir "Actualizado requirements/$candado"
        else
            diff "requirements/$candado" "$aparte/$candado" >&2 || true
            desviados="$desviados $candado"
        fi
    fi
}

desviados=
compilar app.lock pyproject.toml "$@"
compilar pruebas.lock pyproject.toml --group pruebas "$@"
compilar uv.lock requirements/uv.in "$@"
compilar frente.lock requirements/frente.in "$@"
[ -z "$desviados" ] ||
    fallar "Los candados no corresponden a sus fuentes:$desviados. Repita: herramientas/bloqueos.sh --escribir"
decir "Los candados corresponden a sus fuentes."
