// Trae el muro cada pocos segundos y cambia solo lo que cambió, sin perder lo que se está leyendo.
"use strict";
const CADA_MS = 4000;

async function refrescar() {
  const muro = document.getElementById("publicaciones");
  const ocupado = document.hidden || muro.querySelector("details[open]") || !getSelection().isCollapsed;
  if (!ocupado) {
    try {
      const respuesta = await fetch(location.href, { cache: "no-store" });
      if (respuesta.ok) {
        const nuevo = new DOMParser().parseFromString(await respuesta.text(), "text/html");
        for (const parte of ["#publicaciones", ".cabeza"]) {
          const viejo = document.querySelector(parte);
          const otro = nuevo.querySelector(parte);
          if (otro && otro.innerHTML !== viejo.innerHTML) viejo.innerHTML = otro.innerHTML;
        }
      }
    } catch {
      // El ensayo se detuvo o tiene la puerta cerrada: se prueba de nuevo en la próxima vuelta.
    }
  }
  setTimeout(refrescar, CADA_MS);
}
setTimeout(refrescar, CADA_MS);
