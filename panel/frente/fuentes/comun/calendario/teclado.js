/* Con el teclado se hace todo: abrir, correr de a un día o una semana, y elegir varias. */

import { tostada } from "../tostadas.js";

const DIA_MS = 86_400_000;
const PASOS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export const teclado = ({ calendario, lugar, mover, seleccion, ficha }) => {
  /* Al volver a dibujar, el foco sigue a la misma cita aunque esté en otro día. */
  let enfocada = null;
  lugar.addEventListener("focusin", ({ target }) => {
    enfocada = target.closest("[data-cita]")?.dataset.cita ?? null;
  });
  lugar.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget) enfocada = null;
  });
  document.addEventListener("pointerdown", () => {
    enfocada = null;
  });
  // La biblioteca mide las citas antes de mostrarlas: se insiste hasta que se deje enfocar.
  let intentos = 0;
  const volver = () => {
    if (!enfocada || document.activeElement !== document.body) return;
    lugar.querySelector(`[data-cita="${CSS.escape(enfocada)}"]`)?.focus();
    intentos -= 1;
    if (intentos > 0 && document.activeElement === document.body) setTimeout(volver, 50);
  };
  new MutationObserver(() => {
    intentos = 20;
    setTimeout(volver);
  }).observe(lugar, { childList: true, subtree: true });

  const correr = async (event, dias) => {
    if (!event.extendedProps.mueve || mover.enCurso()) return;
    try {
      await mover.llevar(event, new Date(event.start.getTime() + dias * DIA_MS));
    } catch (fallo) {
      tostada(fallo.message);
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
