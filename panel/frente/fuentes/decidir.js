/* Decidir: las razones tocadas se escriben en el campo, y lo escrito no se pierde al recargar. */
const razones = document.querySelector("[data-razones]");
const campo = razones && document.getElementById(razones.dataset.razones);

if (campo) {
  /* Con guion, el campo lleva todo: las casillas ya no se envían aparte. */
  razones.addEventListener("change", (evento) => {
    const frase = evento.target.value;
    const sin = campo.value.replace(frase, "").replace(/\s{2,}/g, " ").trim();
    campo.value = evento.target.checked ? `${sin} ${frase}`.trim() : sin;
    campo.dispatchEvent(new Event("input", { bubbles: true }));
  });

  const guardado = `devolver:${location.pathname}:${campo.form.elements.version_id.value}`;
  if (!campo.value) campo.value = sessionStorage.getItem(guardado) || "";
  for (const caja of razones.querySelectorAll("input")) caja.checked = campo.value.includes(caja.value);
  campo.addEventListener("input", () => sessionStorage.setItem(guardado, campo.value));
  campo.form.addEventListener("submit", () => sessionStorage.removeItem(guardado));
}
