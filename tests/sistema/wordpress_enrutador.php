<?php
// Hace de servidor web para `php -S`: archivos tal cual, PHP en su carpeta y lo demás a index.php.
$raiz = $_SERVER['DOCUMENT_ROOT'];
$ruta = urldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?: '/');
$archivo = realpath($raiz . $ruta);
if ($archivo !== false && strpos($archivo, $raiz) === 0) {
    if (is_dir($archivo) && is_file($archivo . '/index.php')) {
        $archivo .= '/index.php';
    }
    if (is_file($archivo) && substr($archivo, -4) !== '.php') {
        return false;
    }
    if (is_file($archivo)) {
        $_SERVER['SCRIPT_FILENAME'] = $archivo;
        $_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = substr($archivo, strlen($raiz));
        chdir(dirname($archivo));
        require $archivo;
        return true;
    }
}
unset($_SERVER['PATH_INFO']);
$_SERVER['SCRIPT_FILENAME'] = $raiz . '/index.php';
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
chdir($raiz);
require $raiz . '/index.php';
return true;
