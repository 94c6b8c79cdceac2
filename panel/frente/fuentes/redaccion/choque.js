/* Dos personas en la misma pieza: elegir, asunto por asunto, lo de una o lo de la otra. */

const avisar = (nodo, tipo) => nodo.dispatchEvent(new Event(tipo, { bubbles: true }));

export const instalarChoque = (forma, medios) => {
  const casillas = (nombre) => [...forma.querySelectorAll(`input[name="${nombre}"]`)];

  const leer = {
    cuenta: () => casillas("cuenta").filter((c) => c.checked).map((c) => c.value).join(","),
    medio: () => [...medios.lista.children],
  };
  const ponerCuentas = (valor) => {
    const van = new Set(valor.split(","));
    for (const casilla of casillas("cuenta")) casilla.checked = van.has(casilla.value);
    avisar(casillas("cuenta")[0], "change");
  };
  const ponerMomento = (cuenta, valor) => {
    const [fecha = "", hora = ""] = valor.split(" ");
    forma.elements[`fecha_${cuenta}`].value = fecha;
    forma.elements[`hora_${cuenta}`].value = hora;
    avisar(forma.elements[`fecha_${cuenta}`], "change");
  };
  const ponerTexto = (asunto, valor) => {
    const red = asunto.startsWith("texto_") ? asunto.slice(6) : null;
    const campo = forma.elements[asunto];
    if (!campo) return;
    if (campo.type === "checkbox") campo.checked = valor === "1";
    else campo.value = valor;
    if (red) {
      forma.elements[`distinto_${red}`].checked = valor !== "";
      campo.value = valor;
    }
    avisar(campo, "input");
  };
  const ponerMedios = (filas) => {
    medios.lista.replaceChildren(...filas);
    medios.listo();
  };

  const poner = (diferencia, valor) => {
    const { asunto } = diferencia.dataset;
    if (asunto === "medio") return ponerMedios(valor);
    if (asunto === "cuenta") return ponerCuentas(valor);
    if (asunto.startsWith("cuando_")) return ponerMomento(asunto.slice(7), valor);
    return ponerTexto(asunto, valor);
  };
  const actual = (asunto) => {
    if (leer[asunto]) return leer[asunto]();
    if (asunto.startsWith("cuando_")) {
      const cuenta = asunto.slice(7);
      return `${forma.elements[`fecha_${cuenta}`]?.value ?? ""} ${forma.elements[`hora_${cuenta}`]?.value ?? ""}`.trim();
    }
    const campo = forma.elements[asunto];
    return campo?.type === "checkbox" ? (campo.checked ? "1" : "") : (campo?.value ?? "");
  };

  for (const diferencia of document.querySelectorAll(".diferencia")) {
    const { asunto } = diferencia.dataset;
    const mio = actual(asunto);
    const suyos = diferencia.querySelector("template")?.content;
    const suyo = asunto === "medio" ? [...(suyos?.cloneNode(true).children ?? [])] : diferencia.dataset.suyo;
    diferencia.addEventListener("click", (evento) => {
      const boton = evento.target.closest("[data-elegir]");
      if (!boton) return;
      poner(diferencia, boton.dataset.elegir === "suyo" ? suyo : mio);
      for (const otro of diferencia.querySelectorAll("[data-elegir]")) {
        otro.setAttribute("aria-pressed", String(otro === boton));
      }
    });
  }
};
