/* Los consejos que la persona ya leyó: en una pieza guardada se recuerdan; en una nueva, mientras
   se escribe. Se quita la clase de consejo, no la frase: nadie quiere verlo volver con otra cifra. */

const llave = (piezaId) => `consejos-callados-${piezaId}`;

const recordados = (piezaId) => {
  try {
    return piezaId ? JSON.parse(localStorage.getItem(llave(piezaId)) ?? "[]") : [];
  } catch {
    return []; // sin almacenamiento se olvidan al salir: no es grave
  }
};

/** Las clases calladas en esa pieza: `tiene(clase)` y `agregar(clase)`. */
export const consejosCallados = (piezaId = "") => {
  const van = new Set(recordados(piezaId));
  return {
    tiene: (clase) => van.has(clase),
    agregar(clase) {
      van.add(clase);
      try {
        if (piezaId) localStorage.setItem(llave(piezaId), JSON.stringify([...van]));
      } catch {
        /* lo mismo */
      }
    },
  };
};

/** Lo que la persona dejó abierto («ver más», «ALT») sigue abierto en lo nuevo. */
export const conservarAbiertos = (viejo, nuevo) => {
  const abiertos = [...viejo.querySelectorAll("details")].map((d) => d.open);
  const otros = nuevo.querySelectorAll("details");
  if (otros.length === abiertos.length) otros.forEach((d, i) => (d.open = abiertos[i]));
};
