/* La columna «Así se verá»: el servidor compone lo mismo que sellaría, y aquí se pone. */
import { conservarAbiertos, consejosCallados } from "../comun/consejos.js";
import { pedir } from "../comun/pedir.js";
import { completarTarjetas } from "../comun/tarjetas.js";

const ESPERA_MS = 350;

export const instalarPrevia = (forma, vista) => {
  const callados = consejosCallados(forma.elements.pieza_id?.value);
  vista.tabIndex = -1; // recibe el foco al quitar el último consejo
  let reloj = 0;
  let control = null;

  const pintar = (html) => {
    const nuevo = new DOMParser().parseFromString(html, "text/html");
    for (const consejo of nuevo.querySelectorAll("[data-consejo]")) {
      if (callados.tiene(consejo.dataset.consejo)) consejo.remove();
    }
    conservarAbiertos(vista, nuevo);
    vista.replaceChildren(...nuevo.body.childNodes);
    completarTarjetas(vista);
  };

  const pedirla = async () => {
    control?.abort();
    control = new AbortController();
    vista.setAttribute("aria-busy", "true");
    try {
      pintar(await pedir(forma.dataset.prever, { datos: new URLSearchParams([...new FormData(forma)]), senal: control.signal }));
      vista.removeAttribute("aria-busy");
    } catch (causa) {
      // Lo pasado de moda se calla; de la sesión que terminó avisa el guardado.
      if (causa.name !== "AbortError") vista.removeAttribute("aria-busy");
    }
  };

  const pronto = (espera = ESPERA_MS) => {
    clearTimeout(reloj);
    reloj = setTimeout(pedirla, espera);
  };
  vista.addEventListener("click", (evento) => {
    const consejo = evento.target.closest("[data-callar]")?.closest("[data-consejo]");
    if (!consejo) return;
    const vecino = consejo.nextElementSibling ?? consejo.previousElementSibling;
    callados.agregar(consejo.dataset.consejo);
    consejo.remove();
    (vecino?.querySelector("[data-callar]") ?? vista).focus();
  });
  forma.addEventListener("input", () => pronto());
  forma.addEventListener("change", () => pronto(60));
  pronto(0);
};
