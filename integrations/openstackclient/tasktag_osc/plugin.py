"""What the openstack client asks a plugin for: its name, its versions, its options and its client."""
from tasktag_osc.tasks import Tasks

DEFAULT_API_VERSION = '3'
API_VERSION_OPTION = 'os_tasktag_api_version'
API_NAME = 'tasktag'
API_VERSIONS = {'3': 'tasktag_osc.tasks.Tasks'}


def make_client(instance):
    """The tasks of the session's compute endpoint: Tasktag stands in front of Nova."""
    return Tasks(instance.sdk_connection.compute)


def build_option_parser(parser):
    parser.add_argument(
        '--os-tasktag-api-version',
        metavar='<tasktag-api-version>',
        help='Version of the Task API, default: ' + DEFAULT_API_VERSION,
    )
    return parser
