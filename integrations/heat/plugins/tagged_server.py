# SPDX-License-Identifier: Apache-2.0
"""OS::Nova::Server whose requests carry tags, so that a lost answer neither makes a second server nor fails a stack.

Put the folder of this file into Heat's `plugin_dirs`. Nova must be reached through Tasktag: README.md.
"""
import collections
import functools

from heat.common import exception
from heat.engine.clients import progress
from heat.engine.resources.openstack.nova import server
from keystoneauth1 import exceptions as keystone_exceptions
from novaclient import exceptions as nova_exceptions
from oslo_log import log as logging

LOG = logging.getLogger(__name__)

HEADER = 'Task-tag'

# A request without a good answer: its tag, the error that Heat saw (None when another engine sent it), and what is to
# be done with its task once that is known to be accepted.
Doubt = collections.namedtuple('Doubt', 'tag error found')


class TaggedServer(server.Server):
    """A server each of whose requests is sent under a tag of its own, and looked up by it when there is no good answer.

    The tag is `heat-<uuid of the resource>-<what is done>-<number>`. The number is written to Heat's database before
    the request is sent: whoever goes on after an engine has died knows the last tag, and no two requests share one.

    The handlers send, and the checks, which Heat calls every second until they return True, do the waiting.
    """

    def __init__(self, name, json_snippet, stack):
        super().__init__(name, json_snippet, stack)
        self._doubt = None
        self._deletion = None  # what check_delete_complete() goes on with when handle_delete() had nothing to return

    # Create. Heat calls this again, after a delete, when the server became ERROR: that is a new server and a new tag.

    def handle_create(self):
        if self.resource_id is not None:
            self.resource_id_set(None)
        return self._send('create', super().handle_create, self._adopt)

    def check_create_complete(self, server_id):
        return self._is_settled() and super().check_create_complete(self.resource_id)

    # Update: resize, confirm, rebuild, interfaces. Heat has a list of steps; it sends one when those before are complete.

    def check_update_complete(self, steps):
        if not self._is_settled():
            return False
        go_on = functools.partial(super().check_update_complete, steps)
        step = next((step for step in steps if not step.complete), None)
        if step is None or step.called:
            return go_on()
        return self._send(step.handler, go_on, functools.partial(self._skip, step)) or False

    # Suspend and resume.

    def handle_suspend(self):
        return self._send('suspend', super().handle_suspend)

    def check_suspend_complete(self, server_id):
        return self._is_settled() and super().check_suspend_complete(self.resource_id)

    def handle_resume(self):
        return self._send('resume', super().handle_resume)

    def check_resume_complete(self, server_id):
        return self._is_settled() and super().check_resume_complete(self.resource_id)

    # Delete. The server of an engine that died between sending the create and storing the id is found by the tag.

    def handle_delete(self):
        self._deletion = None
        tag = self._last_tag('create')
        if self.resource_id is None and tag is not None:
            self._doubt = Doubt(tag, None, self._adopt)
            return None
        return self._delete_server()

    def handle_snapshot_delete(self, state):
        if self.resource_id is None:
            return self.handle_delete()
        return super().handle_snapshot_delete(state)

    def check_delete_complete(self, deletion):
        is_search = self._doubt is not None and self._doubt.error is None
        if not self._is_settled():
            return False
        if is_search:
            self._deletion = self._delete_server()
            return False
        return super().check_delete_complete(deletion or self._deletion)

    def _delete_server(self):
        return self._send('delete', super().handle_delete, self._await_deletion)

    # Heat replaces a failed resource that has no server. If the create was accepted after all, it has one.

    def needs_replace_failed(self):
        is_found = self.resource_id is None and self._find_finished()
        needs_replace = super().needs_replace_failed()
        if is_found and not needs_replace:
            super().check_create_complete(self.resource_id)  # it also sets the server's tags and notes its ports
        return needs_replace

    # Sending under a tag.

    def _send(self, what, send, found=None):
        """Sends a request under a new tag. Returns None when there is no good answer; _is_settled() then says more."""
        self._doubt = None
        tag = self._next_tag(what)
        # The client is this context's, and one thread works with that: nobody else sends under the tag meanwhile.
        headers = self.client().client.additional_headers
        headers[HEADER] = tag
        try:
            return send()
        except Exception as error:
            LOG.info('Looking up %(tag)s after: %(error)s', {'tag': tag, 'error': error})
            self._doubt = Doubt(tag, error, found)
            return None
        finally:
            headers.pop(HEADER, None)

    def _next_tag(self, what):
        key = 'tasktag_' + what
        self.data_set(key, str(int(self.data().get(key, 0)) + 1))
        return self._last_tag(what)

    def _last_tag(self, what):
        number = self.data().get('tasktag_' + what)
        return number and 'heat-%s-%s-%s' % (self.uuid, what, number)

    # Looking up.

    def _is_settled(self):
        """Whether Heat can go on: nothing is in doubt (any more). Raises the request's error if it was not accepted."""
        if self._doubt is None:
            return True
        tag, error, found = self._doubt
        try:
            task = self._task(tag)
        except Exception as no_answer:
            if is_temporary(no_answer):
                return False
            raise error or no_answer
        if task is not None and not is_known(task):
            return False
        self._doubt = None
        if task is not None and is_accepted(task):
            LOG.info('%(tag)s was accepted: %(task)s', {'tag': tag, 'task': task['uuid']})
            if found is not None:
                found(task)
        elif error is not None:
            raise error
        return True

    def _task(self, tag):
        """The newest task of a tag; None when there is none, also at a Nova without Tasktag."""
        try:
            _response, body = self.client().client.get('/tasks', params={'tag': tag, 'limit': 1})
        except nova_exceptions.NotFound:
            return None
        if not isinstance(body, dict) or 'tasks' not in body:
            raise nova_exceptions.ClientException(502, 'The answer is no list of tasks')
        return next(iter(body['tasks']), None)

    # What is done when a request whose answer was lost turns out to have been accepted.

    def _adopt(self, task):
        self.resource_id_set(task['resource']['server'])

    def _find_finished(self):
        """Adopts the server of a create that has ended well. One that is still being made is replaced, and deleted."""
        tag = self._last_tag('create')
        try:
            task = tag and self._task(tag)
        except Exception as error:
            LOG.warning('Could not look up %(tag)s: %(error)s', {'tag': tag, 'error': error})
            return False
        if not task or task['state'] != 'success':
            return False
        self._adopt(task)
        return True

    @staticmethod
    def _skip(step, task):
        step.called = True
        if step.handler_kwargs.get('security_groups'):
            # Heat sets them on the port that the answer names.
            raise exception.Error('The interface is attached without its security groups: Nova\'s answer was lost')

    def _await_deletion(self, task):
        self._deletion = progress.ServerDeleteProgress(self.resource_id)


def is_known(task):
    """Whether Nova is known to have taken or refused it; of a create, also which server it made."""
    if task['state'] in ('pending', 'unknown'):
        return False
    return task['task'] != 'create' or task['state'] != 'processing' or 'server' in task['resource']


def is_accepted(task):
    """Whether Heat can go on with it: of a create, only if it is known which server it made."""
    return task['accepted'] is not False and (task['task'] != 'create' or 'server' in task['resource'])


def is_temporary(error):
    """Whether the same question may be answered later."""
    if isinstance(error, nova_exceptions.ClientException):
        return error.code >= 500 or error.code == 429
    return isinstance(error, (keystone_exceptions.ConnectionError, keystone_exceptions.HttpServerError))


def resource_mapping():
    return {'OS::Nova::Server': TaggedServer}
