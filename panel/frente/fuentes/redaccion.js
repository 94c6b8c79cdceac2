/* El editor: junta sus partes. Sin este guion se puede escribir y guardar; solo falta comodidad. */
import { instalarChoque } from "./redaccion/choque.js";
import { instalarCuando } from "./redaccion/cuando.js";
import { instalarGuardado, recuperarReserva } from "./redaccion/guardar.js";
import { instalarMedios } from "./redaccion/medios.js";
import { instalarPrevia } from "./redaccion/previa.js";
import { instalarCampania, instalarTextos } from "./redaccion/textos.js";

const forma = document.getElementById("editor");

const instalarPestanas = () => {
  const editor = document.querySelector(".editor");
  const botones = [...editor.querySelectorAll("[data-ver]")];
  const mostrar = (cual) => {
    editor.dataset.pestana = cual;
    for (const boton of botones) boton.setAttribute("aria-pressed", String(boton.dataset.ver === cual));
  };
  for (const boton of botones) boton.addEventListener("click", () => mostrar(boton.dataset.ver));
  // De la lista de fallas se va derecho al campo, esté donde esté.
  document.getElementById("errores")?.addEventListener("click", (evento) => {
    const campo = document.getElementById(evento.target.getAttribute?.("href")?.slice(1));
    if (!campo) return;
    evento.preventDefault();
    mostrar("texto");
    campo.closest("details")?.setAttribute("open", "");
    campo.scrollIntoView({ block: "center" });
    campo.focus();
  });
};

const instalarTeclas = () => {
  document.addEventListener("keydown", (evento) => {
    if (!(evento.ctrlKey || evento.metaKey) || evento.altKey || evento.isComposing) return;
    if (document.querySelector("dialog:modal")) return;
    const boton = { s: '[name="accion"][value="guardar"]', Enter: "[data-principal]" }[evento.key];
    if (!boton) return;
    evento.preventDefault();
    forma.querySelector(boton).click();
  });
};

const irALaPrimeraFalla = () => {
  const aviso = document.getElementById("choque");
  const mala = forma.querySelector('[aria-invalid="true"]');
  mala?.closest("details")?.setAttribute("open", "");
  (aviso ?? mala ?? document.getElementById("errores"))?.focus();
};

recuperarReserva(forma).catch(() => {});
const { cambio } = instalarGuardado(forma, document.getElementById("estado-guardado"));
const medios = instalarMedios(forma, cambio);
instalarTextos(forma);
instalarCampania(forma);
instalarCuando(forma);
instalarChoque(forma, medios);
instalarPrevia(forma, document.getElementById("vista"));
instalarPestanas();
instalarTeclas();
irALaPrimeraFalla();
