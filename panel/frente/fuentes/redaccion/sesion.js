/* Volver a entrar sin irse de la página: lo escrito se queda donde está. */
import { abrir } from "../comun/dialogos.js";
import { Fallo, pedir } from "../comun/pedir.js";

const forma = () => document.getElementById("editor");

const ponerFicha = (ficha) => {
  document.querySelector('meta[name="ficha-csrf"]').content = ficha;
  for (const campo of document.querySelectorAll('input[name="csrf_token"]')) campo.value = ficha;
};

/** Pide una ficha fresca; `false` si la sesión terminó. Sin red, lanza `Fallo`. */
export const refrescar = async () => {
  try {
    ponerFicha((await pedir(forma().dataset.ficha)).ficha);
    return true;
  } catch (fallo) {
    if (fallo.codigo === 401) return false;
    throw fallo;
  }
};

const decirFalla = (frase) => {
  const falla = document.getElementById("entrar-falla");
  falla.textContent = frase;
  falla.hidden = !frase;
};

const entrar = async (correo, clave) => {
  const puerta = forma().dataset.entrar;
  const pagina = await fetch(puerta);
  const ficha = new DOMParser()
    .parseFromString(await pagina.text(), "text/html")
    .querySelector('input[name="csrf_token"]')?.value;
  // Si la puerta ya no pregunta, se entró en otra pestaña.
  if (pagina.redirected && new URL(pagina.url).pathname !== puerta) return;
  const datos = new URLSearchParams({ correo, clave, csrf_token: ficha ?? "", next: forma().dataset.ficha });
  const respuesta = await fetch(puerta, { method: "POST", body: datos });
  if (respuesta.status === 429) throw new Fallo("Hubo demasiados intentos seguidos. Espere un momento.");
  if (!respuesta.ok) throw new Fallo("El correo o la contraseña no coinciden.");
};

let pendiente = null;

/** Abre el diálogo y cumple cuando la persona volvió a entrar. */
export const volverAEntrar = () => {
  pendiente ??= new Promise((cumplir) => {
    const dialogo = document.getElementById("volver-a-entrar");
    const comprobar = async () => {
      if (!(await refrescar())) throw new Fallo("Todavía no ha entrado. Si usa un segundo paso, hágalo en otra pestaña.");
      pendiente = null;
      dialogo.close();
      cumplir();
    };
    const intentar = (hacer) => async (evento) => {
      evento.preventDefault();
      decirFalla("");
      try {
        await hacer();
        await comprobar();
      } catch (fallo) {
        decirFalla(fallo instanceof Fallo ? fallo.message : "No hay conexión con el panel. Vuelva a intentarlo.");
      }
    };
    const clave = dialogo.querySelector("#entrar-clave");
    dialogo.querySelector("form").onsubmit = intentar(async () => {
      await entrar(dialogo.querySelector("#entrar-correo").value, clave.value);
      clave.value = "";
    });
    dialogo.querySelector("#ya-entre").onclick = intentar(async () => {});
    // Cerrarlo no pierde nada: vuelve a salir al guardar.
    dialogo.oncancel = () => (pendiente = null);
    if (!dialogo.open) abrir(dialogo);
    clave.focus();
  });
  return pendiente;
};

/** Como `pedir`, pero si la sesión terminó espera a que se vuelva a entrar y repite. */
export const pedirConSesion = async (direccion, opciones, alTerminarSesion = () => {}) => {
  try {
    return await pedir(direccion, opciones);
  } catch (fallo) {
    // Un 400 es una ficha de otra sesión: con una nueva, la misma petición vale.
    if (fallo.codigo === 400 && (await refrescar())) return pedir(direccion, opciones);
    if (fallo.codigo !== 401 && fallo.codigo !== 400) throw fallo;
    alTerminarSesion();
    await volverAEntrar();
    return pedir(direccion, opciones);
  }
};
