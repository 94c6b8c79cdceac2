"""La historia del esquema: cada versión de la base y cómo se llega a ella."""
