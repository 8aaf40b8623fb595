"""Creates a server with Apache Libcloud, and deletes it when told to."""
import json
import os
import sys
from types import SimpleNamespace

from libcloud.compute.drivers.openstack import OpenStack_2_Connection, OpenStack_2_NodeDriver

env = os.environ


class Connection(OpenStack_2_Connection):
    def add_default_headers(self, headers):
        if 'TASK_TAG' in env:
            headers['Task-tag'] = env['TASK_TAG']
        return super().add_default_headers(headers)


class Driver(OpenStack_2_NodeDriver):
    connectionCls = Connection


try:
    timeout = {'timeout': int(env['CLIENT_TIMEOUT'])} if 'CLIENT_TIMEOUT' in env else {}
    driver = Driver(env['OS_USERNAME'], env['OS_PASSWORD'], ex_force_auth_version='3.x_password',
                    ex_force_auth_url=env['OS_AUTH_URL'].replace('/v3', ''), ex_tenant_name=env['OS_PROJECT_NAME'],
                    ex_domain_name='Default', ex_force_service_region=env['OS_REGION_NAME'], **timeout)
    node = driver.create_node(env['SERVER_NAME'], size=SimpleNamespace(id=env['FLAVOR']),
                              image=SimpleNamespace(id=env['IMAGE']))
    print(json.dumps({'server': node.id}), flush=True)
    if sys.stdin.readline():
        driver.destroy_node(node)
        print(json.dumps({'deleted': node.id}))
except Exception as error:
    print(json.dumps({'error': type(error).__name__, 'message': str(error)}))
    sys.exit(1)
