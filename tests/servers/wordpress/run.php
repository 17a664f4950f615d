<?php
// Runs a file inside WordPress and writes what it returns as JSON after a record separator.
if (PHP_SAPI !== 'cli') {
    exit(1);
}
$_SERVER['HTTP_HOST'] = parse_url(getenv('UPPSIKT_WP_URL'), PHP_URL_HOST) . ':' . parse_url(getenv('UPPSIKT_WP_URL'), PHP_URL_PORT);
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['REMOTE_ADDR'] = '127.0.0.1';
if (($argv[2] ?? '') === 'install') {
    define('WP_INSTALLING', true);
}
require __DIR__ . '/wp-load.php';
if (function_exists('add_filter')) {
    add_filter('pre_wp_mail', '__return_true'); // the test sends no mail
}
$answer = require $argv[1];
if (is_wp_error($answer)) {
    fwrite(STDERR, $answer->get_error_message());
    exit(1);
}
echo "\x1e" . json_encode($answer);
