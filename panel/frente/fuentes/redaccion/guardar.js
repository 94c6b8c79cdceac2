/* Guardar mientras se escribe, y no enviar jamás lo escrito a una sesión que ya no existe. */
import { Fallo } from "../comun/pedir.js";
import { tostada } from "../comun/tostadas.js";
import { pedirConSesion, refrescar, volverAEntrar } from "./sesion.js";

const ESPERA_MS = 700;
const NO_VAN = new Set(["csrf_token", "accion"]);

export const instalarGuardado = (forma, estado) => {
  const llave = `redaccion:${location.pathname}`;
  let reloj = 0;
  let cambios = 0;
  let guardados = 0;
  let enCurso = null;
  let saliendo = false;
  let libre = false;
  let hora = 0;

  const campos = () => new URLSearchParams([...new FormData(forma)].filter(([nombre]) => !NO_VAN.has(nombre)));

  const decir = (frase) => {
    if (estado.textContent !== frase) estado.textContent = frase;
  };
  const decirHora = () => {
    if (!hora || cambios !== guardados) return;
    const minutos = Math.floor((Date.now() - hora) / 60_000);
    decir(minutos < 1 ? "Guardado hace un momento" : `Guardado hace ${minutos} min`);
  };
  const enReserva = (texto) => {
    try {
      if (texto) sessionStorage.setItem(llave, texto);
      else sessionStorage.removeItem(llave);
    } catch {
      /* Sin reserva local, lo escrito sigue en la página. */
    }
  };

  const guardar = async () => {
    const van = cambios;
    decir("Guardando…");
    try {
      const { id, serie } = await pedirConSesion(forma.dataset.autoguardar, { datos: campos() }, () => {
        enReserva(campos().toString());
        decir("Su sesión terminó. Lo escrito sigue aquí.");
      });
      forma.elements.borrador.value = id;
      forma.elements.serie.value = serie;
      guardados = van;
      hora = Date.now();
      enReserva("");
      decirHora();
    } catch (fallo) {
      enReserva(campos().toString());
      decir(fallo instanceof Fallo && fallo.codigo ? fallo.message : "Sin conexión. Lo escrito sigue aquí.");
      clearTimeout(reloj);
      if (!saliendo) reloj = setTimeout(empezar, 5_000);
    }
  };

  /** Uno a la vez: el siguiente sale con lo último que haya. */
  const empezar = async () => {
    clearTimeout(reloj);
    if (saliendo || enCurso || cambios === guardados) return;
    enCurso = guardar();
    await enCurso;
    enCurso = null;
    if (cambios !== guardados && !saliendo) reloj = setTimeout(empezar, ESPERA_MS);
  };

  const cambio = () => {
    cambios += 1;
    clearTimeout(reloj);
    reloj = setTimeout(empezar, ESPERA_MS);
  };

  const enviar = async (boton) => {
    saliendo = true;
    clearTimeout(reloj);
    decir("Enviando…");
    try {
      // Si se fuera antes, lo que está guardándose quedaría como un texto a medias de nadie.
      await enCurso;
      if (!(await refrescar())) await volverAEntrar();
      libre = true;
      forma.requestSubmit(boton);
    } catch (fallo) {
      saliendo = libre = false;
      enReserva(campos().toString());
      decir("");
      tostada(fallo.message);
    }
  };

  forma.addEventListener("input", cambio);
  forma.addEventListener("change", cambio);
  forma.addEventListener("submit", (evento) => {
    if (libre) return;
    evento.preventDefault();
    evento.stopPropagation();
    // Un segundo clic mientras sale el primero no es un segundo envío.
    if (!saliendo) enviar(evento.submitter ?? forma.querySelector("[data-principal]"));
  });
  addEventListener("beforeunload", (evento) => {
    if (!saliendo && cambios !== guardados) evento.preventDefault();
  });
  addEventListener("pageshow", (evento) => {
    // Volver con «atrás» trae la página como estaba: se puede seguir.
    if (evento.persisted) saliendo = libre = false;
  });
  document.addEventListener("visibilitychange", () => document.hidden && empezar());
  setInterval(decirHora, 20_000);
  if ("sinGuardar" in forma.dataset) cambio();
  return { cambio };
};

/** Lo que quedó en reserva al terminar la sesión va al servidor, y la página vuelve con ello. */
export const recuperarReserva = async (forma) => {
  const llave = `redaccion:${location.pathname}`;
  const texto = sessionStorage.getItem(llave);
  if (!texto) return;
  const { id } = await pedirConSesion(forma.dataset.autoguardar, { datos: new URLSearchParams(texto) });
  sessionStorage.removeItem(llave);
  location.replace(`${location.pathname}?borrador=${id}`);
};
