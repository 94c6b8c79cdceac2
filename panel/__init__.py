"""Panel: las pantallas; Flask vive solo aquí."""
