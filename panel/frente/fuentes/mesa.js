/* La mesa de importar: una celda corregida ya no se ve como falla, y no se pierde al salir. */


const forma = document.getElementById("mesa");
let cambiada = false;

forma.addEventListener("input", ({ target }) => {
  cambiada = true;
  if (target.getAttribute("aria-invalid") !== "true") return;
  target.removeAttribute("aria-invalid");
  target.closest("td")?.classList.replace("con-falla", "por-revisar");
});
forma.addEventListener("submit", () => {
  cambiada = false;
});
addEventListener("beforeunload", (evento) => {
  if (cambiada) evento.preventDefault();
});

/* Omitir una fila la apaga en el acto. */
forma.addEventListener("change", ({ target }) => {
  if (target.name === "omitir") target.closest("tr").classList.toggle("omitida", target.checked);
});

/* Al llegar, el primer error queda a la vista. */
const primera = forma.querySelector("[aria-invalid=true]");
if (primera) primera.scrollIntoView({ block: "nearest", inline: "nearest" });
