// Arma lo que el navegador recibe: cada archivo de fuentes/ y estilos/ es una entrada.
// Sale a ../estaticos/armado con su huella en el nombre, y armado.json dice cómo quedó cada uno.
import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const aqui = dirname(fileURLToPath(import.meta.url));
const salida = join(aqui, "..", "estaticos", "armado");
const entradas = ["fuentes", "estilos"].flatMap((carpeta) =>
  readdirSync(join(aqui, carpeta), { withFileTypes: true })
    .filter((e) => e.isFile() && /\.(js|css)$/.test(e.name))
    .map((e) => join(aqui, carpeta, e.name)),
);

mkdirSync(salida, { recursive: true });
const { metafile } = await build({
  entryPoints: entradas,
  outdir: salida,
  outbase: aqui,
  entryNames: "[name]-[hash]",
  chunkNames: "comun-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome110", "firefox115", "safari16.4"],
  minify: true,
  sourcemap: false,
  legalComments: "linked",
  loader: { ".ttf": "file", ".woff2": "file", ".svg": "file" },
  metafile: true,
  absWorkingDir: aqui,
  logLevel: "warning",
});

const nombres = {};
for (const [ruta, datos] of Object.entries(metafile.outputs)) {
  if (datos.entryPoint) nombres[basename(datos.entryPoint)] = basename(ruta);
}
// Cada archivo lleva al lado sus copias comprimidas: se comprimen una vez, aquí, y no en cada visita.
const SE_COMPRIMEN = /\.(js|css|ttf|svg)$/;
const comprimidos = [];
for (const ruta of Object.keys(metafile.outputs)) {
  const archivo = join(aqui, ruta);
  if (!SE_COMPRIMEN.test(archivo)) continue;
  const datos = readFileSync(archivo);
  for (const [final, copia] of [
    [".gz", () => gzipSync(datos, { level: 9 })],
    [".br", () => brotliCompressSync(datos)],
  ]) {
    comprimidos.push(basename(archivo) + final);
    if (existsSync(archivo + final)) continue; // el nombre lleva la huella: ya está hecho
    const provisional = `${archivo}${final}.${process.pid}`;
    writeFileSync(provisional, copia());
    renameSync(provisional, archivo + final);
  }
}
// Primero está todo lo nuevo y después lo dice armado.json: quien abre el panel mientras se arma
// recibe lo de antes o lo de ahora, completo. Lo que ya nadie nombra se borra a la hora.
const porEscribir = join(salida, `.armado-${process.pid}.json`);
writeFileSync(porEscribir, JSON.stringify(nombres, null, 1) + "\n");
renameSync(porEscribir, join(salida, "armado.json"));
const vigentes = new Set([...Object.keys(metafile.outputs).map((r) => basename(r)), ...comprimidos, "armado.json"]);
const haceUnaHora = Date.now() - 3_600_000;
for (const nombre of readdirSync(salida)) {
  const ruta = join(salida, nombre);
  if (!vigentes.has(nombre) && statSync(ruta).mtimeMs < haceUnaHora) rmSync(ruta, { force: true });
}
