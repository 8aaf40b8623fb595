#!/bin/sh
# oslo.middleware 5.0.0 (Debian 12: python3-oslo.middleware 5.0.0-2), the middleware http_proxy_to_wsgi of Nova, Keystone,
# Glance and others, with enable_proxy_headers_parsing = true.
#
# Input:    Forwarded: proto=https;host="cloud.example:8443"
#           RFC 7239 wants the quotes: a host with a port has a colon, and so is no token (sections 4 and 5.3).
# Expected: the application sees the host cloud.example:8443, and makes links such as https://cloud.example:8443/v2.1/
# Seen:     the quotes stay, and the link is https://"cloud.example:8443"/v2.1/
#           A name without a port needs no quotes, and is read right; so is X-Forwarded-Host with a port.
#
# Ends with 0 as long as it is so. Debian's python3-webob, python3-oslo.config, -context, -i18n, -utils, python3-stevedore and
# python3-statsd must be there; the package itself is unpacked into a temporary folder.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
(cd "$folder" && apt-get download -q python3-oslo.middleware=5.0.0-2 && dpkg -x ./*.deb .)
PYTHONPATH=$folder/usr/lib/python3/dist-packages
export PYTHONPATH
/usr/bin/python3 - <<'PYTHON'
import sys

import webob
from oslo_config import cfg
from oslo_middleware import http_proxy_to_wsgi


@webob.dec.wsgify
def link(request):
    return request.host_url + '/v2.1/'


assert http_proxy_to_wsgi.__file__.startswith(sys.path[1]), http_proxy_to_wsgi.__file__

app = http_proxy_to_wsgi.HTTPProxyToWSGI(link, {'oslo_config_project': 'finding'})
app.oslo_conf.set_override('enable_proxy_headers_parsing', True, group='oslo_middleware')


def seen(**headers):
    request = webob.Request.blank('/')
    request.headers.update({name.replace('_', '-'): value for name, value in headers.items()})
    return request.get_response(app).text


plain = seen(Forwarded='proto=https;host=cloud.example')
quoted = seen(Forwarded='proto=https;host="cloud.example:8443"')
older = seen(X_Forwarded_Proto='https', X_Forwarded_Host='cloud.example:8443')
print('without a port:    ', plain)
print('quoted, with a port:', quoted)
print('X-Forwarded-Host:  ', older)
assert plain == 'https://cloud.example/v2.1/', 'not as seen before'
assert older == 'https://cloud.example:8443/v2.1/', 'not as seen before'
sys.exit(0 if quoted == 'https://"cloud.example:8443"/v2.1/' else 'It has changed: the quotes are gone.')
PYTHON
