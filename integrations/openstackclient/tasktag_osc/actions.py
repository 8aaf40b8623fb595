"""openstack task abandon, openstack task resolve, openstack task look"""
from osc_lib.command import command

from tasktag_osc import columns

ENDS = {
    'success': {'accepted': True, 'state': 'success'},
    'failure': {'accepted': True, 'state': 'failure'},
    'not-accepted': {'accepted': False, 'state': 'failure'},
}


class AbandonTask(command.ShowOne):
    """Give up a tag: no request under it will be carried out any more"""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('tag', metavar='<tag>', help='The tag')
        parser.add_argument('--reason', metavar='<text>', help='Why, for all who look at the tag')
        return parser

    def take_action(self, parsed_args):
        tasks = self.app.client_manager.tasktag
        return columns.record(tasks.act('abandon', tag=parsed_args.tag, reason=parsed_args.reason))


class ResolveTask(command.ShowOne):
    """End a task that stays unknown (administrators)"""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('uuid', metavar='<uuid>', help='The task')
        parser.add_argument('--as', dest='end', required=True, choices=list(ENDS), help='What you have found out')
        parser.add_argument('--reason', metavar='<text>', help='Why, for all who look at the task')
        return parser

    def take_action(self, parsed_args):
        tasks = self.app.client_manager.tasktag
        end = ENDS[parsed_args.end]
        return columns.record(tasks.act('resolve', uuid=parsed_args.uuid, reason=parsed_args.reason, **end))


class LookAtTask(command.ShowOne):
    """Have an open task looked at now, rather than when its next look is due"""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('uuid', metavar='<uuid>', help='The task')
        return parser

    def take_action(self, parsed_args):
        tasks = self.app.client_manager.tasktag
        return columns.record(tasks.act('look', uuid=parsed_args.uuid))
