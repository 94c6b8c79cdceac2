/* Las vistas de red de una pantalla ya servida: completa las tarjetas de enlace. */
import { completarTarjetas } from "./comun/tarjetas.js";

completarTarjetas(document);
