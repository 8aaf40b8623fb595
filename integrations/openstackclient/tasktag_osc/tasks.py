"""The Task API."""
import re
from urllib import parse

from osc_lib import exceptions

PAGE = 1000
ENDED = ('success', 'failure')
UUID = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', re.IGNORECASE)


class Refused(exceptions.CommandError):
    """The API has answered, but not with what was asked for."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class Tasks:
    def __init__(self, compute):
        self.compute = compute

    def page(self, **params):
        """One page of a list, and the marker of the next one, or None."""
        answer = self._json(self.compute.get('/tasks', params=_given(params)))
        if not isinstance(answer.get('tasks'), list):
            raise exceptions.CommandError('There is no Tasktag at the compute endpoint: its answer has no list of tasks.')
        return answer['tasks'], _marker(answer.get('tasks_links'))

    def list(self, limit=None, **params):
        """The tasks, newest first, page by page; all of them without a limit."""
        left, marker, has_more = limit, params.pop('marker', None), True
        while has_more and (left is None or left > 0):
            size = PAGE if left is None else min(left, PAGE)
            # A page of a search may be empty, and not be the last.
            tasks, marker = self.page(limit=size, marker=marker, **params)
            yield from tasks
            has_more = marker is not None
            left = None if left is None else left - len(tasks)

    def one(self, uuid, **params):
        """One task, or None."""
        try:
            return self._json(self.compute.get(f'/tasks/{uuid}', params=_given(params)))['task']
        except Refused as refusal:
            if refusal.status == 404:
                return None
            raise

    def act(self, name, **fields):
        return self._json(self.compute.post('/tasks/action', json={name: _given(fields)}))['task']

    def selection(self, word):
        """How to ask about a word: the uuid of a task, the id of a server, or else a tag. An id that is known wins."""
        if UUID.fullmatch(word):
            uuid = word.lower()
            if self.one(uuid) is not None:
                return {'uuid': uuid}
            if self.page(server=uuid, limit=1)[0]:
                return {'server': uuid}
        return {'tag': word}

    def look(self, selection, **params):
        """The tasks of a selection, newest first."""
        if 'uuid' in selection:
            task = self.one(selection['uuid'], **params)
            return [] if task is None else [task]
        return self.page(**selection, **params)[0]

    def _json(self, answer):
        try:
            body = answer.json()
        except ValueError:
            body = {}
        if answer.status_code < 400:
            return body
        if answer.status_code == 404 and not _message(body):
            raise exceptions.CommandError('There is no Tasktag at the compute endpoint: it answers 404.')
        raise Refused(answer.status_code, f'{_message(body) or answer.reason} (HTTP {answer.status_code})')


def _given(params):
    return {name: value for name, value in params.items() if value not in (None, [])}


def _message(body):
    faults = [fault for fault in body.values() if isinstance(fault, dict)] if isinstance(body, dict) else []
    return next((fault['message'] for fault in faults if fault.get('message')), None)


def _marker(links):
    hrefs = [link.get('href', '') for link in links or [] if link.get('rel') == 'next']
    return next(iter(parse.parse_qs(parse.urlsplit(hrefs[0]).query).get('marker', [])), None) if hrefs else None
