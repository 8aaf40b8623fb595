"""Creates a server with openstacksdk, and deletes it when told to."""
import json
import os
import sys

import openstack

timeout = os.environ.get('CLIENT_TIMEOUT')
try:
    compute = openstack.connect(**({'api_timeout': int(timeout)} if timeout else {})).compute
    if 'TASK_TAG' in os.environ:
        compute.additional_headers['Task-tag'] = os.environ['TASK_TAG']
    server = compute.create_server(name=os.environ['SERVER_NAME'], image_id=os.environ['IMAGE'],
                                   flavor_id=os.environ['FLAVOR'], networks='none')
    print(json.dumps({'server': server.id}), flush=True)
    if sys.stdin.readline():
        compute.delete_server(server.id)
        print(json.dumps({'deleted': server.id}))
except Exception as error:
    print(json.dumps({'error': type(error).__name__, 'message': str(error)}))
    sys.exit(1)
