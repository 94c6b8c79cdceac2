/* Elegir varias citas y moverlas juntas. */

import { anunciar } from "../anunciar.js";

const DIA_MS = 86_400_000;

export const elegidas = ({ calendario, lugar, mover }) => {
  const marcadas = new Set();
  const barra = document.getElementById("barra-mover");

  const marcar = (el, id) => el.classList.toggle("elegida", marcadas.has(id));

  const dibujar = () => {
    for (const el of lugar.querySelectorAll("[data-cita]")) marcar(el, el.dataset.cita);
    barra.hidden = marcadas.size === 0;
    const frase = marcadas.size === 1 ? "1 elegida" : `${marcadas.size} elegidas`;
    barra.querySelector("[data-cuantas]").textContent = frase;
    anunciar(marcadas.size ? frase : "Ninguna elegida");
  };

  const alternar = (id) => {
    const event = calendario.getEventById(id);
    if (!event?.extendedProps.mueve) {
      anunciar("Esa ya no se mueve.");
      return;
    }
    if (!marcadas.delete(id)) marcadas.add(id);
    dibujar();
  };

  const soltar = () => {
    marcadas.clear();
    dibujar();
  };

  const mover_a = async (momentoDe) => {
    const eventos = [...marcadas].map((id) => calendario.getEventById(id)).filter(Boolean);
    if (eventos.length && (await mover.varias(eventos, momentoDe))) soltar();
  };

  barra.querySelector("[data-soltar]").addEventListener("click", soltar);
  barra.querySelector("[data-correr]").addEventListener("click", () => {
    const dias = Number(document.getElementById("correr-dias").value);
    if (dias) mover_a((event) => new Date(event.start.getTime() + dias * DIA_MS));
  });
  barra.querySelector("[data-pasar]").addEventListener("click", () => {
    const dia = document.getElementById("pasar-dia").value;
    if (dia) mover_a((event) => new Date(`${dia}T${event.start.toISOString().slice(11, 19)}Z`));
  });

  return { marcar, alternar, soltar, hay: () => marcadas.size > 0 };
};
