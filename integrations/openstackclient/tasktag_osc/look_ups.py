"""openstack task list, openstack task show"""
from osc_lib import exceptions
from osc_lib.command import command

from tasktag_osc import columns

STATES = ('pending', 'processing', 'unknown', 'success', 'failure')


class ListTask(command.Lister):
    """List tasks, newest first"""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('--tag', metavar='<tag>', help='Tasks of this tag')
        parser.add_argument('--server', metavar='<id>', help='Tasks of this server')
        parser.add_argument('--request-id', metavar='<id>', help='The task of this request')
        parser.add_argument('--task', metavar='<name>', help='Such as create')
        parser.add_argument('--state', action='append', choices=STATES, help='Tasks in this state; may be repeated')
        parser.add_argument('--changes-since', metavar='<time>', help='Changed at this time or later')
        parser.add_argument('--all-projects', action='store_true', help='Of all projects (administrators)')
        parser.add_argument('--limit', metavar='<number>', type=int, default=100, help='At most so many, default: 100; -1: all')
        parser.add_argument('--marker', metavar='<uuid>', help='Those that come after this task')
        return parser

    def take_action(self, parsed_args):
        tasks = self.app.client_manager.tasktag.list(
            limit=None if parsed_args.limit < 0 else parsed_args.limit,
            marker=parsed_args.marker,
            tag=parsed_args.tag,
            server=parsed_args.server,
            request_id=parsed_args.request_id,
            task=parsed_args.task,
            state=parsed_args.state,
            all_tenants=1 if parsed_args.all_projects else None,
            **{'changes-since': parsed_args.changes_since},
        )
        return columns.LIST, (columns.row(task) for task in tasks)


class ShowTask(command.ShowOne):
    """Show a task: by its uuid, or the newest one of a tag or a server"""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        add_selection(parser)
        return parser

    def take_action(self, parsed_args):
        tasks = self.app.client_manager.tasktag
        selection = selection_of(tasks, parsed_args)
        found = tasks.look(selection)
        if not found:
            raise exceptions.CommandError(nothing(selection))
        return columns.record(found[0])


def add_selection(parser):
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument('id', metavar='<tag-or-id>', nargs='?', help='Uuid of a task, id of a server, or tag')
    group.add_argument('--tag', metavar='<tag>', help='A tag, even one that looks like an id')


def selection_of(tasks, parsed_args):
    return tasks.selection(parsed_args.id) if parsed_args.tag is None else {'tag': parsed_args.tag}


def nothing(selection):
    if 'tag' in selection:
        return f"No request under the tag {selection['tag']} has been accepted so far."
    return 'There is no such task.'
