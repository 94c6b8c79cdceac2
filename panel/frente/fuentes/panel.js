/* Mejoras del panel. Sin este guion todo sigue funcionando: solo se pierde comodidad. */

import "./comun/dialogos.js";
import * as formas from "./comun/formas.js";
import * as teclas from "./comun/teclas.js";
import * as vivo from "./comun/vivo.js";

formas.empezar();
teclas.empezar();
vivo.empezar();

/* Aprobar varias: cuántas van marcadas. */
const barra = document.getElementById("barra-varias");
if (barra) {
  const casillas = () => [...document.querySelectorAll("input[name='elegidas']")];
  const contar = () => {
    const van = casillas().filter((casilla) => casilla.checked).length;
    barra.hidden = van === 0;
    barra.querySelector("[data-van]").textContent = van === 1 ? "1 marcada" : `${van} marcadas`;
  };
  document.addEventListener("change", (evento) => evento.target.name === "elegidas" && contar());
  addEventListener("pageshow", contar);
  contar();
}
