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

/** Lo que oye quien no ve los colores. */
export const enPalabras = (evento) => {
  const redes = evento.redes.map((red) => `${red.nombre}: ${red.palabra}`).join("; ");
  return `${evento.hora}, ${evento.titulo}. ${redes}.${evento.choca ? " Muy cerca de otra de la misma cuenta." : ""}`;
};

export const pintar = ({ event }) => {
  if (event.display === "background") return undefined;
  const evento = event.extendedProps;
  const que = nodo("span", "que");
  que.append(nodo("b", "", evento.hora), ` ${evento.titulo}`);
  const cuales = nodo("span", "cuales");
  for (const red of evento.redes) cuales.append(marcaDeRed(red));
  cuales.append(nodo("span", "signo-estado", evento.signo));
  cuales.append(nodo("span", "palabra-estado", evento.palabra));
  if (evento.choca) cuales.append(nodo("span", "choca", "⚠ muy juntas"));
  return { domNodes: [que, cuales] };
};

/** Clases, nombre accesible y de quién es cada elemento dibujado. */
export const vestir = ({ event, el }) => {
  if (event.display === "background") return;
  const evento = event.extendedProps;
  el.classList.add("cita", `cita-${evento.tono}`);
  if (evento.mueve) el.classList.add("cita-mueve");
  el.dataset.cita = event.id;
  el.setAttribute("aria-label", enPalabras(evento));
};
