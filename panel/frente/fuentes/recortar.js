// La mesa de recorte: el marco y los números dicen lo mismo, y el servidor corta.
import "cropperjs";
import { anunciar } from "./comun/anunciar.js";
import { pedir } from "./comun/pedir.js";
import { CANAL, DESDE_LA_PIEZA } from "./comun/recortes.js";
import { tostada } from "./comun/tostadas.js";

document.body.classList.add("con-guion");

const forma = document.querySelector("[data-mesa]");
const lienzo = forma.querySelector("[data-lienzo]");
const foto = lienzo.querySelector("img");
const ANCHO = Number(forma.dataset.ancho);
const ALTO = Number(forma.dataset.alto);
const MINIMO = Math.min(200, ANCHO, ALTO);
const campo = (nombre) => forma.elements.namedItem(nombre);
const entre = (valor, minimo, maximo) => Math.min(maximo, Math.max(minimo, valor));

const opcion = () => forma.querySelector("[name=proporcion]:checked");
const razon = () => Number(opcion().dataset.razon) || NaN;

let caja = { x: 0, y: 0, ancho: ANCHO, alto: ALTO };
let escala = 1;

const crear = (nombre, atributos = {}) => {
  const nuevo = document.createElement(nombre);
  for (const [clave, valor] of Object.entries(atributos)) nuevo.setAttribute(clave, valor);
  return nuevo;
};

const base = crear("cropper-canvas");
const imagen = crear("cropper-image", { src: forma.dataset.imagen, alt: foto.alt });
const marco = crear("cropper-selection", {
  movable: "", resizable: "", precise: "", outlined: "", tabindex: "0", role: "group",
  "aria-label": "Marco del recorte: flechas para moverlo, más y menos para el tamaño",
});
marco.append(
  crear("cropper-grid", { role: "grid", covered: "", "aria-hidden": "true" }),
  crear("cropper-handle", { action: "move", plain: "" }),
  ...["n", "e", "s", "w", "ne", "nw", "se", "sw"].map((lado) =>
    crear("cropper-handle", { action: `${lado}-resize` })),
);
base.append(imagen, crear("cropper-shade", { hidden: "" }), marco);
const punto = crear("span", { class: "punto-foco", "aria-hidden": "true" });

/* Del foco a la caja, como lo hace el servidor. */
const cajaConFoco = (relacion) => {
  const ancho = Math.min(ANCHO, Math.round(ALTO * relacion));
  const alto = Math.min(ALTO, Math.round(ancho / relacion));
  const centro = { x: (campo("foco_x").value / 100) * ANCHO, y: (campo("foco_y").value / 100) * ALTO };
  return {
    x: entre(Math.round(centro.x - ancho / 2), 0, ANCHO - ancho),
    y: entre(Math.round(centro.y - alto / 2), 0, ALTO - alto),
    ancho,
    alto,
  };
};

const pintarPruebas = () => {
  if (!foto.complete || !foto.naturalWidth) return;
  for (const prueba of forma.querySelectorAll("[data-prueba]")) {
    const entrada = prueba.closest("label").querySelector("input");
    const suya = entrada.checked ? caja : cajaConFoco(Number(entrada.dataset.razon));
    const en = prueba.getContext("2d");
    en.clearRect(0, 0, prueba.width, prueba.height);
    en.imageSmoothingQuality = "high";
    en.drawImage(foto, suya.x, suya.y, suya.ancho, suya.alto, 0, 0, prueba.width, prueba.height);
  }
};

const avisar = () => {
  const ideal = Number(opcion().dataset.ideal);
  const chico = ideal && caja.ancho < ideal;
  forma.querySelector("[data-aviso]").textContent = chico
    ? `Quedará de ${caja.ancho} px de ancho; lo ideal son ${ideal}. Se verá menos nítida.`
    : `Quedará de ${caja.ancho} × ${caja.alto} px.`;
};

const escribirCampos = () => {
  for (const nombre of ["x", "y", "ancho", "alto"]) campo(nombre).value = caja[nombre];
  avisar();
  pintarPruebas();
};

let poniendo = false;
const ponerMarco = () => {
  poniendo = true;
  marco.$change(caja.x * escala, caja.y * escala, caja.ancho * escala, caja.alto * escala, razon(), true);
  poniendo = false;
};

const ponerCaja = (nueva) => {
  const relacion = razon();
  let ancho = entre(Math.round(nueva.ancho), MINIMO, ANCHO);
  let alto = entre(Math.round(nueva.alto), MINIMO, ALTO);
  if (relacion) {
    ancho = Math.min(ancho, Math.round(ALTO * relacion));
    alto = Math.min(ALTO, Math.round(ancho / relacion));
  }
  caja = {
    x: entre(Math.round(nueva.x), 0, ANCHO - ancho),
    y: entre(Math.round(nueva.y), 0, ALTO - alto),
    ancho,
    alto,
  };
  ponerMarco();
  escribirCampos();
};

const ponerPunto = () => {
  punto.style.left = `${campo("foco_x").value}%`;
  punto.style.top = `${campo("foco_y").value}%`;
};

