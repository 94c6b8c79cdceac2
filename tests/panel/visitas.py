"""Cómo visitan el panel las pruebas: entrar con una clave y pasar por todas sus rutas."""

from werkzeug.routing import IntegerConverter

from tests.panel.sembrado import CLAVE

CORREO = "community@alcaldia.example"


def entrar(cliente, correo=CORREO, clave=CLAVE, **mas):
    return cliente.post("/entrar", data={"correo": correo, "clave": clave} | mas)


def es_de_pantalla(endpoint):
    """La API tiene su propia puerta y su propia matriz, en `tests/api`."""
    return not endpoint.startswith("api.")


def rutas(app):
    """Toda ruta de pantalla, con un ejemplo en cada parte: una nueva no pide tocar esto."""
    textos = {"huella": "a" * 64, "nombre": "panel.css"}
    for regla in app.url_map.iter_rules():
        if not es_de_pantalla(regla.endpoint):
            continue
        valores = {
            parte: 999 if isinstance(conversor, IntegerConverter) else textos.get(parte, "x")
            for parte, conversor in regla._converters.items()
        }
        with app.test_request_context():
            camino = app.url_map.bind("127.0.0.1").build(regla.endpoint, valores)
        for metodo in sorted(regla.methods - {"HEAD", "OPTIONS"}):
            yield regla.endpoint, metodo, camino
