/* Imágenes y videos de la pieza: subir, elegir, ordenar, describir y quitar. */
import Sortable from "sortablejs";
import { anunciar } from "../comun/anunciar.js";
import { elegirMedios } from "../comun/elegir_medio.js";
import { DESDE_LA_PIEZA } from "../comun/recortes.js";
import { crearCola, recibirArchivos } from "../comun/subir.js";
import { tostada } from "../comun/tostadas.js";
import { instalarRecortes } from "./recortes.js";

const ALTERNO_MAXIMO = 1000;
const MEDIOS_MAXIMOS = 30;

const escribe = (nodo) => nodo?.matches?.("textarea, input:not([type=file], [type=checkbox], [type=button])");

export const instalarMedios = (forma, cambio) => {
  const lista = document.getElementById("medios");
  const molde = document.getElementById("molde-medio").content.firstElementChild;
  const filas = () => [...lista.children];

  const contar = (alterno) => {
    const largo = [...alterno.value].length;
    const contador = alterno.parentElement.querySelector("[data-contador]");
    const dicho = alterno.parentElement.querySelector(".falla");
    contador.textContent = largo ? `${largo} de 1.000` : dicho ? "" : "Falta";
    contador.classList.toggle("pasado", largo > ALTERNO_MAXIMO || largo === 0);
  };

  /** Nombra los botones por su archivo: «Subir un puesto la imagen 2». */
  const numerar = () => {
    filas().forEach((fila, i, todas) => {
      const cual = `${fila.dataset.clase === "video" ? "el video" : "la imagen"} ${i + 1}`;
      fila.querySelector("[data-subir]").setAttribute("aria-label", `Subir un puesto ${cual}`);
      fila.querySelector("[data-bajar]").setAttribute("aria-label", `Bajar un puesto ${cual}`);
      fila.querySelector("[data-quitar]").setAttribute("aria-label", `Quitar ${cual}`);
      fila.querySelector("[data-recortar]").setAttribute("aria-label", `Recortar ${cual}, se abre en otra pestaña`);
      fila.querySelector("[data-subir]").disabled = i === 0;
      fila.querySelector("[data-bajar]").disabled = i === todas.length - 1;
    });
  };
  const listo = () => {
    numerar();
    cambio();
    forma.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const crear = (medio) => {
    const fila = molde.cloneNode(true);
    const id = String(medio.id);
    fila.dataset.medio = id;
    fila.dataset.clase = medio.clase ?? "imagen";
    const oculto = fila.querySelector('[name="medio"]');
    oculto.value = id;
    oculto.disabled = false;
    const alterno = fila.querySelector("[data-alterno]");
    alterno.id = alterno.name = `alterno_${id}`;
    alterno.disabled = false;
    alterno.value = medio.alterno ?? "";
    fila.querySelector("label").htmlFor = alterno.id;
    fila.querySelector(".medio-nombre").textContent = medio.nombre ?? "";
    fila.querySelector("[data-recortar]").href = `/mediateca/${id}/recortar${DESDE_LA_PIEZA}`;
    const muestra = fila.querySelector(".medio-muestra");
    if (fila.dataset.clase === "video") {
      fila.querySelector("[data-recortar]").hidden = true;
      const caja = document.createElement("div");
      caja.className = "medio-muestra medio-video";
      caja.textContent = "Video";
      muestra.replaceWith(caja);
    } else muestra.src = medio.miniatura || medio.url;
    return fila;
  };

  /** Las que se subieron juntas quedan en el orden en que se eligieron, llegue cual llegue antes. */
  const orden = [];
  const colocar = (fila, medio) => {
    const puesto = orden.indexOf(medio.nombre);
    if (puesto >= 0) fila.dataset.puesto = puesto;
    const despues = puesto < 0 ? null : filas().find((otra) => Number(otra.dataset.puesto ?? -1) > puesto);
    if (despues) despues.before(fila);
    else lista.append(fila);
  };

  const agregar = (medio) => {
    if (filas().some((fila) => fila.dataset.medio === String(medio.id))) {
      tostada(`«${medio.nombre}» ya está en la pieza.`);
      return;
    }
    if (filas().length >= MEDIOS_MAXIMOS) {
      tostada(`Una pieza lleva hasta ${MEDIOS_MAXIMOS} archivos.`);
      return;
    }
    const fila = crear(medio);
    colocar(fila, medio);
    const alterno = fila.querySelector("[data-alterno]");
    contar(alterno);
    listo();
    // Lo que falta es describirla; a quien está escribiendo no se le quita el foco.
    if (!alterno.value && !escribe(document.activeElement)) alterno.focus();
    anunciar(`Agregada: ${medio.nombre}`);
  };

  const mover = (fila, otra, boton) => {
    if (!otra) return;
    if (filas().indexOf(otra) < filas().indexOf(fila)) otra.before(fila);
    else otra.after(fila);
    listo();
    (boton.disabled ? fila.querySelector(".medio-botones button:not(:disabled)") : boton).focus();
    anunciar(`Ahora es la número ${filas().indexOf(fila) + 1}`);
  };
  const quitar = (fila) => {
    const siguiente = fila.nextElementSibling;
    fila.remove();
    listo();
    tostada("Se quitó de la pieza; sigue en la mediateca.", {
      deshacer: () => {
        if (siguiente?.isConnected) siguiente.before(fila);
        else lista.append(fila);
        listo();
      },
    });
  };

  lista.addEventListener("click", (evento) => {
    const boton = evento.target.closest("button");
    const fila = boton?.closest("[data-medio]");
    if (!fila) return;
    if ("subir" in boton.dataset) mover(fila, fila.previousElementSibling, boton);
    else if ("bajar" in boton.dataset) mover(fila, fila.nextElementSibling, boton);
    else if ("quitar" in boton.dataset) quitar(fila);
  });
  lista.addEventListener("input", (evento) => evento.target.matches("[data-alterno]") && contar(evento.target));
  Sortable.create(lista, { handle: ".mango", animation: 150, onEnd: listo });

  const subidas = document.getElementById("subidas");
  const cola = crearCola({
    lista: subidas,
    alSubir: agregar,
    alTerminar: () => {
      for (const hecha of subidas.querySelectorAll(".subida-bien")) hecha.remove();
      subidas.hidden = !subidas.children.length;
    },
  });
  recibirArchivos({ zona: forma, control: document.getElementById("archivos"), alLlegar: (archivos) => {
    orden.push(...archivos.map((uno) => uno.name));
    cola.agregar(archivos);
  } });
  document.getElementById("de-la-mediateca").addEventListener("click", async () => {
    const elegidos = await elegirMedios({ varias: MEDIOS_MAXIMOS });
    if (elegidos === null) tostada("La mediateca no responde. Vuelva a intentarlo.");
    else elegidos.forEach(agregar);
  });
  numerar();
  lista.querySelectorAll("[data-alterno]").forEach(contar);
  instalarRecortes({ lista, crear, filas, listo });
  return { agregar, filas, listo, lista };
};
