/* Cómo se ve una cita: hora, título, sus redes y su estado, con signo y palabra además de color. */

const nodo = (etiqueta, clase, texto) => {
  const hecho = document.createElement(etiqueta);
  if (clase) hecho.className = clase;
  if (texto) hecho.textContent = texto;
  return hecho;
};

export const marcaDeRed = (red) => {
  const marca = nodo("span", `red red-${red.red}`, red.marca);
  marca.setAttribute("aria-hidden", "true");
  return marca;
};

export const pintar = ({ event }) => {
  if (event.display === "background") return undefined;
  const evento = event.extendedProps;
  const que = nodo("span", "que");
  que.append(nodo("b", "", evento.hora), ` ${evento.titulo}`);
  const cuales = nodo("span", "cuales");
  for (const red of evento.redes) cuales.append(marcaDeRed(red));
  const signo = nodo("span", "signo-estado", evento.signo);
  signo.setAttribute("aria-hidden", "true");
  cuales.append(signo, nodo("span", "palabra-estado", evento.palabra));
  if (evento.choca) cuales.append(nodo("span", "choca", "⚠ juntas"));
  // Quien no ve las marcas oye cada cuenta con su estado.
  cuales.append(nodo("span", "solo-lector", evento.redes.map((r) => `${r.nombre}: ${r.palabra}.`).join(" ")));
  return { domNodes: [que, cuales] };
};

/** Clases, y de quién es cada elemento dibujado. */
export const vestir = ({ event, el }) => {
  if (event.display === "background") {
    el.title = event.title;
    return;
  }
  const evento = event.extendedProps;
  el.classList.add("cita", `cita-${evento.tono}`);
  if (evento.mueve) el.classList.add("cita-mueve");
  el.dataset.cita = event.id;
  // La biblioteca dice «lista» y mete botones: un grupo sí los admite.
  const padre = el.parentElement;
  if (padre?.getAttribute("role") === "list") padre.setAttribute("role", "group");
};
