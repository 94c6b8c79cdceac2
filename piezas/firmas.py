"""El sello de la casa: firmas HMAC que una fila escrita a mano en la base no puede imitar."""

import hashlib
import hmac

LARGO_MINIMO = 16
"""Bytes de la clave más corta que se acepta."""


class Sello:
    """Firma con la clave más nueva y reconoce lo firmado con cualquiera de las vigentes."""

    __slots__ = ("_claves",)

    def __init__(self, claves: tuple[bytes, ...]) -> None:
        """`claves`: de la más nueva a la más antigua."""
        if not claves or any(len(clave) < LARGO_MINIMO for clave in claves):
            raise ValueError("el sello necesita al menos una clave, de 16 bytes o más")
        self._claves = claves

    def __repr__(self) -> str:
        """Sin las claves: esto puede terminar en una bitácora."""
        return f"Sello({len(self._claves)} claves)"

    def firmar(self, texto: str) -> str:
        """La firma hexadecimal de `texto` con la clave más nueva."""
        return self._resumen(self._claves[0], "firma", texto)

    def vale(self, texto: str, firma: str | None) -> bool:
        """Si `firma` es de `texto` con alguna clave; en tiempo constante por clave."""
        dada = (firma or "").encode("utf-8", "replace")
        coincidencias = [
            hmac.compare_digest(self._resumen(clave, "firma", texto).encode(), dada)
            for clave in self._claves
        ]
        return any(coincidencias)

    def clave_de(self, version_id: int, cuenta_id: int, hash_contenido: str) -> str:
        """La clave propia de un envío: `pub-` y 16 hexadecimales.

        Sale de la clave más antigua para que rotar (agregar una nueva) no la cambie.
        """
        texto = f"{version_id}:{cuenta_id}:{hash_contenido}"
        return "pub-" + self._resumen(self._claves[-1], "clave", texto)[:16]

    @staticmethod
    def _resumen(clave: bytes, uso: str, texto: str) -> str:
        # El uso separa las dos familias: una clave de envío nunca sirve como firma.
        return hmac.new(clave, f"{uso}\n{texto}".encode(), hashlib.sha256).hexdigest()
