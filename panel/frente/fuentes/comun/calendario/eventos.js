/* Del JSON del panel a los eventos del calendario. */

import { tostada } from "../tostadas.js";
import { pedir } from "../pedir.js";

/** Cómo pedir un periodo con los filtros puestos, y cómo saber si lo último pedido ya es viejo. */
export const fuente = (base) => {
  let ultimo = null;

  const direccionDe = ({ startStr, endStr }) => {
    const pedido = new URL(base, location.href);
    pedido.searchParams.set("desde", startStr.slice(0, 10));
    pedido.searchParams.set("hasta", endStr.slice(0, 10));
    for (const campo of document.querySelectorAll("#filtros select")) {
      if (campo.value) pedido.searchParams.set(campo.name, campo.value);
    }
    return pedido;
  };

  const traer = async (periodo) => {
    const direccion = direccionDe(periodo);
    try {
      const datos = await pedir(direccion);
      ultimo = { direccion, texto: JSON.stringify(datos) };
      return datos;
    } catch (fallo) {
      tostada(fallo.message);
      throw fallo;
    }
  };

  /* Volver a dibujar mil citas porque cambió algo ajeno sería quitarle de las manos la que mueve. */
  const hayNovedad = async () => {
    if (!ultimo) return true;
    const { direccion, texto } = ultimo;
    return JSON.stringify(await pedir(direccion)) !== texto;
  };

  return { traer, hayNovedad };
};

/** El nombre de una cita no cambia al moverla: así el foco y la selección la siguen. */
export const nombreDe = (evento) => `${evento.pieza}-${evento.redes.map((r) => r.cuenta).join(".")}`;

/** Un fondo por día: si está vacío y tiene conmemoración, se lee la conmemoración sobre las rayas. */
const fondosDe = ({ efemerides, vacios }) => {
  const solos = new Set(vacios);
  const fondos = efemerides.map(({ dia, nombre, festivo }) => {
    const clase = festivo ? "fondo-festivo" : "fondo-conmemoracion";
    return { dia, titulo: nombre, clases: solos.delete(dia) ? `${clase} fondo-vacio` : clase };
  });
  return [...fondos, ...[...solos].map((dia) => ({ dia, titulo: "Sin piezas", clases: "fondo-vacio" }))];
};

export const eventosDe = (datos, puede) => [
  ...datos.eventos.map((evento) => ({
    id: nombreDe(evento),
    title: evento.titulo,
    titulo: evento.titulo,
    start: evento.en,
    startEditable: puede && evento.mueve,
    display: "block",
    interactive: true,
    extendedProps: evento,
  })),
  ...fondosDe(datos).map(({ dia, titulo, clases }) => ({
    title: titulo,
    start: dia,
    allDay: true,
    display: "background",
    className: clases,
    interactive: false,
  })),
];
