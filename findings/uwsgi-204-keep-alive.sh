#!/usr/bin/env bash
# uWSGI 2.0.21 (Debian 12: uwsgi-core, uwsgi-plugin-python3 2.0.21-5.1) under `http-socket`, as Debian runs nova-api.
#
# Expected (RFC 9112, sections 9.3 and 9.6): an HTTP/1.1 answer of 204 without `Connection: close` leaves the connection
#   open for a next request; a server that closes it says so.
# Seen: it closes the connection after each answer and does not say so. A client that keeps connections sends its next
#   request into one that is closed, and cannot tell whether it arrived. With `add-header = Connection: close` it does.
#
# Installs nothing: it unpacks the packages of the Debian that it runs on into a temporary folder. Exits 0 when it is
# still so, and 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill -INT "$pid" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q -o APT::Sandbox::User=root uwsgi-core=2.0.21-5.1 uwsgi-plugin-python3=2.0.21-5.1 >/dev/null
for package in *.deb; do dpkg -x "$package" root; done

cat >app.py <<'PY'
def application(environ, start_response):
    start_response('204 No Content', [])
    return []
PY
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
root/usr/bin/uwsgi-core --plugin-dir root/usr/lib/uwsgi/plugins --plugin python3 --http-socket "127.0.0.1:$port" \
  --master --no-orphans --die-on-term --wsgi-file app.py >uwsgi.log 2>&1 &
pid=$!

python3 - "$port" <<'PY'
import socket, sys, time

for _ in range(100):
    try:
        connection = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
        break
    except OSError:
        time.sleep(0.1)
else:
    sys.exit('uWSGI does not start: see its log')
connection.settimeout(5)
connection.sendall(b'PUT /one HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n')
answer = b''
while b'\r\n\r\n' not in answer:
    answer += connection.recv(4096)
head = answer.decode().split('\r\n\r\n')[0]
print(head)
try:
    closed = connection.recv(4096) == b''
except TimeoutError:
    closed = False
says_so = 'connection: close' in head.lower()
print('the connection is', 'closed' if closed else 'open', 'and the answer', 'says so' if says_so else 'does not say so')
sys.exit(0 if closed and not says_so else 1)
PY
