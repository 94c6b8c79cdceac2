"""La demostración: contenido inventado, dibujos propios y una oficina que ya venía trabajando."""
