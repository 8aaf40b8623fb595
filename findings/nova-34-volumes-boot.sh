#!/bin/sh
# Nova 34.0.0 (OpenStack 2026.2; Debian python3-nova 2:34.0.0-4) answers 500 to every request with a body under
# /v2.1/os-volumes_boot, at each microversion that still has it (2.1 to 2.102): a create, an update, each action.
#
# Expected: what /v2.1/servers answers to the same request, since VolumesBootController is a ServersController.
# Seen:     KeyError 'body' in nova/api/validation. The methods hand the body on by position (`super().create(req,
#           body)`; `update` not at all: `super().update(req, id)`), and the decorators of the class above look for it
#           among the keywords.
#
# Needs root, debootstrap and a Debian mirror that has this version in sid. Ends with 0 as long as it is so, with 1 when
# it is not, with 2 when the version cannot be had. It takes some minutes, and leaves nothing.
set -eu
version=2:34.0.0-4
root=$(mktemp -d)
trap 'rm -rf --one-file-system "$root"' EXIT
mirror=$(apt-cache policy | grep -oE 'https?://[^ ]*debian/? ' | grep -v security | head -1 | tr -d ' ')

debootstrap --variant=minbase --include=ca-certificates sid "$root" "$mirror" >"$root/../$(basename "$root").log" 2>&1 ||
  { cat "$root/../$(basename "$root").log"; exit 2; }
rm "$root/../$(basename "$root").log"
chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
  "python3-nova=$version" >"$root/apt.log" 2>&1 || { tail "$root/apt.log"; exit 2; }

cat >"$root/ask.py" <<'PYTHON'
import logging
import sys
import uuid

from oslo_config import cfg
from nova.api.openstack import api_version_request, wsgi
from nova.api.openstack.compute import servers, volumes_boot

cfg.CONF([], default_config_files=[])
logging.disable(logging.CRITICAL)

SERVER = {'name': 'x', 'flavorRef': '1', 'imageRef': str(uuid.uuid4()), 'networks': 'none'}
REQUESTS = {
    'create': ([], {'server': SERVER}),
    'update': (['some-id'], {'server': {'name': 'y'}}),
    '_start': (['some-id'], {'os-start': None}),
    '_stop': (['some-id'], {'os-stop': None}),
}


def missing(controller, name):
    """The key that was looked for in vain, deepest in the call: without a real request's context there always is one."""
    arguments, body = REQUESTS[name]
    request = wsgi.Request.blank('/v2.1/')
    request.api_version_request = api_version_request.APIVersionRequest('2.60')
    try:
        getattr(object.__new__(controller), name)(request, *arguments, body=body)
    except Exception as error:
        while error is not None and not isinstance(error, KeyError):
            error = error.__context__
        return error and error.args[0]


wrong = 0
for name in REQUESTS:
    # The method itself is reached, and asks for the request's context.
    control = missing(servers.ServersController, name)
    seen = missing(volumes_boot.VolumesBootController, name)
    print('%-7s servers: KeyError %r   os-volumes_boot: KeyError %r' % (name, control, seen))
    wrong += (control, seen) != ('nova.context', 'body')
sys.exit(1 if wrong else 0)
PYTHON
chroot "$root" python3 /ask.py
