"""Qué hace cada papel, en una frase para quien los reparte."""

from piezas.personas import Papel

QUE_HACE = {
    Papel.REDACCION: "Escribe las piezas y las envía a revisión.",
    Papel.DISENO: "Pone imágenes, videos, textos alternativos y subtítulos.",
    Papel.COMMUNITY: "Maneja las cuentas y los calendarios, y resuelve lo que la cola detiene.",
    Papel.REVISION: "Mira estilo, datos y accesibilidad; devuelve o da por revisada.",
    Papel.JEFATURA: "Aprueba lo que sale, siempre que no lo haya escrito; retira lo publicado.",
    Papel.JURIDICA: "Da el visto bueno legal a las piezas marcadas.",
    Papel.SOLICITANTE: "Pide piezas desde su dependencia y ve solo las suyas.",
    Papel.CONSULTA: "Mira todo sin cambiar nada, y saca copia de la bitácora.",
    Papel.ADMINISTRACION: "Da usuarios, conecta cuentas y ajusta el servicio. No aprueba.",
}
