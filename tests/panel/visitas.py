"""Cómo visitan el panel las pruebas: entrar con una clave y pasar por todas sus rutas."""

from tests.panel.sembrado import CLAVE

CORREO = "community@alcaldia.example"


def entrar(cliente, correo=CORREO, clave=CLAVE, **mas):
    return cliente.post("/entrar", data={"correo": correo, "clave": clave} | mas)


def rutas(app):
    for regla in app.url_map.iter_rules():
        valores = {"huella": "a" * 64, "nombre": "panel.css", "alias": "x"}
        numeros = dict.fromkeys(("pieza_id", "publicacion_id"), 999)
        with app.test_request_context():
            camino = app.url_map.bind("127.0.0.1").build(
                regla.endpoint,
                {k: v for k, v in (valores | numeros).items() if k in regla.arguments},
            )
        for metodo in sorted(regla.methods - {"HEAD", "OPTIONS"}):
            yield regla.endpoint, metodo, camino
