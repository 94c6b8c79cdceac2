/* Mejoras del panel. Sin este guion todo sigue funcionando: solo se pierde comodidad. */
"use strict";

(() => {
  /* Refresco: cambia cada [data-vivo] por el suyo en la página recién pedida, si dice otra cosa.
     Compara el texto: las fichas de los formularios cambian en cada petición. */
  const ocupado = (zona) =>
    zona.contains(document.activeElement) || zona.querySelector("details[open] form");

  const refrescar = async () => {
    const zonas = [...document.querySelectorAll("[data-vivo]")];
    if (document.hidden || zonas.length === 0 || zonas.every(ocupado)) return;
    const respuesta = await fetch(location.href, { headers: { "X-Refresco": "1" } });
    if (respuesta.redirected) return location.reload();
    if (!respuesta.ok) return;
    const nueva = new DOMParser().parseFromString(await respuesta.text(), "text/html");
    for (const zona of zonas) {
      const otra = nueva.getElementById(zona.id);
      if (otra && !ocupado(zona) && otra.textContent !== zona.textContent) zona.replaceWith(otra);
    }
  };

  const cada = document.querySelector("[data-cada]");
  if (cada) {
    setInterval(() => refrescar().catch(() => {}), Number(cada.dataset.cada) * 1000);
    document.addEventListener("visibilitychange", () => refrescar().catch(() => {}));
  }

  /* Preguntar antes de lo que no tiene vuelta, y no enviar dos veces por un doble clic. */
  document.addEventListener("submit", (evento) => {
    const forma = evento.target;
    const pregunta = (evento.submitter && evento.submitter.dataset.confirmar) || forma.dataset.confirmar;
    if (forma.dataset.enviada || (pregunta && !confirm(pregunta))) {
      evento.preventDefault();
      return;
    }
    if (forma.method === "post") {
      forma.dataset.enviada = "1";
      if (evento.submitter) evento.submitter.setAttribute("aria-busy", "true");
    }
  });
  addEventListener("pageshow", () => {
    for (const forma of document.querySelectorAll("form[data-enviada]")) delete forma.dataset.enviada;
    for (const boton of document.querySelectorAll("[aria-busy]")) boton.removeAttribute("aria-busy");
  });

  /* Filtros: cambiar una lista aplica el filtro. */
  document.addEventListener("change", (evento) => {
    if (evento.target.matches("[data-aplicar]")) evento.target.form.requestSubmit();
  });

  /* Copiar un texto para llevarlo a mano. */
  document.addEventListener("click", async (evento) => {
    const boton = evento.target.closest("[data-copiar]");
    if (!boton) return;
    const texto = document.getElementById(boton.dataset.copiar);
    try {
      await navigator.clipboard.writeText(texto.textContent);
      boton.textContent = "Copiado";
    } catch {
      getSelection().selectAllChildren(texto);
      boton.textContent = "Seleccionado: cópielo con Ctrl+C";
    }
  });

  /* Aprobar varias: cuántas van marcadas. */
  const barra = document.getElementById("barra-varias");
  if (barra) {
    const casillas = [...document.querySelectorAll("input[name='elegidas']")];
    const contar = () => {
      const van = casillas.filter((casilla) => casilla.checked).length;
      barra.hidden = van === 0;
      barra.querySelector("[data-van]").textContent = van === 1 ? "1 marcada" : `${van} marcadas`;
    };
    casillas.forEach((casilla) => casilla.addEventListener("change", contar));
    addEventListener("pageshow", contar);
    contar();
  }

  /* Teclado: «g» y luego la inicial de la pantalla. */
  let espera = 0;
  document.addEventListener("keydown", (evento) => {
    if (evento.ctrlKey || evento.metaKey || evento.altKey) return;
    if (evento.target.closest("input, textarea, select, [contenteditable]")) return;
    if (evento.key === "g") {
      espera = Date.now();
      return;
    }
    if (Date.now() - espera > 1500) return;
    espera = 0;
    const destino = document.querySelector(`.menu a[data-tecla="${CSS.escape(evento.key)}"]`);
    if (destino) location.assign(destino.href);
  });
})();
