/* Lo que la mesa de recorte y el editor, en pestañas distintas, necesitan para entenderse. */

export const CANAL = "recortes";

/** Va al final de la dirección cuando se recorta desde una pieza. */
export const DESDE_LA_PIEZA = "#pieza";
