/* Varias a la vez: la barra aparece al marcar, y pide solo lo que la acción necesita. */
const barra = document.getElementById("barra-cola");

if (barra) {
  const que = barra.querySelector("select");
  const forma = document.getElementById("varias");
  const marcadas = () => document.querySelectorAll("input[name='elegidas']:checked").length;
  const pintar = () => {
    const van = marcadas();
    barra.hidden = van === 0;
    barra.querySelector("[data-van]").textContent = van === 1 ? "1 marcada" : `${van} marcadas`;
    for (const campo of barra.querySelectorAll("[data-si]")) {
      campo.hidden = campo.dataset.si !== que.value;
      campo.querySelector("input").required = !campo.hidden;
    }
    const pregunta = ["enviar", "cancelar"].includes(que.value) && van > 1;
    if (pregunta) forma.dataset.confirmar = barra.dataset.pregunta;
    else delete forma.dataset.confirmar;
  };
  document.addEventListener("change", (evento) => {
    if (evento.target.name === "elegidas" || evento.target === que) pintar();
  });
  addEventListener("pageshow", pintar);
  pintar();
}
