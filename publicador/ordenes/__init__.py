"""Las órdenes de la línea de comandos, una por tema; usan los mismos casos de uso que el panel."""
