"""Creates a server with python-novaclient, and deletes it when told to."""
import json
import os
import sys

from keystoneauth1 import session
from keystoneauth1.identity import v3
from novaclient import client

env = os.environ
tag = {'additional_headers': {'Task-tag': env['TASK_TAG']}} if 'TASK_TAG' in env else {}
timeout = {'timeout': int(env['CLIENT_TIMEOUT'])} if 'CLIENT_TIMEOUT' in env else {}
try:
    auth = v3.Password(auth_url=env['OS_AUTH_URL'], username=env['OS_USERNAME'], password=env['OS_PASSWORD'],
                       project_name=env['OS_PROJECT_NAME'], user_domain_id='default', project_domain_id='default')
    nova = client.Client('2.60', session=session.Session(auth=auth, **tag, **timeout),
                         region_name=env['OS_REGION_NAME'])
    server = nova.servers.create(env['SERVER_NAME'], env['IMAGE'], env['FLAVOR'], nics='none')
    print(json.dumps({'server': server.id}), flush=True)
    if sys.stdin.readline():
        nova.servers.delete(server)
        print(json.dumps({'deleted': server.id}))
except Exception as error:
    print(json.dumps({'error': type(error).__name__, 'message': str(error)}))
    sys.exit(1)
