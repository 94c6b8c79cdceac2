/* En vivo: cuando algo cambia en la oficina, las secciones [data-vivo] se ponen al día.
   El panel avisa por eventos del servidor; si no se puede, se pregunta cada tanto. Una sola página
   pedida sirve a todas las secciones, y nunca se toca lo que una persona está usando. */

import { anunciar } from "./anunciar.js";

/* htmx llega cuando hace falta por primera vez: abrir una pantalla no lo espera. */
let htmx;
const cambiarPor = async (zona, otra) => {
  htmx ??= (await import("htmx.org/dist/htmx.esm.js")).default;
  await htmx.swap({ text: otra.outerHTML, target: zona, sourceElement: zona, swap: "outerMorph" });
};

const SIN_AVISOS_MS = 15_000;
const RESPALDO_MS = 120_000;
const interesados = new Set();

/** Llama a `funcion` cuando algo cambió en la oficina. Devuelve cómo dejar de hacerlo. */
export const alCambiar = (funcion) => {
  interesados.add(funcion);
  return () => interesados.delete(funcion);
};

const tieneAlgoEscrito = (zona) =>
  [...zona.querySelectorAll("input, textarea, select")].some((control) => {
    if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
    if (control.tagName === "SELECT") return [...control.options].some((o) => o.selected !== o.defaultSelected);
    return control.type !== "hidden" && control.value !== control.defaultValue;
  });

/** Si cambiarla ahora le quitaría algo de las manos a la persona. */
const estaEnUso = (zona) => {
  const foco = zona.contains(document.activeElement) ? document.activeElement : null;
  return (
    foco?.matches("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]") ||
    zona.querySelector("details[data-desplegable][open], details[open] form, dialog[open], [data-enviada]") ||
    tieneAlgoEscrito(zona) ||
    getSelection()?.containsNode?.(zona, true) && !getSelection().isCollapsed
  );
};

// La ficha cambia en cada petición y los relojes siguen su propio paso: no son novedades.
const esencia = (zona) => {
  const copia = zona.cloneNode(true);
  for (const campo of copia.querySelectorAll('input[name="csrf_token"]')) campo.remove();
  for (const reloj of copia.querySelectorAll("time[data-hace]")) reloj.textContent = "";
  return copia.outerHTML.replace(/\s+/g, " ");
};

/** El foco vuelve al mismo enlace o botón si sigue; si ya no está, al título de su sección. */
const conFoco = async (zona, cambiar) => {
  const foco = zona.contains(document.activeElement) ? document.activeElement : null;
  const id = zona.id;
  await cambiar();
  if (!foco || foco.isConnected) return;
  const nueva = document.getElementById(id);
  const igual = [...(nueva?.querySelectorAll("a[href], button") ?? [])].find(
    (otro) => otro.textContent === foco.textContent && otro.getAttribute("href") === foco.getAttribute("href"),
  );
  const destino = igual ?? nueva?.querySelector("h2, h3") ?? document.getElementById("contenido");
  if (!igual && destino && !destino.hasAttribute("tabindex")) destino.setAttribute("tabindex", "-1");
  destino?.focus({ preventScroll: true });
};

const avisarSalida = () => {
  if (document.getElementById("afuera")) return;
  const cinta = document.createElement("p");
  cinta.id = "afuera";
  cinta.className = "cinta cinta-duda";
  cinta.setAttribute("role", "alert");
  const enlace = document.createElement("a");
  enlace.href = "/entrar";
  enlace.target = "_blank";
  enlace.rel = "noopener";
  enlace.textContent = "Entre en otra pestaña";
  cinta.append("Su sesión terminó. Lo escrito sigue aquí. ", enlace, " y vuelva a esta.");
  (document.getElementById("cintas") ?? document.body).after(cinta);
};

let pidiendo = null;
let quedaPendiente = false;

const ponerAlDia = async () => {
  const zonas = [...document.querySelectorAll("[data-vivo][id]")];
  const libres = zonas.filter((zona) => !estaEnUso(zona));
  quedaPendiente = libres.length < zonas.length;
  if (libres.length === 0) return;
  const respuesta = await fetch(location.href, { headers: { "X-Refresco": "1" } });
  if (respuesta.redirected && new URL(respuesta.url).pathname === "/entrar") return avisarSalida();
  if (!respuesta.ok) return;
  document.getElementById("afuera")?.remove();
  const nueva = new DOMParser().parseFromString(await respuesta.text(), "text/html");
  for (const zona of libres) {
    const otra = nueva.getElementById(zona.id);
    if (!otra || !zona.isConnected || estaEnUso(zona) || esencia(otra) === esencia(zona)) continue;
    // Morfología, no reemplazo: lo que no cambió conserva su lugar, su foco y su estado.
    await conFoco(zona, () => cambiarPor(zona, otra));
    const aviso = document.getElementById(zona.id)?.dataset.vivo;
    if (aviso) anunciar(aviso);
  }
};

/** Pone al día las secciones vivas; si ya se está haciendo, espera esa vuelta. */
export const refrescar = () => {
  pidiendo ??= ponerAlDia()
    .catch(() => {})
    .finally(() => (pidiendo = null));
  return pidiendo;
};

const cambio = () => {
  if (document.hidden) {
    quedaPendiente = true;
    return;
  }
  for (const funcion of interesados) funcion();
  refrescar();
};

const preguntarCada = (ms) => setInterval(() => !document.hidden && cambio(), ms);

const escuchar = (direccion) => {
  const fuente = new EventSource(direccion);
  let reloj = 0;
  fuente.addEventListener("open", () => {
    // Al volver de un corte pudo haber novedades.
    if (reloj) cambio();
    clearInterval(reloj);
    reloj = 0;
  });
  fuente.addEventListener("cambio", cambio);
  fuente.addEventListener("afuera", () => {
    fuente.close();
    avisarSalida();
  });
  fuente.addEventListener("error", () => {
    // Cerrada del todo (sin puesto, sin sesión, un intermediario que no deja): se pregunta.
    reloj ||= preguntarCada(SIN_AVISOS_MS);
  });
  addEventListener("pagehide", () => fuente.close());
  addEventListener("pageshow", (e) => e.persisted && location.reload());
};

/* «Hace 3 min» avanza solo. */
const pasos = [
  [60, 1, "s"],
  [3600, 60, "min"],
  [86_400, 3600, "h"],
];
const avanzarRelojes = () => {
  for (const reloj of document.querySelectorAll("time[data-hace]")) {
    const segundos = Math.floor((Date.now() - Date.parse(reloj.dateTime)) / 1000);
    const paso = pasos.find(([hasta]) => segundos < hasta);
    if (segundos >= 1 && paso) reloj.textContent = `hace ${Math.floor(segundos / paso[1])} ${paso[2]}`;
  }
};

/** Empieza: eventos del servidor si esta persona los tiene, y una vuelta de respaldo. */
export const empezar = () => {
  const direccion = document.body.dataset.vivoEn;
  if (!direccion) return;
  escuchar(direccion);
  preguntarCada(RESPALDO_MS);
  setInterval(avanzarRelojes, 5_000);
  document.addEventListener("visibilitychange", () => !document.hidden && quedaPendiente && cambio());
  document.addEventListener("focusout", () => quedaPendiente && setTimeout(refrescar, 400));
};
