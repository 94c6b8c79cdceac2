/* Completa cada tarjeta de enlace con lo que dice la página enlazada. Sin respuesta queda el sitio,
   y una frase de qué pasó. Cada dirección se pide una sola vez. */
const pedidas = new Map();

const pedir = async (url) => {
  const respuesta = await fetch(`/redaccion/tarjeta?${new URLSearchParams({ url })}`, {
    headers: { Accept: "application/json" },
  });
  if (respuesta.redirected || !respuesta.headers.get("Content-Type")?.includes("json")) return null;
  return respuesta.json();
};

const leer = (url) => {
  if (!pedidas.has(url)) pedidas.set(url, pedir(url).catch(() => null));
  return pedidas.get(url);
};

const poner = (tarjeta, datos) => {
  const titulo = tarjeta.querySelector("[data-titulo]");
  const descripcion = tarjeta.querySelector("[data-descripcion]");
  if (datos.falla) {
    descripcion.textContent = datos.falla;
    descripcion.classList.add("m-aviso");
    descripcion.hidden = false;
    return;
  }
  titulo.textContent = datos.titulo || tarjeta.dataset.tarjeta;
  descripcion.textContent = datos.descripcion;
  descripcion.hidden = !datos.descripcion;
  if (datos.imagen) {
    const imagen = document.createElement("img");
    imagen.alt = "";
    imagen.addEventListener("error", () => imagen.remove());
    imagen.src = datos.imagen;
    tarjeta.prepend(imagen);
  }
};

export const completarTarjetas = async (raiz) => {
  for (const tarjeta of raiz.querySelectorAll("[data-tarjeta]:not([data-lista])")) {
    tarjeta.dataset.lista = "1";
    const datos = await leer(tarjeta.dataset.tarjeta);
    if (datos) poner(tarjeta, datos);
  }
};
