import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';

/** Whether servers and load can have a core each, so that they do not slow one another down. */
export const CAN_PIN = spawnSync('taskset', ['-c', '0,1', 'true']).status === 0;

/** The core of the servers (one is measured at a time, the others are idle), that of the load, and both. */
export const CORES = { server: '0', load: '1', all: '0,1' };

/**
 * Starts Node on a core. What it writes to standard output is thrown away: it costs what it costs in production,
 * and is not seen here.
 *
 * @param environment all that it gets, with the path
 */
export function startPinned(
  core: keyof typeof CORES,
  args: string[],
  environment: Record<string, string> = {},
): ChildProcess {
  const command = [...(CAN_PIN ? ['taskset', '-c', CORES[core]] : []), process.execPath, ...args];
  return spawn(command[0] as string, command.slice(1), {
    // Away from a `.env` that is meant for something else.
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** Sends a process a message, and gives its answer; fails when it ends instead. */
export async function ask<Answer>(child: ChildProcess, message: object): Promise<Answer> {
  const gone = new AbortController();
  const exit = () => gone.abort(new Error('A process of the benchmark has ended.'));
  child.once('exit', exit);
  try {
    const answer = once(child, 'message', { signal: gone.signal });
    child.send(message);
    return ((await answer) as [Answer])[0];
  } finally {
    child.off('exit', exit);
  }
}

/** Ends a process, and waits until it has ended. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill();
  await exit;
}
