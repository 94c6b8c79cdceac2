"""Cómo se dicen las licencias y las proporciones en la mediateca."""

from piezas.medios import Licencia

LICENCIAS = {
    Licencia.SIN_DECIR: "Sin decir todavía",
    Licencia.PROPIA: "De la alcaldía",
    Licencia.CEDIDA: "Cedida por su autor para este uso",
    Licencia.CC_BY: "Creative Commons, con crédito (CC BY)",
    Licencia.CC_BY_SA: "Creative Commons, con crédito y misma licencia (CC BY-SA)",
    Licencia.DOMINIO_PUBLICO: "Dominio público",
    Licencia.OTRA: "Otra, escrita en el crédito",
}
