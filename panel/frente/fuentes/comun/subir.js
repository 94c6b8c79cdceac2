// Cola de subidas: varias a la vez, con avance por archivo, cancelar y el error en su renglón.
// Los videos grandes van por trozos y siguen donde iban después de recargar o de un corte.

const A_LA_VEZ = 2;
const POR_TROZOS_DESDE = 8 << 20;
const REINTENTOS = 6;
const ES_VIDEO = /\.(mp4|mov|m4v|webm)$/i;
const SIN_RED = "Se cortó la conexión. Se sigue sola cuando vuelva, o pulse «Reintentar».";

const ficha = () => document.querySelector('meta[name="ficha-csrf"]')?.content ?? "";
const huellaLocal = (archivo) => `subida:${archivo.name}:${archivo.size}:${archivo.lastModified}`;

const recordar = (archivo, llave) => {
  try {
    if (llave) localStorage.setItem(huellaLocal(archivo), llave);
    else localStorage.removeItem(huellaLocal(archivo));
  } catch {
    // Sin memoria local solo se pierde poder seguir después de recargar.
  }
};
const recordada = (archivo) => {
  try {
    return localStorage.getItem(huellaLocal(archivo));
  } catch {
    return null;
  }
};

class Falla extends Error {}

// Un envío con avance: fetch no cuenta los bytes que salen.
const enviar = (metodo, url, cuerpo, { cabeceras = {}, avance = () => {}, senal }) =>
  new Promise((bien, mal) => {
    const envio = new XMLHttpRequest();
    const parar = () => envio.abort();
    envio.open(metodo, url);
    envio.setRequestHeader("Accept", "application/json");
    envio.setRequestHeader("X-CSRFToken", ficha());
    for (const [nombre, valor] of Object.entries(cabeceras)) envio.setRequestHeader(nombre, valor);
    envio.upload.onprogress = (e) => avance(e.loaded);
    envio.onabort = () => mal(new DOMException("cancelada", "AbortError"));
    envio.onerror = () => mal(new TypeError("sin red"));
    envio.onload = () => {
      senal?.removeEventListener("abort", parar);
      let datos = null;
      try {
        datos = JSON.parse(envio.responseText);
      } catch {
        // Una página en vez de datos: la sesión terminó o algo falló del otro lado.
      }
      bien({ codigo: envio.status, datos });
    };
    senal?.addEventListener("abort", parar, { once: true });
    if (senal?.aborted) return mal(new DOMException("cancelada", "AbortError"));
    envio.send(cuerpo);
  });

const frase = ({ codigo, datos }) => {
  const una = Array.isArray(datos) ? datos.find((d) => d.falla) : datos;
  if (una?.falla) return una.falla;
  if (codigo === 413) return "Pesa demasiado. Redúzcalo y súbalo otra vez.";
  if (codigo === 403) return "Su papel no permite subir archivos.";
  if (datos === null) return "La sesión terminó. Entre de nuevo y súbalo otra vez.";
  return "No se pudo subir. Inténtelo de nuevo.";
};

const entero = async (base, archivo, opciones) => {
  const cuerpo = new FormData();
  cuerpo.append("archivos", archivo);
  const respuesta = await enviar("POST", `${base}/subir`, cuerpo, opciones);
  if (respuesta.codigo !== 200 || !respuesta.datos) throw new Falla(frase(respuesta));
  return respuesta.datos[0];
};

const suma = async (trozo) => {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await trozo.arrayBuffer()));
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
};

const empezar = async (base, archivo, opciones) => {
  const anterior = recordada(archivo);
  if (anterior) {
    const { codigo, datos } = await enviar("GET", `${base}/subidas/${anterior}`, null, opciones);
    if (codigo === 200 && datos) return datos;
    recordar(archivo, null);
  }
  const cuerpo = JSON.stringify({ nombre: archivo.name, peso_bytes: archivo.size });
  const cabeceras = { "Content-Type": "application/json" };
  const respuesta = await enviar("POST", `${base}/subidas`, cuerpo, { ...opciones, cabeceras });
  if (respuesta.codigo !== 201) throw new Falla(frase(respuesta));
  recordar(archivo, respuesta.datos.llave);
  return respuesta.datos;
};

