/* El calendario: FullCalendar dibuja y arrastra; el panel decide qué se mueve y lo explica. */

import { Calendar } from "fullcalendar";
import dayGrid from "fullcalendar/daygrid";
import timeGrid from "fullcalendar/timegrid";
import lista from "fullcalendar/list";
import interaccion from "fullcalendar/interaction";
import es from "fullcalendar/locales/es";
import clasico from "fullcalendar/themes/classic";

import { elegidas } from "./comun/calendario/elegidas.js";
import { fichaDe } from "./comun/calendario/ficha.js";
import { eventosDe, fuente } from "./comun/calendario/eventos.js";
import { filtrar } from "./comun/calendario/filtros.js";
import { mudanzas } from "./comun/calendario/mudanzas.js";
import { pintar, vestir } from "./comun/calendario/pintar.js";
import { teclado } from "./comun/calendario/teclado.js";
import { alCambiar } from "./comun/vivo.js";

const lugar = document.getElementById("calendario");
const VISTAS = { dayGridMonth: "mes", timeGridWeek: "semana", listMonth: "lista" };
const angosta = matchMedia("(max-width: 52rem)");
const direccion = new URL(location.href);

const vistaInicial = () => {
  const pedida = direccion.searchParams.get("vista");
  const igual = Object.keys(VISTAS).find((vista) => VISTAS[vista] === pedida);
  return igual ?? (angosta.matches ? "listMonth" : "dayGridMonth");
};

const anotarEnDireccion = (cambios) => {
  const actual = new URL(location.href);
  for (const [nombre, valor] of Object.entries(cambios)) {
    if (valor) actual.searchParams.set(nombre, valor);
    else actual.searchParams.delete(nombre);
  }
  history.replaceState(null, "", actual);
};

/** El título, los enlaces de bajar y la dirección siguen al periodo que se ve. */
const seguirPeriodo = ({ view }) => {
  const primero = view.currentStart;
  const mes = primero.toISOString().slice(0, 7);
  document.getElementById("nombre-mes").textContent = view.title.charAt(0).toUpperCase() + view.title.slice(1);
  anotarEnDireccion({ mes, vista: VISTAS[view.type] === vistaPorDefecto ? "" : VISTAS[view.type] });
  const ultimo = new Date(Date.UTC(primero.getUTCFullYear(), primero.getUTCMonth() + 1, 0)).toISOString().slice(0, 10);
  for (const enlace of document.querySelectorAll("a[data-mes]")) {
    const destino = new URL(enlace.href);
    if (enlace.dataset.mes === "dia") {
      const hoy = lugar.dataset.hoy;
      destino.searchParams.set("dia", view.type === "timeGridWeek" || !hoy.startsWith(mes) ? primero.toISOString().slice(0, 10) : hoy);
    } else {
      destino.searchParams.set("desde", `${mes}-01`);
      destino.searchParams.set("hasta", ultimo);
    }
    enlace.href = destino;
  }
  document.querySelector('#filtros [name="mes"]').value = mes;
};

const semanaCorta = new Intl.DateTimeFormat("es", { weekday: "short", timeZone: "UTC" });

/** El enlace de un día crea una pieza en él; su nombre incluye lo que se ve escrito. */
const nombreDelDia = (texto, fecha) => {
  const vista = calendario.view.type;
  if (vista === "timeGridWeek") return `${semanaCorta.format(fecha)} ${fecha.getUTCDate()}, nueva pieza`;
  if (vista === "listMonth") return `${texto}, nueva pieza`;
  return `Nueva pieza el ${texto}`;
};

const vistaPorDefecto = angosta.matches ? "lista" : "mes";
const puede = Boolean(lugar.dataset.mover);
const { traer, hayNovedad } = fuente(lugar.dataset.eventos);

