#!/bin/sh
# The drill that counts: restore a backup in a bare Debian 12 that has never seen Uppsikt, start it, look at it.
#
# Run inside the bare machine as root (a fresh virtual machine, a container, or a folder made by debootstrap and entered
# by chroot), with the backup, the keys and the file with their passphrase brought there:
#
#     sh bare_drill.sh REPOSITORY BACKUPS KEYS PASSPHRASE-FILE
#
# REPOSITORY is what git can clone. Ends with code 0 when the page answers and doctor finds nothing wrong.
set -eu
if [ $# -ne 4 ]; then
    sed -n '2,9p' "$0" >&2
    exit 2
fi
repository=$1 backups=$2 keys=$3 passphrase=$4
clone=${CLONE:-/opt/uppsikt-drill}
UPPSIKT_DATA=${UPPSIKT_DATA:-/srv/uppsikt-drill}
port=${PORT:-8642}
export UPPSIKT_DATA

begun=$(date +%s)
passed() { echo "$(($(date +%s) - begun)) s"; }

echo "1. Python and git ($(passed))"
for program in python3 git; do
    command -v "$program" >/dev/null && continue
    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3 git ca-certificates
done

echo "2. The code ($(passed))"
test -d "$clone" || git clone -q "$repository" "$clone"
cd "$clone"

echo "3. Is the backup whole? ($(passed))"
./uppsikt backup check "$backups" --keys "$keys" --passphrase-file "$passphrase"

echo "4. Restore ($(passed))"
./uppsikt restore "$backups" --keys "$keys" --passphrase-file "$passphrase"

echo "5. Start ($(passed))"
./uppsikt serve --port "$port" >"$UPPSIKT_DATA/serve.log" 2>&1 &
service=$!
trap 'kill $service 2>/dev/null; wait $service 2>/dev/null || true' EXIT
ask='import sys, urllib.request as u; a = u.urlopen(sys.argv[1], timeout=5); sys.exit(a.status != 200 or b"Uppsikt" not in a.read())'
tries=0
until python3 -c "$ask" "http://127.0.0.1:$port/logga-in/" 2>/dev/null; do
    tries=$((tries + 1))
    if [ "$tries" -gt 120 ]; then
        echo "The page does not answer." >&2
        cat "$UPPSIKT_DATA/serve.log" >&2
        exit 1
    fi
    sleep 1
done
echo "   the page answers ($(passed))"

echo "6. Seals and doctor ($(passed))"
./uppsikt verify
sleep 10 # a worker says that it lives some seconds after its start
./uppsikt doctor
echo "Done ($(passed))"
