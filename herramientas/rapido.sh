#!/bin/sh
# Formato, estilo, tipos y contratos de la torre. Con «--pruebas», también las pruebas cortas.
set -eu
cd "$(dirname -- "$0")/.."

.venv/bin/ruff format --check .
.venv/bin/ruff check .
.venv/bin/mypy
.venv/bin/lint-imports --no-logo
if [ "${1:-}" = --pruebas ]; then
    # Las reglas y los conectores, sin navegador ni servidores: cabe en un minuto y se corre siempre.
    # Las pantallas, los recorridos y lo que decodifica muchas imágenes o recorre muchos pasos quedan para «make test».
    .venv/bin/python -m pytest -q -n 2 --dist loadfile \
        -m "not lenta and not postgres and not wordpress and not navegador" \
        tests/piezas tests/cola tests/conectores tests/herramientas \
        --ignore=tests/piezas/test_imagenes.py --ignore=tests/cola/parrilla \
        --ignore=tests/cola/test_nada_sin_aprobar.py
fi
