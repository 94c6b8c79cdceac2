/* El texto común y los que se apartan de él; campaña, hashtags y medición. */
import { tostada } from "../comun/tostadas.js";

const NOMBRES = { facebook: "Facebook", x: "X", wordpress: "el sitio web", correo: "el correo", manual: "los grupos" };

const unir = (nombres) => new Intl.ListFormat("es", { type: "conjunction" }).format(nombres);

const avisar = (campo) => campo.dispatchEvent(new Event("input", { bubbles: true }));

export const instalarTextos = (forma) => {
  const comun = document.getElementById("texto");
  const casillas = [...forma.querySelectorAll('input[name^="distinto_"]')];
  const caja = (casilla) => casilla.closest(".distinto").querySelector("textarea");

  const redes = () => new Set([...forma.querySelectorAll('input[name="cuenta"]:checked')].map((una) => una.dataset.red));

  /** Lo que no viene al caso se esconde, pero no se borra: marcar la cuenta otra vez lo trae. */
  const acomodar = () => {
    const van = redes();
    for (const zona of forma.querySelectorAll("[data-solo-red], .distinto")) {
      const suya = van.has(zona.dataset.soloRed ?? zona.dataset.red);
      // Con una sola red no hay de qué apartarse.
      const sobra = zona.matches(".distinto") && van.size < 2 && !zona.querySelector("input").checked;
      zona.hidden = !suya || sobra;
    }
    const aparte = new Set(casillas.filter((una) => una.checked).map((una) => una.name.replace("distinto_", "")));
    const comunes = [...van].filter((red) => !aparte.has(red)).map((red) => NOMBRES[red]);
    const rotulo = forma.querySelector("[data-rotulo-comun]");
    if (!van.size) rotulo.textContent = "";
    else if (!comunes.length) rotulo.textContent = "no se usa: cada red tiene el suyo";
    else rotulo.textContent = aparte.size ? `para ${unir(comunes)}` : "para todas las redes";
  };

  for (const casilla of casillas) {
    casilla.addEventListener("change", () => {
      const suyo = caja(casilla);
      if (casilla.checked) {
        if (!suyo.value) suyo.value = comun.value;
        suyo.focus();
      }
      acomodar();
    });
    casilla.closest(".distinto").querySelector("[data-volver-al-comun]").addEventListener("click", () => {
      const suyo = caja(casilla);
      const antes = suyo.value;
      casilla.checked = false;
      suyo.value = "";
      acomodar();
      avisar(suyo);
      casilla.focus();
      tostada("Vuelve a llevar el texto común.", {
        deshacer: () => {
          casilla.checked = true;
          suyo.value = antes;
          acomodar();
          avisar(suyo);
        },
      });
    });
  }
  forma.addEventListener("change", (evento) => evento.target.name === "cuenta" && acomodar());
  acomodar();
};

export const instalarCampania = (forma) => {
  const campania = document.getElementById("campania");
  const etiquetas = document.getElementById("etiquetas");
  const sugeridas = document.getElementById("sugeridas");
  const marca = document.getElementById("utm_campaign");
  const enlace = document.getElementById("enlace");
  const opciones = [...document.querySelectorAll("#campanias option")];
  const enMarca = (texto) =>
    texto.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  let automatica = enMarca(campania.value) === marca.value ? marca.value : null;

  const puestas = () => new Set(etiquetas.value.toLowerCase().split(/[\s,]+/).map((e) => e.replace(/^#/, "")));
  const sugerir = (lista) => {
    const faltan = lista.filter((una) => !puestas().has(una.replace(/^#/, "").toLowerCase()));
    sugeridas.hidden = !faltan.length;
    sugeridas.replaceChildren(
      ...faltan.map((una) => {
        const boton = document.createElement("button");
        boton.type = "button";
        boton.className = "sugerida";
        boton.textContent = una.startsWith("#") ? una : `#${una}`;
        boton.setAttribute("aria-label", `Agregar ${boton.textContent}`);
        return boton;
      }),
    );
  };
  const actualizar = () => {
    const cual = opciones.find((una) => una.value.toLowerCase() === campania.value.trim().toLowerCase());
    sugerir(cual ? cual.dataset.etiquetas.split(" ").filter(Boolean) : []);
    // La medición sigue a la campaña hasta que alguien la escribe a su modo.
    if (marca.value === (automatica ?? "")) automatica = marca.value = cual?.dataset.marca ?? enMarca(campania.value);
  };
  sugeridas.addEventListener("click", (evento) => {
    const boton = evento.target.closest("button");
    if (!boton) return;
    etiquetas.value = `${etiquetas.value.trim()} ${boton.textContent}`.trim();
    avisar(etiquetas);
    etiquetas.focus();
  });
  campania.addEventListener("input", actualizar);
  etiquetas.addEventListener("input", actualizar);
  const medicion = document.getElementById("medicion");
  const resumir = () => {
    medicion.hidden = !enlace.value.trim();
    const van = [...medicion.querySelectorAll("input")].filter((uno) => uno.value.trim());
    const resumen = van.map((uno) => `${uno.name}=${uno.value.trim()}`).join("&");
    medicion.querySelector("[data-resumen-utm]").textContent = resumen || "sin medición";
  };
  enlace.addEventListener("input", resumir);
  medicion.addEventListener("input", resumir);
  campania.addEventListener("input", resumir);
  actualizar();
  resumir();
};
