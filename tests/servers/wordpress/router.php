<?php
// For `php -S`: files as they are, everything else to WordPress, as a web server's rewrite rules do.
$path = urldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
$root = $_SERVER['DOCUMENT_ROOT'];
$folder = rtrim(parse_url(getenv('UPPSIKT_WP_URL'), PHP_URL_PATH) ?? '', '/');
if ($path !== '/' && is_file($root . $path)) {
    return false;
}
if (is_file($root . rtrim($path, '/') . '/index.php') && $path !== '/' && $path !== $folder . '/') {
    $_SERVER['SCRIPT_NAME'] = rtrim($path, '/') . '/index.php';
    require $root . $_SERVER['SCRIPT_NAME'];
    return true;
}
if ($folder !== '' && !str_starts_with($path, $folder)) {
    http_response_code(404);
    echo '<!doctype html><title>Kommunen</title><p>Här bor ingen blogg.';
    return true;
}
$_SERVER['SCRIPT_NAME'] = $folder . '/index.php';
$_SERVER['PHP_SELF'] = $folder . '/index.php';
$_SERVER['SCRIPT_FILENAME'] = $root . $folder . '/index.php';
chdir($root . $folder);
require $root . $folder . '/index.php';
