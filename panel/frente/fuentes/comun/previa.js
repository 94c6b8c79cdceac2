/* La vista previa mientras se escribe: pide el fragmento, lo pone y calla los consejos vistos.

   atarPrevia(forma, destino, { piezaId }) → pedir() para pedirla ya. */
import { completarTarjetas } from "./tarjetas.js";

const ESPERA = 350;

const llave = (piezaId) => `consejos-callados-${piezaId}`;

/** Las clases de consejo que ya se quitaron en esta pieza; en una nueva, solo mientras se escribe. */
const callados = (piezaId) => {
  let dichos = [];
  try {
    dichos = piezaId ? JSON.parse(localStorage.getItem(llave(piezaId)) ?? "[]") : [];
  } catch {
    /* Sin almacenamiento se olvidan al salir: no es grave. */
  }
  const van = new Set(dichos);
  return {
    tiene: (clase) => van.has(clase),
    agregar(clase) {
      van.add(clase);
      try {
        if (piezaId) localStorage.setItem(llave(piezaId), JSON.stringify([...van]));
      } catch {
        /* Lo mismo. */
      }
    },
  };
};

const esconderCallados = (destino, quitados) => {
  for (const consejo of destino.querySelectorAll("[data-consejo]")) {
    consejo.hidden = quitados.tiene(consejo.dataset.consejo);
  }
  for (const grupo of destino.querySelectorAll(".consejos")) {
    grupo.hidden = !grupo.querySelector("[data-consejo]:not([hidden])");
  }
};

/** Lo que la persona dejó abierto («ver más», «ALT») sigue abierto al refrescar. */
const poner = (destino, html) => {
  const nueva = new DOMParser().parseFromString(html, "text/html").body;
  const abiertos = [...destino.querySelectorAll("details")].map((d) => d.open);
  const nuevos = nueva.querySelectorAll("details");
  if (nuevos.length === abiertos.length) nuevos.forEach((d, i) => (d.open = abiertos[i]));
  destino.replaceChildren(...nueva.childNodes);
};

export const atarPrevia = (forma, destino, { piezaId = "", alPoner = () => {} } = {}) => {
  const quitados = callados(piezaId);
  let turno = 0;
  let anterior = null;
  let ultima = "";

  const pedir = async () => {
    clearTimeout(turno);
    anterior?.abort();
    const control = (anterior = new AbortController());
    const datos = new FormData(forma);
    for (const [nombre, valor] of [...datos]) if (valor instanceof File) datos.delete(nombre);
    if (piezaId) datos.set("pieza_id", piezaId);
    destino.setAttribute("aria-busy", "true");
    try {
      const respuesta = await fetch("/redaccion/prever", {
        method: "POST",
        body: new URLSearchParams(datos),
        headers: { "X-CSRFToken": document.querySelector("meta[name='ficha-csrf']")?.content ?? "" },
        signal: control.signal,
      });
      // Una sesión vencida o un corte: lo escrito no se toca y queda la última vista.
      if (!respuesta.ok || respuesta.redirected) return;
      const html = await respuesta.text();
      if (html !== ultima) {
        ultima = html;
        poner(destino, html);
        esconderCallados(destino, quitados);
        completarTarjetas(destino);
        alPoner(destino);
      }
    } catch (error) {
      if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;
    } finally {
      if (anterior === control) destino.removeAttribute("aria-busy");
    }
  };

  const luego = () => {
    clearTimeout(turno);
    turno = setTimeout(pedir, ESPERA);
  };
  forma.addEventListener("input", luego);
  forma.addEventListener("change", luego);
  destino.addEventListener("click", (evento) => {
    const boton = evento.target.closest("[data-callar]");
    if (!boton) return;
    const consejo = boton.closest("[data-consejo]");
    const siguiente = consejo.nextElementSibling ?? consejo.previousElementSibling;
    quitados.agregar(consejo.dataset.consejo);
    esconderCallados(destino, quitados);
    siguiente?.querySelector("button")?.focus();
  });
  pedir();
  return { pedir };
};
