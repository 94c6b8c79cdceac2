/* Diálogos nativos: abrir los de la página y preguntar antes de lo que no tiene vuelta. */

/** Abre un <dialog> y, al cerrarlo, devuelve el foco a donde estaba. */
export const abrir = (dialogo) => {
  const antes = document.activeElement;
  dialogo.showModal();
  dialogo.addEventListener("close", () => antes?.isConnected && antes.focus(), { once: true });
};

const crear = (etiqueta, clase, texto) => {
  const nodo = document.createElement(etiqueta);
  nodo.className = clase;
  if (texto) nodo.textContent = texto;
  return nodo;
};

/** Pregunta y promete `true` solo si la persona dijo que sí. Reemplaza a `confirm()`. */
export const preguntar = (frase, { si = "Sí, continuar", no = "Volver", grave = false } = {}) =>
  new Promise((cumplir) => {
    const dialogo = crear("dialog", "pregunta");
    dialogo.setAttribute("role", "alertdialog");
    dialogo.setAttribute("aria-label", frase);
    const forma = crear("form");
    forma.method = "dialog";
    const pie = crear("div", "pie-dialogo");
    const dejar = crear("button", "boton", no);
    const seguir = crear("button", `boton ${grave ? "boton-mal" : "boton-fuerte"}`, si);
    seguir.value = "si";
    dejar.value = "no";
    // Lo grave no queda a un «Enter» de distancia.
    (grave ? dejar : seguir).autofocus = true;
    pie.append(dejar, seguir);
    const cuerpo = crear("div", "cuerpo-dialogo");
    cuerpo.append(crear("p", "pregunta-frase", frase));
    forma.append(cuerpo, pie);
    dialogo.append(forma);
    document.body.append(dialogo);
    dialogo.addEventListener("close", () => {
      cumplir(dialogo.returnValue === "si");
      dialogo.remove();
    });
    abrir(dialogo);
  });

/* data-abre="id" abre ese diálogo; data-cierra cierra el suyo; pulsar fuera también lo cierra. */
document.addEventListener("click", (evento) => {
  const abridor = evento.target.closest?.("[data-abre]");
  if (abridor) {
    const dialogo = document.getElementById(abridor.dataset.abre);
    if (dialogo) {
      evento.preventDefault();
      abrir(dialogo);
    }
    return;
  }
  if (evento.target.closest?.("[data-cierra]")) {
    evento.target.closest("dialog")?.close();
    return;
  }
  // El fondo es el propio <dialog>. Si adentro hay algo escrito, un clic fuera no lo bota.
  if (evento.target.tagName === "DIALOG" && !tieneAlgoEscrito(evento.target)) evento.target.close();
});

const tieneAlgoEscrito = (dialogo) =>
  [...dialogo.querySelectorAll("input, textarea")].some((c) => c.value !== c.defaultValue);