const esperar = (ms, senal) =>
  new Promise((bien) => {
    const reloj = setTimeout(bien, ms);
    addEventListener("online", () => (clearTimeout(reloj), bien()), { once: true });
    senal?.addEventListener("abort", () => (clearTimeout(reloj), bien()), { once: true });
  });

const porTrozos = async (base, archivo, opciones) => {
  const { senal, avance } = opciones;
  const quieto = { senal };
  const subida = await empezar(base, archivo, quieto);
  let van = subida.van;
  let fallos = 0;
  while (van < archivo.size) {
    const trozo = archivo.slice(van, van + subida.trozo);
    try {
      const cabeceras = {
        "Content-Type": "application/octet-stream",
        "Upload-Offset": String(van),
        "Upload-Checksum": `sha256 ${await suma(trozo)}`,
      };
      const alVan = (hechos) => avance(van + hechos);
      const respuesta = await enviar("PATCH", `${base}/subidas/${subida.llave}`, trozo, {
        senal, cabeceras, avance: alVan,
      });
      if (respuesta.codigo === 200 || respuesta.codigo === 409) van = respuesta.datos.van;
      else if (respuesta.codigo === 404) {
        recordar(archivo, null);
        throw new Falla(frase(respuesta));
      } else throw respuesta.codigo >= 500 ? new TypeError("caído") : new Falla(frase(respuesta));
      fallos = respuesta.codigo === 200 ? 0 : fallos + 1;
      if (fallos > REINTENTOS) throw new Falla("El servidor y el navegador no se ponen de acuerdo.");
      avance(van);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      fallos += 1;
      if (fallos > REINTENTOS) throw new Falla(SIN_RED);
      await esperar(Math.min(30_000, 500 * 2 ** fallos), senal);
    }
  }
  const fin = await enviar("POST", `${base}/subidas/${subida.llave}/terminar`, null, quieto);
  recordar(archivo, null);
  if (fin.codigo !== 200 || !fin.datos) throw new Falla(frase(fin));
  return fin.datos[0];
};

const elemento = (nombre, clase, texto = "") => {
  const nuevo = document.createElement(nombre);
  if (clase) nuevo.className = clase;
  nuevo.textContent = texto;
  return nuevo;
};

const renglon = (lista, archivo) => {
  const li = elemento("li", "subida");
  const nombre = elemento("span", "subida-nombre", archivo.name);
  const barra = elemento("progress", "subida-barra");
  barra.max = Math.max(1, archivo.size);
  barra.value = 0;
  barra.setAttribute("aria-label", `Avance de ${archivo.name}`);
  const estado = elemento("span", "subida-estado", "En espera");
  const boton = elemento("button", "boton boton-chico", "Cancelar");
  boton.type = "button";
  boton.setAttribute("aria-label", `Cancelar ${archivo.name}`);
  li.append(nombre, barra, estado, boton);
  lista.append(li);
  return { li, barra, estado, boton };
};

const porciento = (va, total) => `${Math.min(100, Math.round((100 * va) / Math.max(1, total)))} %`;

/**
 * Una cola de subidas que se pinta en `lista` (un <ul>).
 * `alSubir(medio)` se llama con cada medio listo; `alTerminar()` cuando no queda ninguna.
 * Devuelve `{ agregar(archivos) }`.
 */
