/* Atajos de teclado: «g» y una letra para ir, otras sueltas, «?» para verlos. No actúan al escribir. */

import { abrir } from "./dialogos.js";

const propios = new Map();
const ESPERA_MS = 1500;

/** Agrega un atajo de esta pantalla, y lo anota en la hoja de ayuda. */
export const atajo = (tecla, frase, hacer) => {
  propios.set(tecla, hacer);
  const lista = document.querySelector("[data-lista-atajos]");
  if (!lista) return;
  const renglon = document.createElement("div");
  const dt = document.createElement("dt");
  const kbd = document.createElement("kbd");
  const dd = document.createElement("dd");
  kbd.textContent = tecla;
  dd.textContent = frase;
  dt.append(kbd);
  renglon.append(dt, dd);
  lista.append(renglon);
};

const escribe = (nodo) =>
  nodo.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

/** De un renglón al siguiente de la pantalla: el foco va a su enlace principal. */
const mover = (cuanto) => {
  const renglones = [...document.querySelectorAll("main .fila .titulo, main [data-renglon] a")].filter(
    (enlace) => enlace.offsetParent !== null,
  );
  if (renglones.length === 0) return;
  const donde = renglones.indexOf(document.activeElement);
  const destino = donde < 0 ? 0 : Math.min(Math.max(donde + cuanto, 0), renglones.length - 1);
  renglones[destino].focus();
};

const ayuda = () => {
  const hoja = document.getElementById("atajos");
  if (hoja && !hoja.open) abrir(hoja);
};

const buscar = () => document.querySelector("main input[type=search], main input[name=buscar], main input[name=q]")?.focus();

const sueltas = { "?": ayuda, "/": buscar, j: () => mover(1), k: () => mover(-1) };

const irA = (tecla, atributo) => {
  const destino = document.querySelector(`a[${atributo}="${CSS.escape(tecla)}"]`);
  if (destino) location.assign(destino.href);
  return Boolean(destino);
};

export const empezar = () => {
  if (document.documentElement.dataset.atajos === "no") return;
  let desde = 0;
  document.addEventListener("keydown", (evento) => {
    if (evento.ctrlKey || evento.metaKey || evento.altKey || evento.defaultPrevented) return;
    if (escribe(evento.target) || document.querySelector("dialog:modal")) return;
    const tecla = evento.key.length === 1 ? evento.key.toLowerCase() : "";
    if (!tecla) return;
    if (Date.now() - desde < ESPERA_MS) {
      desde = 0;
      if (irA(tecla, "data-tecla-g")) evento.preventDefault();
      return;
    }
    if (tecla === "g") {
      desde = Date.now();
      return;
    }
    const hacer = propios.get(tecla) ?? sueltas[tecla];
    if (hacer) {
      evento.preventDefault();
      hacer();
    } else if (irA(tecla, "data-tecla")) evento.preventDefault();
  });
};
