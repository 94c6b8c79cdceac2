# Dos órdenes bastan: «make demo» y «make test». Las demás son atajos de quien desarrolla.
# Todo lo que hacen está en herramientas/, en sh, para quien no tenga make.

.DEFAULT_GOAL := ayuda
.PHONY: ayuda demo test rapido matrices preparar bloqueos migracion limpiar

ayuda: ## muestra esta lista
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

demo: ## prepara todo y muestra el producto andando, sin claves ni servidores
	@herramientas/entorno.sh app
	@.venv/bin/publicador demo

test: ## prepara todo y corre la suite completa (servidores y navegador de verdad)
	@herramientas/probar.sh

rapido: ## formato, estilo, tipos, contratos y pruebas cortas: menos de un minuto
	@herramientas/entorno.sh pruebas
	@herramientas/rapido.sh --pruebas

matrices: ## mata el motor en cada paso, pide cada falla a cada red, e imprime las dos tablas
	@herramientas/entorno.sh pruebas
	@.venv/bin/python -m tests.caidas.matriz

preparar: ## solo el entorno de Python de la aplicación
	@herramientas/entorno.sh app

bloqueos: ## recalcula los candados de versiones; falla si difieren
	@herramientas/entorno.sh app
	@herramientas/bloqueos.sh

migracion: ## escribe la migración que falta: make migracion m="agregar tal tabla"
	@herramientas/entorno.sh pruebas
	@.venv/bin/python herramientas/migracion.py "$(m)"

limpiar: ## borra el entorno y lo generado; nunca la carpeta de datos
	rm -rf .venv .estado .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
