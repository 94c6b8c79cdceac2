/* Decir algo a quien usa lector de pantalla, sin mover el foco. */

let voz;

/** Lee `frase` en cuanto se pueda; con `urgente`, interrumpe. */
export const anunciar = (frase, { urgente = false } = {}) => {
  if (!voz?.isConnected) {
    voz = document.createElement("div");
    voz.className = "solo-lector";
    document.body.append(voz);
  }
  voz.setAttribute("aria-live", urgente ? "assertive" : "polite");
  // Vaciar primero: la misma frase dos veces se lee dos veces.
  voz.textContent = "";
  setTimeout(() => (voz.textContent = frase), 60);
};
