// Pequeñas ayudas de las pantallas de usuario: mostrar lo que se escribe y copiar lo que se da.

for (const oculto of document.querySelectorAll(".solo-con-guion")) oculto.hidden = false;

for (const casilla of document.querySelectorAll("[data-muestra]")) {
  const campo = document.getElementById(casilla.dataset.muestra);
  casilla.addEventListener("change", () => {
    campo.type = casilla.checked ? "text" : "password";
  });
}

for (const boton of document.querySelectorAll("[data-copia]")) {
  const origen = document.getElementById(boton.dataset.copia);
  boton.addEventListener("click", async () => {
    await navigator.clipboard.writeText(textoDe(origen));
    boton.textContent = "Copiado";
  });
}

function textoDe(origen) {
  if ("value" in origen && origen.tagName === "INPUT") return origen.value;
  return [...origen.children].map((renglon) => renglon.textContent).join("\n");
}
