"""Runs the openstack command as often as it is asked to, each time in a fork of a process that has loaded it.

To load it takes two thirds of a command. On standard input comes a line of JSON for each: its number, its words, and the
files that take what it says. On standard output goes a line for each that has ended: its number, and its exit code.
"""

import gc
from importlib.metadata import entry_points
import json
import os
import signal
import sys

from openstackclient import shell


def load():
    """Loads what commands load when they begin."""
    points = entry_points()
    for group in sorted(points.groups):
        if group.startswith(('openstack.', 'keystoneauth1.')):
            for point in points.select(group=group):
                try:
                    point.load()
                except Exception:
                    # The command says itself what it lacks.
                    pass
    # A fork would copy what the collector looks at.
    gc.collect()
    gc.freeze()


def run(words, out, err):
    """Runs a command as the package's own script does, but for the end, which would tidy up what was loaded."""
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    sys.argv = ['openstack', *words]
    try:
        code = shell.main()
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


def main():
    load()
    # What has ended is not waited for here, but by the fork that says so.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        command = json.loads(line)
        if os.fork() != 0:
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        child = os.fork()
        if child == 0:
            run(command['words'], command['out'], command['err'])
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        answer = json.dumps({'number': command['number'], 'code': code})
        os.write(1, f'{answer}\n'.encode())
        os._exit(0)


if __name__ == '__main__':
    main()
