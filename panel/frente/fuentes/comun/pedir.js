/* Hablar con el panel: la ficha CSRF va sola, y un fallo trae siempre una frase para la persona. */

export const ficha = () => document.querySelector('meta[name="ficha-csrf"]')?.content ?? "";

/** Lo que pasó, en una frase que se puede mostrar. `codigo` es 0 si no hubo respuesta. */
export class Fallo extends Error {
  constructor(frase, codigo = 0, cuerpo = null) {
    super(frase);
    this.codigo = codigo;
    this.cuerpo = cuerpo;
  }
}

const FRASES = {
  0: "No hay conexión con el panel. Nada se perdió: vuelva a intentarlo.",
  401: "Su sesión terminó. Entre en otra pestaña y repita: lo escrito sigue aquí.",
  403: "No tiene permiso para hacer esto.",
  404: "Eso ya no está. Recargue la página.",
  409: "Alguien lo cambió antes. Recargue para ver lo nuevo.",
  413: "El envío es demasiado grande.",
};

const leer = async (respuesta) => {
  const tipo = respuesta.headers.get("Content-Type") ?? "";
  if (respuesta.status === 204) return null;
  return tipo.includes("json") ? respuesta.json() : respuesta.text();
};

/** Pide y devuelve lo leído (JSON o texto). Lanza `Fallo`.
    `datos`: FormData, URLSearchParams u objeto (va como JSON). Con `datos`, el método es POST. */
export const pedir = async (direccion, { metodo, datos, senal } = {}) => {
  const cabeceras = { "X-CSRFToken": ficha(), Accept: "application/json, text/html;q=0.9" };
  let cuerpo = datos;
  if (datos && !(datos instanceof FormData) && !(datos instanceof URLSearchParams)) {
    cuerpo = JSON.stringify(datos);
    cabeceras["Content-Type"] = "application/json";
  }
  let respuesta;
  try {
    respuesta = await fetch(direccion, {
      method: metodo ?? (datos ? "POST" : "GET"),
      body: cuerpo,
      headers: cabeceras,
      signal: senal,
    });
  } catch (causa) {
    if (causa.name === "AbortError") throw causa;
    throw new Fallo(FRASES[0]);
  }
  if (respuesta.redirected && new URL(respuesta.url).pathname === "/entrar") {
    throw new Fallo(FRASES[401], 401);
  }
  const leido = await leer(respuesta).catch(() => null);
  if (respuesta.ok) return leido;
  const frase = leido?.detail ?? leido?.frase ?? FRASES[respuesta.status];
  throw new Fallo(frase ?? "No se pudo hacer. Vuelva a intentarlo en un momento.", respuesta.status, leido);
};

/** Sube un formulario diciendo cuánto va: `alAvanzar(entre 0 y 1)`. Devuelve lo leído; lanza `Fallo`. */
export const subir = (direccion, formulario, alAvanzar = () => {}, { metodo = "POST", senal } = {}) =>
  new Promise((cumplir, fallar) => {
    const xhr = new XMLHttpRequest();
    xhr.open(metodo, direccion);
    xhr.setRequestHeader("X-CSRFToken", ficha());
    xhr.setRequestHeader("Accept", "application/json");
    xhr.upload.onprogress = (e) => e.lengthComputable && alAvanzar(e.loaded / e.total);
    xhr.onerror = () => fallar(new Fallo(FRASES[0]));
    xhr.onabort = () => fallar(new DOMException("Cancelado", "AbortError"));
    xhr.onload = () => {
      let leido = xhr.responseText;
      try {
        leido = JSON.parse(leido);
      } catch {
        /* No era JSON: se devuelve el texto. */
      }
      if (xhr.responseURL && new URL(xhr.responseURL).pathname === "/entrar") fallar(new Fallo(FRASES[401], 401));
      else if (xhr.status >= 200 && xhr.status < 300) cumplir(leido);
      else fallar(new Fallo(leido?.detail ?? leido?.frase ?? FRASES[xhr.status] ?? "No se pudo subir.", xhr.status, leido));
    };
    senal?.addEventListener("abort", () => xhr.abort());
    xhr.send(formulario);
  });