export const crearCola = ({ lista, base = "/mediateca", alSubir = () => {}, alTerminar = () => {} }) => {
  const espera = [];
  let activas = 0;

  const correr = async (tarea) => {
    const { archivo, vista } = tarea;
    const control = (tarea.control = new AbortController());
    const avance = (va) => {
      vista.barra.value = va;
      vista.estado.textContent = va >= archivo.size ? "Revisando…" : porciento(va, archivo.size);
    };
    vista.li.className = "subida";
    vista.estado.textContent = "0 %";
    const porPartes = ES_VIDEO.test(archivo.name) && archivo.size > POR_TROZOS_DESDE;
    try {
      const subir = porPartes ? porTrozos : entero;
      const medio = await subir(base, archivo, { avance, senal: control.signal });
      vista.barra.value = vista.barra.max;
      vista.li.classList.add("subida-bien");
      vista.estado.textContent = medio.duplicado_de ? "Ya estaba en la mediateca" : "Listo";
      vista.boton.remove();
      alSubir(medio);
    } catch (error) {
      if (error.name === "AbortError") {
        vista.li.remove();
        olvidarSubida(archivo);
        return;
      }
      fallar(tarea, error instanceof Falla ? error.message : SIN_RED);
    }
  };

  const olvidarSubida = (archivo) => {
    const llave = recordada(archivo);
    recordar(archivo, null);
    if (llave) enviar("POST", `${base}/subidas/${llave}/cancelar`, null, {}).catch(() => {});
  };

  const fallar = (tarea, mensaje) => {
    const { vista } = tarea;
    vista.li.classList.add("subida-mal");
    vista.estado.textContent = mensaje;
    vista.estado.setAttribute("role", "alert");
    vista.boton.textContent = "Reintentar";
    vista.boton.setAttribute("aria-label", `Reintentar ${tarea.archivo.name}`);
    tarea.fallida = true;
  };

  const seguir = () => {
    while (activas < A_LA_VEZ && espera.length) {
      const tarea = espera.shift();
      activas += 1;
      correr(tarea).finally(() => {
        activas -= 1;
        if (activas === 0 && espera.length === 0) alTerminar();
        seguir();
      });
    }
  };

  const pulsar = (tarea) => {
    if (tarea.fallida) {
      tarea.fallida = false;
      tarea.vista.boton.textContent = "Cancelar";
      tarea.vista.estado.removeAttribute("role");
      espera.push(tarea);
      seguir();
    } else if (tarea.control) {
      tarea.control.abort();
    } else {
      espera.splice(espera.indexOf(tarea), 1);
      tarea.vista.li.remove();
    }
  };

  const agregar = (archivos) => {
    for (const archivo of archivos) {
      const tarea = { archivo, vista: renglon(lista, archivo), control: null, fallida: false };
      tarea.vista.boton.addEventListener("click", () => pulsar(tarea));
      espera.push(tarea);
    }
    lista.hidden = lista.children.length === 0;
    seguir();
  };

  addEventListener("beforeunload", (evento) => {
    if (activas > 0) evento.preventDefault();
  });
  return { agregar };
};

const archivosDe = (traido) => [...(traido?.files ?? [])];

/** Recibe archivos soltados en `zona`, pegados en la página y elegidos con `control` (input file). */
export const recibirArchivos = ({ zona, control, alLlegar, pegarEn = document }) => {
  let dentro = 0;
  const trae = (evento) => evento.dataTransfer?.types.includes("Files");
  zona.addEventListener("dragenter", (evento) => {
    if (!trae(evento)) return;
    dentro += 1;
    zona.classList.add("recibe");
  });
  zona.addEventListener("dragleave", () => {
    dentro = Math.max(0, dentro - 1);
    if (dentro === 0) zona.classList.remove("recibe");
  });
  zona.addEventListener("dragover", (evento) => trae(evento) && evento.preventDefault());
  zona.addEventListener("drop", (evento) => {
    dentro = 0;
    zona.classList.remove("recibe");
    const archivos = archivosDe(evento.dataTransfer);
    if (archivos.length === 0) return;
    evento.preventDefault();
    alLlegar(archivos);
  });
  pegarEn.addEventListener("paste", (evento) => {
    const archivos = archivosDe(evento.clipboardData);
    if (archivos.length === 0) return;
    evento.preventDefault();
    alLlegar(archivos);
  });
  control?.addEventListener("change", () => {
    alLlegar(archivosDe(control));
    control.value = "";
  });
};
