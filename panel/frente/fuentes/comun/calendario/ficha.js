/* La ficha de una cita: en qué va cada red, y «Mover a» con día y hora. */

import { abrir } from "../dialogos.js";
import { pedir } from "../pedir.js";
import { marcaDeRed } from "./pintar.js";

const enLetras = new Intl.DateTimeFormat("es-CO", {
  weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
});

export const fichaDe = ({ calendario, lugar, mover }) => {
  const dialogo = document.getElementById("ficha");
  const forma = document.getElementById("ficha-mover");
  const dia = document.getElementById("ficha-dia");
  const hora = document.getElementById("ficha-hora");
  const falla = document.getElementById("ficha-falla");
  let abierta = null;

  const decir = (frase) => {
    falla.textContent = frase;
    falla.hidden = !frase;
  };

  const renglonDe = (red) => {
    const renglon = document.createElement("li");
    const texto = document.createElement("span");
    texto.textContent = `${red.nombre}: ${red.palabra}`;
    renglon.append(marcaDeRed(red), texto);
    return renglon;
  };

  forma.addEventListener("submit", async (evento) => {
    evento.preventDefault();
    evento.stopPropagation();
    decir("");
    try {
      // Si el calendario se puso al día con la ficha abierta, la cita que vale es la de ahora.
      const event = calendario.getEventById(abierta.id) ?? abierta;
      await mover.llevar(event, new Date(`${dia.value}T${hora.value.slice(0, 5)}:00Z`));
      dialogo.close();
    } catch (fallo) {
      decir(fallo.message);
    }
  });

  forma.querySelector("[data-libre]").addEventListener("click", async () => {
    decir("");
    const cuenta = abierta.extendedProps.redes[0].cuenta;
    try {
      const libre = await pedir(lugar.dataset.libre.replace(/0$/, cuenta));
      if (libre.momento) [dia.value, hora.value] = [libre.dia, libre.hora];
      decir(libre.momento ? "" : libre.frase);
    } catch (fallo) {
      decir(fallo.message);
    }
  });

  return (event) => {
    abierta = event;
    const evento = event.extendedProps;
    decir("");
    document.getElementById("ficha-titulo").textContent = evento.titulo;
    document.getElementById("ficha-cuando").textContent = `${enLetras.format(event.start)}, ${evento.hora}`;
    document.getElementById("ficha-redes").replaceChildren(...evento.redes.map(renglonDe));
    document.getElementById("ficha-abrir").href = lugar.dataset.pieza.replace(/0$/, evento.pieza);
    const mueve = Boolean(lugar.dataset.mover) && evento.mueve;
    forma.hidden = !mueve;
    document.getElementById("ficha-quieta").hidden = mueve || !lugar.dataset.mover;
    [dia.value, hora.value] = event.start.toISOString().slice(0, 16).split("T");
    abrir(dialogo);
  };
};
