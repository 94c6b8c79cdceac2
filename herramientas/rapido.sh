#!/bin/sh
# Formato, estilo, tipos y contratos de la torre. Con «--pruebas», también las pruebas cortas.
set -eu
cd "$(dirname -- "$0")/.."

.venv/bin/ruff format --check .
.venv/bin/ruff check .
.venv/bin/mypy
.venv/bin/lint-imports --no-logo
if [ "${1:-}" = --pruebas ]; then
    .venv/bin/python -m pytest -q -n 2 --dist loadfile \
        -m "not lenta and not postgres and not wordpress and not navegador"
fi