const medir = () => {
  // La imagen manda: el lienzo toma su forma y cabe en la pantalla.
  const techo = Math.max(280, innerHeight * 0.7);
  const ancho = Math.min(lienzo.parentElement.clientWidth, (techo * ANCHO) / ALTO);
  escala = ancho / ANCHO;
  lienzo.style.width = `${ancho}px`;
  base.style.height = `${ALTO * escala}px`;
};

const colocar = async () => {
  medir();
  await imagen.$ready();
  imagen.$resetTransform();
  imagen.$center("contain");
  ponerMarco();
};

marco.addEventListener("change", (evento) => {
  if (poniendo) return;
  const { x, y, width, height } = evento.detail;
  const holgura = 0.5;
  const cabe = x >= -holgura && y >= -holgura && x + width <= ANCHO * escala + holgura
    && y + height <= ALTO * escala + holgura && width >= MINIMO * escala - holgura
    && height >= MINIMO * escala - holgura;
  if (!cabe) {
    evento.preventDefault();
    return;
  }
  caja = {
    x: Math.round(x / escala),
    y: Math.round(y / escala),
    ancho: Math.min(ANCHO, Math.round(width / escala)),
    alto: Math.min(ALTO, Math.round(height / escala)),
  };
  escribirCampos();
});

/* Teclado sobre el marco: pasos del 1 %, o de un píxel con Mayúsculas. */
const FLECHAS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
marco.addEventListener("keydown", (evento) => {
  const paso = evento.shiftKey ? 1 : Math.max(1, Math.round(ANCHO / 100));
  const flecha = FLECHAS[evento.key];
  const crece = { "+": 1, "=": 1, "-": -1, "−": -1 }[evento.key];
  if (!flecha && !crece) return;
  evento.preventDefault();
  if (flecha) ponerCaja({ ...caja, x: caja.x + flecha[0] * paso, y: caja.y + flecha[1] * paso });
  else {
    const ancho = caja.ancho + crece * paso * 2;
    ponerCaja({
      x: caja.x - crece * paso, y: caja.y - crece * paso, ancho,
      alto: razon() ? ancho / razon() : caja.alto + crece * paso * 2,
    });
  }
  anunciar(`${caja.ancho} por ${caja.alto}, desde ${caja.x}, ${caja.y}`);
});

base.addEventListener("dblclick", (evento) => {
  const donde = base.getBoundingClientRect();
  campo("foco_x").value = Math.round((100 * (evento.clientX - donde.left)) / donde.width);
  campo("foco_y").value = Math.round((100 * (evento.clientY - donde.top)) / donde.height);
  alMoverFoco();
});

const alMoverFoco = () => {
  ponerPunto();
  if (razon()) ponerCaja(cajaConFoco(razon()));
  else pintarPruebas();
};

forma.addEventListener("change", (evento) => {
  const { name } = evento.target;
  if (name === "proporcion") {
    marco.aspectRatio = razon();
    ponerCaja(razon() ? cajaConFoco(razon()) : caja);
  } else if (name === "foco_x" || name === "foco_y") alMoverFoco();
  else if (name === "alto" && razon()) {
    const alto = Number(campo("alto").value);
    ponerCaja({ ...caja, alto, ancho: alto * razon() });
  } else if (["x", "y", "ancho", "alto"].includes(name)) {
    ponerCaja({ ...caja, [name]: Number(campo(name).value) });
  }
});

let reloj = 0;
addEventListener("resize", () => {
  clearTimeout(reloj);
  reloj = setTimeout(colocar, 120);
});

lienzo.append(base, punto);
foto.hidden = true;
caja = Object.fromEntries(["x", "y", "ancho", "alto"].map((n) => [n, Number(campo(n).value)]));
marco.aspectRatio = razon();
foto.addEventListener("load", pintarPruebas);
ponerPunto();
colocar().then(() => ponerCaja(caja)).catch(() => {
  // Sin la imagen no hay marco: quedan los números.
  base.remove();
  foto.hidden = false;
});

/* Desde una pieza, el recorte vuelve a ella y esta pestaña ya no hace falta. */
if (location.hash === DESDE_LA_PIEZA && "BroadcastChannel" in window) {
  forma.querySelector('[name="todas"]').hidden = true;
  const guardar = forma.querySelector("button:not([name])");
  guardar.textContent = "Recortar y volver a la pieza";
  forma.addEventListener("submit", async (evento) => {
    evento.preventDefault();
    evento.stopPropagation();
    if (guardar.disabled) return;
    guardar.disabled = true;
    try {
      const [medio] = await pedir(forma.action, { datos: new FormData(forma) });
      new BroadcastChannel(CANAL).postMessage({ original: Number(forma.dataset.mesa), medio });
      close();
      tostada("El recorte ya está en su pieza. Puede cerrar esta pestaña.");
    } catch (fallo) {
      tostada(fallo.cuerpo?.falla ?? fallo.message);
    }
    guardar.disabled = false;
  });
}
