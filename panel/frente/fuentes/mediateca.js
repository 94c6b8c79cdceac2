// La mediateca: subir con avance, seguir la lista sin recargar, marcar varios y encuadrar miniaturas.
import { anunciar } from "./comun/anunciar.js";
import { crearCola, recibirArchivos } from "./comun/subir.js";

document.body.classList.add("con-guion");

// El punto de interés de cada imagen manda en su miniatura.
const encuadrar = (raiz = document) => {
  for (const imagen of raiz.querySelectorAll(".mini[data-foco]")) {
    const [x, y] = imagen.dataset.foco.split(" ");
    imagen.style.objectPosition = `${x}% ${y}%`;
  }
};
encuadrar();

const lista = () => document.querySelector("[data-medios]");

const traer = async (direccion) => {
  const respuesta = await fetch(direccion, { headers: { Accept: "text/html" } });
  if (!respuesta.ok || respuesta.redirected) throw new Error("sin respuesta");
  return new DOMParser().parseFromString(await respuesta.text(), "text/html");
};

/* Seguir la lista: el enlace funciona solo; aquí se trae sin perder el lugar. */
const seguir = async (enlace) => {
  enlace.setAttribute("aria-busy", "true");
  const nueva = await traer(enlace.href);
  const llegados = [...nueva.querySelectorAll("[data-medios] > li")];
  lista().append(...llegados);
  encuadrar(lista());
  const otro = nueva.querySelector("[data-seguir]");
  if (otro) enlace.replaceWith(otro);
  else enlace.closest("p").remove();
  llegados[0]?.querySelector("a")?.focus({ preventScroll: true });
};
document.addEventListener("click", (evento) => {
  const enlace = evento.target.closest("[data-seguir]");
  if (!enlace || evento.ctrlKey || evento.metaKey || evento.shiftKey) return;
  evento.preventDefault();
  if (!enlace.hasAttribute("aria-busy")) seguir(enlace).catch(() => location.assign(enlace.href));
});

/* Marcar varios: la barra aparece con el primero. */
const contar = () => {
    const barra = document.querySelector("[data-barra]");
    if (!barra) return;
    const van = document.querySelectorAll("[name='elegidas']:checked").length;
    barra.hidden = van === 0;
    barra.querySelector("[data-van]").textContent = van === 1 ? "1 marcado" : `${van} marcados`;
  };
document.addEventListener("change", (e) => e.target.name === "elegidas" && contar());
addEventListener("pageshow", contar);
contar();

/* Subir */
const forma = document.querySelector("[data-subir]");
if (forma) {
  forma.querySelector("[data-elegir]").hidden = false;
  const renglones = forma.querySelector("[data-subidas]");
  let nuevos = 0;
  const cola = crearCola({
    lista: renglones,
    alSubir: (medio) => {
      if (!medio.duplicado_de) nuevos += 1;
      for (const uno of renglones.querySelectorAll(".subida-bien")) {
        const nombre = uno.querySelector(".subida-nombre");
        if (nombre.textContent !== medio.nombre || nombre.querySelector("a")) continue;
        const enlace = document.createElement("a");
        enlace.href = medio.ficha;
        enlace.textContent = medio.nombre;
        nombre.replaceChildren(enlace);
      }
      anunciar(`${medio.nombre}: ${medio.duplicado_de ? "ya estaba en la mediateca" : "subido"}`);
    },
    alTerminar: async () => {
      if (nuevos === 0) return;
      nuevos = 0;
      const nueva = await traer(location.href).catch(() => null);
      const otra = nueva?.querySelector("[data-medios]");
      if (!otra) return;
      if (!lista()) {
        // Era la primera: la lista entra en el sitio del aviso de vacío, sin recargar.
        document.querySelector("main .nada")?.closest("section").replaceWith(otra.closest("form"));
        contar();
        encuadrar();
        return;
      }
      const puestos = new Set([...lista().querySelectorAll("a.medio-enlace")].map((a) => a.href));
      const faltan = [...otra.children].filter((li) => !puestos.has(li.querySelector("a.medio-enlace").href));
      lista().prepend(...faltan);
      document.querySelector(".cabeza p").textContent = nueva.querySelector(".cabeza p").textContent;
      encuadrar(lista());
    },
  });
  recibirArchivos({
    zona: document.body,
    control: forma.querySelector("input[type=file]"),
    alLlegar: cola.agregar,
  });
}
