<?php
// Lets a test make this site behave like the worse ones out there. The kind stands in a file.
$uppsikt_kind = @file_get_contents(getenv('UPPSIKT_WP_ROOT') . '/trouble') ?: '';
$uppsikt_rest = str_contains($_SERVER['REQUEST_URI'] ?? '', 'wp-json') || isset($_GET['rest_route']);
$uppsikt_write = ($_SERVER['REQUEST_METHOD'] ?? '') === 'POST';

if (PHP_SAPI !== 'cli' && $uppsikt_rest) {
    switch ($uppsikt_kind) {
        case 'html': // a page builder or a firewall answers every address with a page
            header('Content-Type: text/html; charset=utf-8');
            exit('<!doctype html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>');
        case 'login': // the whole site lies behind a login
            header('Location: ' . getenv('UPPSIKT_WP_URL') . '/wp-login.php?redirect_to=x', true, 302);
            exit;
        case 'maintenance':
            header('Retry-After: 120');
            http_response_code(503);
            header('Content-Type: text/html');
            exit('<p>Briefly unavailable for scheduled maintenance. Check back in a minute.</p>');
        case 'warnings': // display_errors left on
            echo "<br />\n<b>Warning</b>:  Undefined variable \$x in <b>/srv/plugin.php</b> on line <b>7</b><br />\n";
            break;
        case 'bom': // a theme file saved with a byte order mark
            echo "\xEF\xBB\xBF";
            break;
        case 'limit':
            http_response_code(429);
            header('Retry-After: 30');
            exit('{"code":"too_many_requests"}');
        case 'no-passwords': // a security plugin, or a site without https
            add_filter('wp_is_application_passwords_available', '__return_false');
            break;
        case 'hold-all': // every comment waits for a moderator, ours too
            add_filter('rest_pre_insert_comment', static fn ($comment) => ['comment_approved' => '0'] + $comment);
            break;
        case 'silent-after-post': // takes the comment, and the answer gets lost
            if ($uppsikt_write) {
                add_filter('rest_pre_echo_response', static function () {
                    posix_kill(getmypid(), SIGKILL);
                });
            }
            break;
        case 'error-after-post':
            if ($uppsikt_write) {
                add_filter('rest_pre_echo_response', static function () {
                    http_response_code(502);
                    exit('Bad gateway');
                });
            }
            break;
    }
}
