"""Cola: publicaciones, arriendos, reintentos y dudas; la fila es la publicación."""
