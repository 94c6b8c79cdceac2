"""La parrilla de contenidos: traerla de CSV o XLSX, y sacarla con lo que pasó."""
