"""Creates a server once, with the SDK's own retries, however often this is run with the same tag.

    OS_CLOUD=tasktag python3 examples/openstacksdk.py 'order 4711'
"""
import sys
import time

import openstack
from keystoneauth1.exceptions import ClientException

IMAGE = '70a599e0-31e7-49b7-b260-868f441e862b'
BODY = {'server': {'name': 'vm1', 'imageRef': IMAGE, 'flavorRef': '1', 'networks': 'none'}}

# The SDK sends again by itself after a broken connection, and after these answers. Without a tag that can make a
# second server; with one, the second request is refused.
RETRIES = {'connect_retries': 4, 'status_code_retries': 4, 'retriable_status_codes': [502, 503, 504]}

tag = sys.argv[1]
compute = openstack.connect(compute_default_microversion='2.60').compute


def task_of(refusal):
    """The task of `409 That request is already accepted`; None for another 409."""
    return refusal.json().get('conflictingRequest', {}).get('task')


def ask():
    """The newest task of the tag; None when nothing was accepted."""
    answer = compute.get('/tasks', params={'tag': tag, 'limit': 1}, **RETRIES)
    openstack.exceptions.raise_from_response(answer)
    return next(iter(answer.json()['tasks']), None)


try:
    answer = compute.post('/servers', json=BODY, headers={'Task-tag': tag}, **RETRIES)
    if answer.status_code != 409 or task_of(answer) is None:
        openstack.exceptions.raise_from_response(answer)
except (ClientException, openstack.exceptions.HttpException) as error:
    if 400 <= (getattr(error, 'status_code', None) or 0) < 500:
        sys.exit(f'{error}')
    print(f'no answer, so it asks by the tag: {error}', file=sys.stderr)

task = ask()
while task is not None and task['state'] not in ('success', 'failure'):
    time.sleep(1)
    task = ask()

if task is None or task['accepted'] is False:
    sys.exit(f'not accepted; run it again with the tag {tag}')
if task['state'] == 'failure':
    sys.exit(task['fault']['message'])
print(task['resource']['server'])
