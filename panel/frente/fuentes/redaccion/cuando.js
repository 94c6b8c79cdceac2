/* Cuándo sale en cada cuenta, con los tres modos que casi siempre bastan. */
import { anunciar } from "../comun/anunciar.js";

const DIA = new Intl.DateTimeFormat("es-CO", { weekday: "long", day: "numeric", month: "long" });

export const instalarCuando = (forma) => {
  const filas = [...forma.querySelectorAll(".momento-cuenta")];
  const fecha = (fila) => fila.querySelector('input[type="date"]');
  const hora = (fila) => fila.querySelector('input[type="time"]');
  const visibles = () => filas.filter((fila) => !fila.hidden);

  const contar = (fila) => {
    const texto = fila.querySelector("[data-que-pasa]");
    if (!fecha(fila).value && !hora(fila).value) texto.textContent = "En cuanto se apruebe";
    else if (!fecha(fila).value || !hora(fila).value) texto.textContent = fecha(fila).value ? "Falta la hora" : "Falta la fecha";
    else {
      const cuando = new Date(`${fecha(fila).value}T${hora(fila).value}:00-05:00`);
      texto.textContent = cuando < new Date() ? "Esa hora ya pasó" : DIA.format(cuando);
    }
    texto.classList.toggle("pasado", texto.textContent === "Esa hora ya pasó" || texto.textContent.startsWith("Falta"));
  };
  const poner = (fila, unaFecha, unaHora) => {
    fecha(fila).value = unaFecha;
    hora(fila).value = unaHora;
    contar(fila);
  };
  const acomodar = () => {
    const marcadas = new Set([...forma.querySelectorAll('input[name="cuenta"]:checked')].map((una) => una.value));
    for (const fila of filas) fila.hidden = !marcadas.has(fila.dataset.cuenta);
  };
  const MODOS = {
    libre: () => visibles().forEach((fila) => poner(fila, fila.dataset.fechaLibre, fila.dataset.horaLibre)),
    ya: () => visibles().forEach((fila) => poner(fila, "", "")),
    igual: () => {
      const guia = visibles().find((fila) => fecha(fila).value) ?? visibles()[0];
      if (!guia) return;
      const [unaFecha, unaHora] = fecha(guia).value
        ? [fecha(guia).value, hora(guia).value]
        : [guia.dataset.fechaLibre, guia.dataset.horaLibre];
      visibles().forEach((fila) => poner(fila, unaFecha, unaHora));
    },
  };
  forma.addEventListener("click", (evento) => {
    const boton = evento.target.closest("[data-cuando]");
    if (!boton) return;
    MODOS[boton.dataset.cuando]();
    forma.dispatchEvent(new Event("change", { bubbles: true }));
    anunciar(boton.textContent);
  });
  forma.addEventListener("change", (evento) => {
    if (evento.target.name === "cuenta") acomodar();
    const fila = evento.target.closest?.(".momento-cuenta");
    if (fila) contar(fila);
  });
  acomodar();
  filas.forEach(contar);
};
