/* La columna «Así se verá»: el servidor compone lo mismo que sellaría, y aquí se pone. */
import { pedir } from "../comun/pedir.js";
import { completarTarjetas } from "../comun/tarjetas.js";

const ESPERA_MS = 350;

export const instalarPrevia = (forma, vista) => {
  const callados = new Set();
  let reloj = 0;
  let control = null;

  const frase = (consejo) => consejo.querySelector("p")?.textContent ?? "";

  const pintar = (html) => {
    const nuevo = new DOMParser().parseFromString(html, "text/html");
    for (const consejo of nuevo.querySelectorAll("[data-consejo]")) {
      if (callados.has(frase(consejo))) consejo.remove();
    }
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
    callados.add(frase(consejo));
    consejo.remove();
  });
  forma.addEventListener("input", () => pronto());
  forma.addEventListener("change", () => pronto(60));
  pronto(0);
};
