"""How tasks are shown."""
import re

from cliff import columns

# What a terminal would obey, or show as something else: tags and faults are what others have written.
UNSAFE = re.compile('[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]')

LIST = ('UUID', 'Task', 'State', 'Tag', 'Resource', 'Start Time')


class Text(columns.FormattableColumn):
    """A text of somebody's: programs get it as it is."""

    def human_readable(self):
        return UNSAFE.sub(lambda found: f'\\x{ord(found[0]):02x}', self._value or '')


class Members(columns.FormattableColumn):
    """A few members in one column."""

    def human_readable(self):
        parts = [f"{name}='{value}'" for name, value in (self._value or {}).items() if value is not None]
        return Text(', '.join(parts)).human_readable()


def row(task):
    """The columns of a list."""
    return (
        task['uuid'],
        task['task'],
        task['state'],
        Text(task['tag']),
        Members(task['resource']),
        task['start_time'],
    )


def record(task):
    """All members of a task, as ShowOne wants them."""
    return tuple(task), tuple(_cell(value) for value in task.values())


def _cell(value):
    if isinstance(value, dict):
        return Members(value)
    return Text(value) if isinstance(value, str) else value
