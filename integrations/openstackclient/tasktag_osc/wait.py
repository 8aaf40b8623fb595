"""openstack task wait"""
import time

from keystoneauth1 import exceptions as keystone
from osc_lib import exceptions
from osc_lib.command import command

from tasktag_osc import columns
from tasktag_osc.look_ups import add_selection, nothing, selection_of
from tasktag_osc.tasks import ENDED, Refused

# How long the server is asked to wait at a time: proxies cut connections that are silent for longer.
WAIT_S = 30
PAUSE_S = 1
STILL_OPEN = 4


class WaitTask(command.ShowOne):
    """Wait until a task, or all tasks of a tag or a server, have ended

    Ends with code 0 when it ended well, 1 when it failed or cannot be told, and 4 when it was still open at the end of
    the time. It may begin before the request arrives, and goes on while the server is away.
    """

    result = 0

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        add_selection(parser)
        parser.add_argument('--timeout', metavar='<seconds>', type=int, default=600, help='How long, default: 600')
        return parser

    def take_action(self, parsed_args):
        tasks = self.app.client_manager.tasktag
        selection = selection_of(tasks, parsed_args)
        task = until_ended(tasks, selection, time.monotonic() + parsed_args.timeout)
        if task is None:
            raise exceptions.CommandError(nothing(selection))
        if task['state'] != 'success':
            self.result = 1 if task['state'] in ENDED else STILL_OPEN
        return columns.record(task)

    def run(self, parsed_args):
        return super().run(parsed_args) or self.result


def until_ended(tasks, selection, until):
    """The task that decides, at the end of the time as it is then; None when there is none."""
    while True:
        begun = time.monotonic()
        left = max(0, until - begun)
        try:
            task = decisive(selection, tasks.look(selection, wait=min(WAIT_S, int(left + 0.999))))
            if time.monotonic() >= until or (task is not None and task['state'] in ENDED):
                return task
        except (keystone.ConnectFailure, keystone.RetriableConnectionFailure, Refused) as error:
            is_passing = not isinstance(error, Refused) or error.status >= 500
            if not is_passing or time.monotonic() >= until:
                raise
        rest = min(PAUSE_S - (time.monotonic() - begun), until - time.monotonic())
        time.sleep(max(0, rest))


def decisive(selection, found):
    """An open task; of a tag, one that was accepted and failed; else the newest."""
    open_tasks = [task for task in found if task['state'] not in ENDED]
    failed = [task for task in found if task['state'] == 'failure' and task['accepted'] is not False]
    by_tag = failed if 'tag' in selection else []
    return next(iter(open_tasks + by_tag + found), None)
