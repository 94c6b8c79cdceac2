/* Formularios: preguntar antes de lo que no tiene vuelta, no enviar dos veces, filtrar y copiar. */

import { anunciar } from "./anunciar.js";
import { preguntar } from "./dialogos.js";

const confirmados = new WeakSet();

const alEnviar = async (evento) => {
  const forma = evento.target;
  const boton = evento.submitter;
  if (evento.defaultPrevented || forma.method === "dialog") return;
  if (forma.dataset.enviada) return evento.preventDefault();
  const frase = boton?.dataset.confirmar || forma.dataset.confirmar;
  if (frase && !confirmados.has(forma)) {
    evento.preventDefault();
    const grave = Boolean(boton?.classList.contains("boton-mal") || forma.dataset.grave !== undefined);
    const si = boton?.textContent.trim() || "Sí, continuar";
    if (!(await preguntar(frase, { si, grave }))) return;
    confirmados.add(forma);
    forma.requestSubmit(boton ?? undefined);
    return;
  }
  confirmados.delete(forma);
  if (forma.method !== "post") return;
  forma.dataset.enviada = "1";
  boton?.setAttribute("aria-busy", "true");
  // Lo que tarda se dice: nadie debe preguntarse si el clic sirvió.
  setTimeout(() => forma.dataset.enviada && anunciar("Enviando, un momento…"), 1_500);
};

const soltar = () => {
  for (const forma of document.querySelectorAll("form[data-enviada]")) delete forma.dataset.enviada;
  for (const boton of document.querySelectorAll(".boton[aria-busy]")) boton.removeAttribute("aria-busy");
};

const copiar = async (boton) => {
  const texto = document.getElementById(boton.dataset.copiar);
  try {
    await navigator.clipboard.writeText(texto.value ?? texto.textContent);
    boton.textContent = "Copiado";
    anunciar("Copiado");
  } catch {
    getSelection().selectAllChildren(texto);
    boton.textContent = "Seleccionado: cópielo con Ctrl+C";
  }
};

/** Los desplegables se cierran al pulsar fuera, con Escape y al abrir otro. */
const cerrarDesplegables = (menos) => {
  for (const abierto of document.querySelectorAll("details[data-desplegable][open]")) {
    if (!abierto.contains(menos)) abierto.open = false;
  }
};

export const empezar = () => {
  document.addEventListener("submit", alEnviar);
  addEventListener("pageshow", soltar);
  document.addEventListener("change", (evento) => {
    if (evento.target.matches("[data-aplicar]")) evento.target.form.requestSubmit();
  });
  document.addEventListener("click", (evento) => {
    cerrarDesplegables(evento.target);
    const boton = evento.target.closest?.("[data-copiar]");
    if (boton) copiar(boton);
    if (evento.target.closest?.("details[data-desplegable] [data-abre]")) cerrarDesplegables(null);
  });
  document.addEventListener("focusin", (evento) => cerrarDesplegables(evento.target));
  document.addEventListener("keydown", (evento) => {
    if (evento.key !== "Escape") return;
    const abierto = document.querySelector("details[data-desplegable][open]");
    if (!abierto) return;
    abierto.open = false;
    abierto.querySelector("summary").focus();
  });
};
