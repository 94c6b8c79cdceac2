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

  /** El cuento de cada red, junto al texto que lleva: el que sobra se ve sin mirar la vista. */
  const contar = () => {
    const lugares = [...forma.querySelectorAll("[data-contadores]")];
    for (const lugar of lugares) lugar.replaceChildren();
    const vistas = new Set();
    for (const muestra of vista.querySelectorAll("article.muestra")) {
      const red = muestra.className.match(/muestra-(\w+)/)?.[1];
      const cuenta = muestra.querySelector(".m-contador");
      if (!red || !cuenta || vistas.has(red)) continue;
      vistas.add(red);
      const propio = forma.elements[`distinto_${red}`]?.checked;
      const lugar = lugares.find((uno) => uno.dataset.contadores === (propio ? red : ""));
      const chip = document.createElement("span");
      chip.className = cuenta.matches(".m-sobra") ? "cuento pasado" : "cuento";
      const costo = muestra.querySelector(".m-costo strong")?.textContent;
      chip.append(muestra.querySelector(".red").cloneNode(true), [cuenta.textContent.trim(), costo].filter(Boolean).join(" · "));
      lugar?.append(chip);
    }
  };

  const columna = vista.closest(".columna-vista");
  let ultima = "";
  const pintar = (html) => {
    if (html === ultima) return;
    ultima = html;
    const arriba = columna.scrollTop;
    const nuevo = new DOMParser().parseFromString(html, "text/html");
    // Mientras se escribe no se interrumpe a quien usa lector: lo dirá al enviar.
    for (const alarma of nuevo.querySelectorAll('[role="alert"]')) alarma.removeAttribute("role");
    for (const consejo of nuevo.querySelectorAll("[data-consejo]")) {
      if (callados.tiene(consejo.dataset.consejo)) consejo.remove();
    }
    conservarAbiertos(vista, nuevo);
    vista.replaceChildren(...nuevo.body.childNodes);
    columna.scrollTop = arriba;
    contar();
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
