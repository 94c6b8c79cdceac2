<?php
// Instala el sitio de pruebas y crea sus usuarios; imprime en JSON sus identificadores y contraseñas.
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = $argv[2];
$_SERVER['SERVER_NAME'] = '127.0.0.1';
$_SERVER['REQUEST_URI'] = '/';
require $argv[1] . '/wp-config.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

if (!is_blog_installed()) {
    wp_install('Sitio de pruebas', 'administrador', 'administrador@pruebas.test', true, '', wp_generate_password(24), '');
}
wp_installing(false);

update_option('timezone_string', 'America/Bogota');
update_option('permalink_structure', '/%year%/%monthnum%/%postname%/');
$GLOBALS['wp_rewrite']->init();
switch_theme('twentytwentyone');
flush_rewrite_rules(false);

$usuarios = ['administrador' => 'administrator', 'editor' => 'editor', 'autor' => 'author', 'colaborador' => 'contributor'];
$salida = [];
foreach ($usuarios as $nombre => $rol) {
    $id = username_exists($nombre);
    if (!$id) {
        $id = wp_insert_user([
            'user_login' => $nombre,
            'user_pass' => wp_generate_password(24),
            'user_email' => "$nombre@pruebas.test",
            'display_name' => ucfirst($nombre),
            'role' => $rol,
        ]);
    }
    [$clave] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'pruebas']);
    $salida[$nombre] = ['id' => (string) $id, 'contrasena' => WP_Application_Passwords::chunk_password($clave)];
}
echo json_encode(['version' => get_bloginfo('version'), 'usuarios' => $salida]);
