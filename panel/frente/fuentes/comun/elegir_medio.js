// Elegir de la mediateca en un diálogo: buscar, subir ahí mismo y marcar una o varias.
// El contenido es un trozo de página del servidor; aquí solo se busca, se marca y se devuelve.
import { crearCola, recibirArchivos } from "./subir.js";

const medioDe = (boton) => ({
  id: Number(boton.dataset.id),
  huella: boton.dataset.huella,
  alterno: boton.dataset.alterno,
  url: boton.dataset.url,
  miniatura: boton.dataset.miniatura,
  nombre: boton.dataset.nombre,
  clase: boton.dataset.clase,
  ancho: Number(boton.dataset.ancho),
  alto: Number(boton.dataset.alto),
  falta: boton.dataset.falta,
});

const traer = async (url) => {
  const respuesta = await fetch(url, { headers: { Accept: "text/html" } });
  if (!respuesta.ok || respuesta.redirected) throw new Error("sin respuesta");
  return respuesta.text();
};

/**
 * Abre el diálogo y resuelve con los medios elegidos (vacío si se cierra).
 * `varias`: cuántos se pueden marcar. `clase`: "imagen", "video" o vacío.
 */
export const elegirMedios = ({ base = "/mediateca", varias = 1, clase = "" } = {}) =>
  new Promise((resolver) => {
    const dialogo = document.createElement("dialog");
    dialogo.className = "elegir-medio";
    dialogo.setAttribute("aria-label", "Elegir de la mediateca");
    document.body.append(dialogo);
    const elegidos = new Map();
    let turno = 0;

    const cerrar = (medios) => {
      resolver(medios);
      dialogo.close();
      dialogo.remove();
    };
    const contar = () => {
      const usar = dialogo.querySelector("[data-usar]");
      usar.disabled = elegidos.size === 0;
      usar.textContent = elegidos.size > 1 ? `Usar ${elegidos.size}` : "Usar";
    };
    const marcarLosElegidos = () => {
      for (const boton of dialogo.querySelectorAll("[data-id]")) {
        boton.setAttribute("aria-pressed", String(elegidos.has(Number(boton.dataset.id))));
      }
      contar();
    };
    const alternar = (boton) => {
      const medio = medioDe(boton);
      if (elegidos.has(medio.id)) elegidos.delete(medio.id);
      else {
        if (varias === 1) elegidos.clear();
        if (elegidos.size >= varias) return;
        elegidos.set(medio.id, medio);
      }
      marcarLosElegidos();
    };
    const direccion = (mas = {}) => {
      const texto = dialogo.querySelector('[name="q"]')?.value ?? "";
      return `${base}/elegir?${new URLSearchParams({ q: texto, clase, ...mas })}`;
    };
    const buscar = async () => {
      const mio = ++turno;
      const html = await traer(direccion());
      if (mio !== turno) return;
      const nuevo = new DOMParser().parseFromString(html, "text/html");
      dialogo.querySelector("[data-rejilla]").replaceWith(nuevo.querySelector("[data-rejilla]"));
      marcarLosElegidos();
    };
    const seguir = async (boton) => {
      boton.disabled = true;
      const nuevo = new DOMParser().parseFromString(
        await traer(direccion({ antes: boton.dataset.mas })), "text/html",
      );
      const lista = dialogo.querySelector("[data-rejilla] ul");
      lista.append(...nuevo.querySelectorAll("[data-rejilla] ul > li"));
      boton.replaceWith(...nuevo.querySelectorAll("[data-mas]"));
      marcarLosElegidos();
    };
    const instalar = () => {
      let reloj = 0;
      const campo = dialogo.querySelector('[name="q"]');
      campo.addEventListener("input", () => {
        clearTimeout(reloj);
        reloj = setTimeout(() => buscar().catch(() => {}), 200);
      });
      dialogo.querySelector("form").addEventListener("submit", (evento) => {
        evento.preventDefault();
        buscar().catch(() => {});
      });
      dialogo.addEventListener("click", (evento) => {
        const boton = evento.target.closest("button");
        if (!boton) return;
        if (boton.dataset.id) alternar(boton);
        else if ("mas" in boton.dataset) seguir(boton).catch(() => (boton.disabled = false));
        else if ("usar" in boton.dataset) cerrar([...elegidos.values()]);
        else if ("cerrar" in boton.dataset) cerrar([]);
      });
      dialogo.addEventListener("dblclick", (evento) => {
        const boton = evento.target.closest("[data-id]");
        if (boton) cerrar([...elegidos.set(Number(boton.dataset.id), medioDe(boton)).values()]);
      });
      const lista = dialogo.querySelector("[data-subidas]");
      if (lista) {
        const cola = crearCola({
          lista,
          base,
          alSubir: (medio) => {
            if (varias === 1) elegidos.clear();
            if (elegidos.size < varias) elegidos.set(medio.id, { ...medio, falta: "" });
            buscar().catch(contar);
          },
        });
        const control = dialogo.querySelector('input[type="file"]');
        recibirArchivos({ zona: dialogo, control, alLlegar: cola.agregar, pegarEn: dialogo });
      }
    };

    dialogo.addEventListener("cancel", (evento) => {
      evento.preventDefault();
      cerrar([]);
    });
    traer(direccion())
      .then((html) => {
        const nuevo = new DOMParser().parseFromString(html, "text/html");
        dialogo.append(...nuevo.body.childNodes);
        instalar();
        contar();
        dialogo.showModal();
      })
      .catch(() => {
        dialogo.remove();
        resolver(null);
      });
  });
