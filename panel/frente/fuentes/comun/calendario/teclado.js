/* Con el teclado se hace todo: abrir, correr de a un día o una semana, y elegir varias. */

import { tostada } from "../tostadas.js";

const DIA_MS = 86_400_000;
const PASOS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export const teclado = ({ calendario, lugar, mover, seleccion, ficha }) => {
  /** Al volver a dibujar, el foco sigue a la misma cita aunque esté en otro día. */
  const devolverFoco = (id) => {
    const otra = lugar.querySelector(`[data-cita="${CSS.escape(id)}"]`);
    (otra?.matches("[tabindex], a, button") ? otra : otra?.querySelector("[tabindex], a, button"))?.focus();
  };

  const correr = async (event, dias) => {
    if (!event.extendedProps.mueve || mover.enCurso()) return;
    const id = event.id;
    const vuelta = setInterval(() => document.activeElement === document.body && devolverFoco(id), 60);
    try {
      await mover.llevar(event, new Date(event.start.getTime() + dias * DIA_MS));
    } catch (fallo) {
      tostada(fallo.message);
    } finally {
      setTimeout(() => clearInterval(vuelta), 1500);
    }
  };

  lugar.addEventListener(
    "keydown",
    (evento) => {
      const el = evento.target.closest?.("[data-cita]");
      if (!el) return;
      const event = calendario.getEventById(el.dataset.cita);
      if (!event) return;
      const paso = evento.altKey ? PASOS[evento.key] : undefined;
      if (paso) correr(event, paso);
      else if (evento.key === " ") seleccion.alternar(event.id);
      else if (evento.key === "Enter" || evento.key === "m") ficha(event);
      else return;
      evento.preventDefault();
      evento.stopPropagation();
    },
    true,
  );

  addEventListener("keydown", (evento) => {
    if (evento.key === "Escape" && seleccion.hay() && !document.querySelector("dialog:modal")) seleccion.soltar();
  });
};
