/* Tostadas: lo que acaba de pasar, con «Deshacer» cuando se puede. */

import { anunciar } from "./anunciar.js";

let pila;

/** Muestra `frase`. Con `deshacer` (función), ofrece el botón y espera más. Devuelve cómo quitarla. */
export const tostada = (frase, { deshacer, rotulo = "Deshacer", dura = deshacer ? 10_000 : 5_000 } = {}) => {
  if (!pila?.isConnected) {
    pila = document.createElement("div");
    pila.className = "tostadas";
    document.body.append(pila);
  }
  const caja = document.createElement("div");
  caja.className = "tostada";
  const texto = document.createElement("p");
  texto.textContent = frase;
  caja.append(texto);
  const quitar = () => caja.remove();
  if (deshacer) {
    const boton = document.createElement("button");
    boton.type = "button";
    boton.textContent = rotulo;
    boton.addEventListener("click", () => {
      quitar();
      deshacer();
    });
    caja.append(boton);
  }
  // Un diálogo abierto tapa todo lo demás: la tostada va dentro de él.
  (document.querySelector("dialog:modal") ?? document.body).append(pila);
  pila.append(caja);
  anunciar(frase);
  // No se va mientras alguien la mira o está sobre su botón.
  let reloj = setTimeout(quitar, dura);
  const parar = () => clearTimeout(reloj);
  const seguir = () => (reloj = setTimeout(quitar, 3_000));
  caja.addEventListener("pointerenter", parar);
  caja.addEventListener("pointerleave", seguir);
  caja.addEventListener("focusin", parar);
  caja.addEventListener("focusout", seguir);
  return quitar;
};
