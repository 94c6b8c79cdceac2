/* Mover: primero se ve, después se pide; si el panel se niega, vuelve a su sitio y se dice por qué. */

import { abrir } from "../dialogos.js";
import { pedir } from "../pedir.js";
import { tostada } from "../tostadas.js";

const sinZona = (fecha) => fecha.toISOString().slice(0, 19);

/** Lo que se pide al panel por una cita: una línea por cuenta. */
const lineas = (evento, de, para) =>
  evento.redes.map((red) => ({ pieza: evento.pieza, cuenta: red.cuenta, de, para }));

export const mudanzas = ({ calendario, direccion }) => {
  let pendientes = 0;

  const enviar = async (movidas) => {
    pendientes += 1;
    try {
      return await pedir(direccion, { datos: { movidas } });
    } finally {
      pendientes -= 1;
    }
  };

  const decir = (respuesta) => {
    tostada([respuesta.frase, ...respuesta.avisos].join(" "), {
      deshacer: () => deshacer(respuesta.deshacer),
    });
    calendario.refetchEvents();
  };

  const deshacer = async (movidas) => {
    try {
      const respuesta = await enviar(movidas);
      tostada(`Se deshizo. ${respuesta.frase}`);
    } catch (fallo) {
      tostada(fallo.message);
    }
    calendario.refetchEvents();
  };

  /** El calendario ya la mostró en su sitio nuevo: aquí se confirma o se devuelve. */
  const arrastrada = async (event, oldEvent, revert) => {
    try {
      decir(await enviar(lineas(event.extendedProps, sinZona(oldEvent.start), sinZona(event.start))));
      return true;
    } catch (fallo) {
      revert();
      tostada(fallo.message);
      return false;
    }
  };

  /** Lleva una cita a otro momento (`Date` con la hora de Bogotá en UTC). Lanza `Fallo`. */
  const llevar = async (event, para) => {
    const antes = event.start;
    event.setStart(para, { maintainDuration: true });
    try {
      decir(await enviar(lineas(event.extendedProps, sinZona(antes), sinZona(para))));
    } catch (fallo) {
      event.setStart(antes, { maintainDuration: true });
      throw fallo;
    }
  };

  /** Mueve varias de una vez, todas o ninguna; si alguna no se puede, ofrece mover las demás. */
  const varias = async (eventos, momentoDe) => {
    const movidas = eventos.flatMap((event) =>
      lineas(event.extendedProps, sinZona(event.start), sinZona(momentoDe(event))),
    );
    try {
      decir(await enviar(movidas));
      return true;
    } catch (fallo) {
      if (fallo.cuerpo?.resultados?.length) mostrarNegadas(fallo.cuerpo.resultados, eventos, momentoDe);
      else tostada(fallo.message);
      return false;
    }
  };

  const mostrarNegadas = (resultados, eventos, momentoDe) => {
    const dialogo = document.getElementById("negadas");
    const malas = new Set(resultados.map((uno) => uno.pieza));
    const lista = document.getElementById("negadas-lista");
    lista.replaceChildren(
      ...[...malas].map((pieza) => {
        const renglon = document.createElement("li");
        const titulo = eventos.find((uno) => uno.extendedProps.pieza === pieza)?.title ?? "Una pieza";
        renglon.textContent = `${titulo}: ${resultados.find((uno) => uno.pieza === pieza).frase}`;
        return renglon;
      }),
    );
    const demas = eventos.filter((uno) => !malas.has(uno.extendedProps.pieza));
    const boton = dialogo.querySelector("[data-las-demas]");
    boton.hidden = demas.length === 0;
    boton.onclick = () => {
      dialogo.close();
      varias(demas, momentoDe);
    };
    abrir(dialogo);
  };

  return { arrastrada, llevar, varias, enCurso: () => pendientes > 0 };
};
