/* Volver de recortar: el recorte que se hizo en la otra pestaña ocupa el lugar de su original. */
import { CANAL } from "../comun/recortes.js";
import { tostada } from "../comun/tostadas.js";

export const instalarRecortes = ({ lista, crear, filas, listo }) => {
  if (!("BroadcastChannel" in window)) return;
  const cambiar = (sale, entra) => {
    sale.replaceWith(entra);
    listo();
  };
  new BroadcastChannel(CANAL).addEventListener("message", ({ data: { original, medio } }) => {
    const vieja = filas().find((fila) => fila.dataset.medio === String(original));
    if (!vieja || filas().some((fila) => fila.dataset.medio === String(medio.id))) return;
    // Lo escrito para el original describe también su recorte.
    const alterno = vieja.querySelector("[data-alterno]").value;
    const nueva = crear({ ...medio, alterno: alterno || medio.alterno });
    cambiar(vieja, nueva);
    nueva.querySelector("[data-alterno]").dispatchEvent(new Event("input", { bubbles: true }));
    nueva.querySelector("[data-recortar]").focus();
    const puesto = [...lista.children].indexOf(nueva) + 1;
    tostada(`La imagen ${puesto} quedó recortada.`, { deshacer: () => nueva.isConnected && cambiar(nueva, vieja) });
  });
};
