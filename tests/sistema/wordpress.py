"""Un WordPress de verdad para las pruebas: MariaDB, PHP y el sitio propios, y se apaga solo."""

import json
import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.sistema.procesos import (
    Servidores,
    carpeta_temporal,
    esperar,
    omitir_o_fallar,
    puerto_libre,
)

AQUI = Path(__file__).parent
ORIGEN = Path("/usr/share/wordpress")
PAQUETES = (
    "php-cgi php-cli php-gd php-mysql php-xml php-mbstring php micro-httpd netcat-traditional "
    "mariadb-server-core mariadb-client wordpress wordpress-theme-twentytwentyone "
    "wordpress-theme-twentytwentythree"
)
COMUNES = (
    "--innodb-log-file-size=4M",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--innodb-doublewrite=0",
    "--innodb-buffer-pool-size=32M",
)
CONFIGURACION = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{enchufe}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HOME', '{url}');
define('WP_SITEURL', '{url}');
define('WP_ENVIRONMENT_TYPE', 'local');
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_AUTO_UPDATE_CORE', false);
define('FS_METHOD', 'direct');
define('WP_DEBUG', true);
define('WP_DEBUG_LOG', '{carpeta}/debug.log');
define('WP_DEBUG_DISPLAY', false);
define('WP_CONTENT_DIR', '{carpeta}/wp/wp-content');
{sales}
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {{ define('ABSPATH', '{carpeta}/wp/'); }}
require_once ABSPATH . 'wp-settings.php';
"""
SALES = ("AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE")
SIN_CORREO = """<?php
// Instalar manda correo; aquí no sale ninguno.
function wp_mail($a, $asunto) { error_log("correo a $a: $asunto"); return true; }
"""


@dataclass(frozen=True, slots=True)
class Programas:
    """Los programas que hacen falta, con su camino."""

    instalar_db: str
    mariadbd: str
    cliente: str
    php: str


def programas() -> Programas:
    """Los busca (también en /usr/sbin); si falta alguno, omite la prueba o falla en CI."""
    camino = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/bin"])
    nombres = ("mariadb-install-db", "mariadbd", "mariadb", "php")
    hallados = [hallado for nombre in nombres if (hallado := shutil.which(nombre, path=camino))]
    if len(hallados) < len(nombres) or not (ORIGEN / "wp-load.php").is_file():
        omitir_o_fallar("WordPress con PHP y MariaDB", PAQUETES)
    return Programas(*hallados)


class WordPressReal:
    """Un sitio encendido en `url`, con un usuario por rol y su contraseña de aplicación."""

    def __init__(self, carpeta: Path, servidores: Servidores, usados: Programas) -> None:
        self.carpeta = carpeta
        self.sitio = carpeta / "wp"
        self.puerto = puerto_libre()
        self.url = f"http://127.0.0.1:{self.puerto}"
        self.version = ""
        self._usuarios: dict[str, dict[str, str]] = {}
        self._servidores = servidores
        self._usados = usados
        self._puestos: list[Path] = []
        self._permalinks = False

    def credencial(self, usuario: str = "editor") -> dict[str, str]:
        """La credencial que espera el conector: administrador, editor, autor o colaborador."""
        return {
            "url": self.url,
            "usuario": usuario,
            "contrasena_aplicacion": self._usuarios[usuario]["contrasena"],
        }

    def id_de(self, usuario: str) -> str:
        """El identificador de un usuario en el sitio."""
        return self._usuarios[usuario]["id"]

    def poner_complemento(self, nombre: str, codigo: str) -> None:
        """Cambia el servidor en caliente con un complemento obligatorio (PHP sin `<?php`)."""
        archivo = self.sitio / "wp-content" / "mu-plugins" / f"{nombre}.php"
        archivo.write_text("<?php\n" + codigo, encoding="utf-8")
        self._puestos.append(archivo)

    def quitar_complementos(self) -> None:
        """Quita lo que puso `poner_complemento`."""
        for archivo in self._puestos:
            archivo.unlink(missing_ok=True)
        self._puestos.clear()

    def permalinks(self, estructura: str) -> None:
        """Cambia los enlaces permanentes; `""` = los simples (`?p=1`)."""
        self._permalinks = True
        self.php(
            f"update_option('permalink_structure', '{estructura}');"
            "$GLOBALS['wp_rewrite']->init(); flush_rewrite_rules(false);"
        )

    def restaurar(self) -> None:
        """Deja el sitio como recién instalado, salvo su contenido."""
        self.quitar_complementos()
        (self.sitio / ".maintenance").unlink(missing_ok=True)
        if self._permalinks:
            self.permalinks("/%year%/%monthnum%/%postname%/")
            self._permalinks = False

    def php(self, codigo: str) -> str:
        """Corre PHP dentro del sitio y devuelve lo que imprimió."""
        guion = (
            f"$_SERVER['HTTP_HOST']='127.0.0.1:{self.puerto}'; $_SERVER['REQUEST_URI']='/';"
            f"require '{self.sitio}/wp-load.php'; {codigo}"
        )
        hecho = subprocess.run(
            [
                self._usados.php,
                "-d",
                "display_errors=stderr",
                "-r",
                guion,
            ],
            check=True,
            capture_output=True,
            text=True,
            cwd=self.sitio,
        )
        return hecho.stdout

    def apagar(self) -> None:
        """Apaga y borra todo."""
        self._servidores.apagar()

    # --- encendido ---

    def iniciar(self) -> None:
        """Base de datos, copia del sitio, instalación y servidor, en ese orden."""
        self._iniciar_base()
        self._copiar_sitio()
        self._instalar()
        self._servir()

    def _iniciar_base(self) -> None:
        datos, temporal = self.carpeta / "db", self.carpeta / "tmp"
        temporal.mkdir()
        propias = ["--no-defaults", f"--datadir={datos}", f"--tmpdir={temporal}", *COMUNES]
        if os.geteuid() == 0:
            propias.append("--user=root")
        subprocess.run(
            [
                self._usados.instalar_db,
                *propias,
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--force",
            ],
            check=True,
            capture_output=True,
            cwd=self.carpeta,
        )
        enchufe = self.carpeta / "s"
        servidor = self._servidores.encender(
            [
                self._usados.mariadbd,
                *propias,
                f"--socket={enchufe}",
                f"--pid-file={self.carpeta}/db.pid",
                "--skip-networking",
                "--skip-log-bin",
                "--skip-name-resolve",
                "--performance-schema=OFF",
                "--character-set-server=utf8mb4",
            ],
            registro=self.carpeta / "mariadb.log",
        )
        orden = [self._usados.cliente, "--no-defaults", f"--socket={enchufe}", "-uroot", "-e"]

        def crear() -> bool:
            if servidor.poll() is not None:
                raise RuntimeError((self.carpeta / "mariadb.log").read_text(errors="replace"))
            sql = "CREATE DATABASE IF NOT EXISTS wordpress CHARACTER SET utf8mb4"
            if not enchufe.exists():
                return False
            return subprocess.run([*orden, sql], capture_output=True).returncode == 0

        esperar(crear, segundos=60, que="MariaDB")

    def _copiar_sitio(self) -> None:
        # -L: los enlaces de Debian llevarían al wp-config.php del sistema y a /var/lib.
        subprocess.run(["cp", "-rL", f"{ORIGEN}/.", str(self.sitio)], check=True)
        (self.sitio / ".htaccess").unlink(missing_ok=True)
        shutil.rmtree(self.sitio / "wp-content" / "plugins" / "akismet", ignore_errors=True)
        for nombre in ("uploads", "mu-plugins"):
            (self.sitio / "wp-content" / nombre).mkdir(parents=True, exist_ok=True)
        (self.sitio / "wp-content" / "mu-plugins" / "correo.php").write_text(SIN_CORREO)
        nombres = [f"{sal}_{fin}" for sal in SALES for fin in ("KEY", "SALT")]
        sales = "\n".join(f"define('{n}', '{secrets.token_hex(32)}');" for n in nombres)
        configuracion = CONFIGURACION.format(
            enchufe=self.carpeta / "s", url=self.url, carpeta=self.carpeta, sales=sales
        )
        (self.sitio / "wp-config.php").unlink(missing_ok=True)
        (self.sitio / "wp-config.php").write_text(configuracion)

    def _instalar(self) -> None:
        hecho = subprocess.run(
            [
                self._usados.php,
                "-d",
                "display_errors=stderr",
                str(AQUI / "wordpress_preparar.php"),
                str(self.sitio),
                f"127.0.0.1:{self.puerto}",
            ],
            check=True,
            capture_output=True,
            text=True,
            cwd=self.sitio,
        )
        dicho = json.loads(hecho.stdout[hecho.stdout.index("{") :])
        self.version = dicho["version"]
        self._usuarios = dicho["usuarios"]

    def _servir(self) -> None:
        registro = self.carpeta / "php.log"
        opciones = {
            "opcache.enable_cli": "1",
            "opcache.revalidate_freq": "0",
            "memory_limit": "256M",
            "upload_max_filesize": "8M",
            "post_max_size": "10M",
            "upload_tmp_dir": str(self.carpeta / "tmp"),
        }
        ajustes = [
            parte for clave, valor in opciones.items() for parte in ("-d", f"{clave}={valor}")
        ]
        servidor = self._servidores.encender(
            [
                self._usados.php,
                *ajustes,
                "-S",
                f"127.0.0.1:{self.puerto}",
                "-t",
                str(self.sitio),
                str(AQUI / "wordpress_enrutador.php"),
            ],
            registro=registro,
            entorno={"PHP_CLI_SERVER_WORKERS": "4"},
        )

        def listo() -> bool:
            dicho = registro.read_text(errors="replace")
            if servidor.poll() is not None:
                raise RuntimeError(dicho)
            return "Development Server" in dicho and "started" in dicho

        esperar(listo, segundos=20, que="el servidor de PHP")


def encender() -> WordPressReal:
    """Inicia un sitio nuevo; si faltan los programas, omite la prueba (o falla en CI)."""
    usados = programas()
    carpeta = carpeta_temporal("publicador-wp")
    servidores = Servidores(carpeta)
    try:
        real = WordPressReal(carpeta, servidores, usados)
        real.iniciar()
    except BaseException:
        servidores.apagar()
        raise
    return real
