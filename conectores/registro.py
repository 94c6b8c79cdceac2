"""De la red a su conector; solo la raíz de composición lo usa."""