const calendario = new Calendar(lugar, {
  plugins: [dayGrid, timeGrid, lista, interaccion, clasico],
  locale: es,
  // El servidor manda las horas de Bogotá: aquí no se convierte nada.
  timeZone: "UTC",
  now: () => new Date(Date.now() - 5 * 3_600_000).toISOString().slice(0, 19),
  initialView: vistaInicial(),
  initialDate: lugar.dataset.mes === lugar.dataset.hoy.slice(0, 8) + "01" ? lugar.dataset.hoy : lugar.dataset.mes,
  headerToolbar: { start: "prev,today,next", center: "", end: "dayGridMonth,timeGridWeek,listMonth" },
  buttons: {
    dayGridMonth: { text: "Mes", hint: "Mes" },
    timeGridWeek: { text: "Semana", hint: "Semana" },
    listMonth: { text: "Lista", hint: "Lista" },
    today: { hint: "Hoy" },
    prev: { hint: "Anterior" },
    next: { hint: "Siguiente" },
  },
  height: "auto",
  dayMaxEvents: 4,
  moreLinkText: (cuantas) => `y ${cuantas} más`,
  moreLinkHint: (cuantas) => `Ver ${cuantas} más`,
  noEventsText: "No hay piezas en este periodo.",
  allDaySlot: false,
  slotHeaderFormat: { hour: "numeric", hour12: true },
  slotMinHeight: 28,
  buttonClass: ({ isSelected }) => (isSelected ? "boton-grilla puesto" : "boton-grilla"),
  slotMinTime: "05:00:00",
  slotMaxTime: "23:00:00",
  scrollTime: "07:00:00",
  slotDuration: "00:30:00",
  defaultTimedEventDuration: "01:00:00",
  eventMaxStack: 4,
  dragRevertDuration: 150,
  eventOrder: "start,titulo",
  eventDurationEditable: false,
  nowIndicator: true,
  navLinks: Boolean(lugar.dataset.nueva),
  navLinkHint: (texto, fecha) => nombreDelDia(texto, fecha),
  // El nombre de la celda es lo que trae: su fecha ya la dice el enlace del número.
  dayCellDidMount: ({ el }) => el.removeAttribute("aria-label"),
  navLinkDayClick: (dia) => nuevaPieza(dia.toISOString().slice(0, 10)),
  events: (periodo, bien, mal) =>
    traer(periodo)
      .then((datos) => bien(eventosDe(datos, puede)))
      .catch(mal),
  eventContent: pintar,
  eventDidMount: (info) => {
    vestir(info);
    seleccion.marcar(info.el, info.event.id);
  },
  dateClick: ({ dateStr, jsEvent }) => {
    if (!jsEvent.target.closest("a, button, [data-cita]")) nuevaPieza(dateStr);
  },
  eventClick: ({ event, jsEvent }) => {
    if (event.display === "background") return;
    jsEvent.preventDefault();
    if (jsEvent.ctrlKey || jsEvent.metaKey || jsEvent.shiftKey) seleccion.alternar(event.id);
    else ficha(event);
  },
  eventDrop: ({ event, oldEvent, revert }) => mover.arrastrada(event, oldEvent, revert),
  datesSet: seguirPeriodo,
});

const nuevaPieza = (fecha) => {
  if (lugar.dataset.nueva) location.assign(`${lugar.dataset.nueva}?fecha=${encodeURIComponent(fecha.slice(0, 16))}`);
};

const mover = mudanzas({ calendario, direccion: lugar.dataset.mover });
const seleccion = elegidas({ calendario, lugar, mover });
const ficha = fichaDe({ calendario, lugar, mover });
// En el teléfono los filtros esperan plegados, salvo que alguno esté puesto.
document.getElementById("filtros-plegados").open =
  !angosta.matches || [...document.querySelectorAll("#filtros select")].some((lista) => lista.value);
filtrar({ calendario, anotar: anotarEnDireccion });

lugar.hidden = false;
calendario.render();
document.getElementById("ayuda-calendario").hidden = !puede;
teclado({ calendario, lugar, mover, seleccion, ficha });
alCambiar(async () => {
  if (mover.enCurso()) return;
  // Sin conexión no hay novedad que contar: ya lo dice la cinta de arriba.
  if (await hayNovedad().catch(() => false)) calendario.refetchEvents();
});
