/* Filtros: cambian lo que se ve sin recargar, y quedan en la dirección. */

export const filtrar = ({ calendario, anotar }) => {
  const forma = document.getElementById("filtros");
  forma.addEventListener("change", ({ target }) => {
    if (target.tagName !== "SELECT") return;
    anotar({ [target.name]: target.value });
    for (const enlace of document.querySelectorAll('a[data-mes="dia"]')) {
      const destino = new URL(enlace.href);
      if (target.value) destino.searchParams.set(target.name, target.value);
      else destino.searchParams.delete(target.name);
      enlace.href = destino;
    }
    calendario.refetchEvents();
  });
  forma.addEventListener("submit", (evento) => evento.preventDefault());
};
