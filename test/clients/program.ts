import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Command } from './clients.js';
import type { End, Order, Player } from './player.js';

/** A client gets an answer, or an error, within this time. */
const LONGEST_MS = 60_000;

/** What a program of `programs/` says: a line of JSON. */
interface Line {
  server?: string;
  deleted?: string;
  error?: string;
  message?: string;
}

/** A client that is a program of `programs/`: it creates a server, says so, and deletes it when it gets a line. */
export class Program implements Player {
  message: string | undefined;
  private child: ChildProcess | undefined;
  private lines: AsyncIterator<string> | undefined;
  private isKilled = false;

  constructor(
    private readonly command: Command,
    /** Where the cloud is, and what to create. */
    private readonly environment: Record<string, string>,
  ) {}

  async create({ name, tag, timeout }: Order): Promise<End> {
    const env = {
      ...{ PATH: process.env['PATH'], HOME: '/nonexistent', LANG: 'C.UTF-8' },
      ...this.environment,
      ...this.command.environment,
      SERVER_NAME: name,
      ...(tag !== undefined && { TASK_TAG: tag }),
      ...(timeout !== undefined && { CLIENT_TIMEOUT: String(timeout) }),
    };
    const [program, ...words] = this.command.command;
    this.isKilled = false;
    // A group of its own, since a script is killed with the command that it runs.
    this.child = spawn(program as string, words, {
      env,
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.lines = createInterface(this.child.stdout!)[Symbol.asyncIterator]();
    const end = await this.next();
    if (end !== 'ok') await this.close();
    return end;
  }

  again(order: Order): Promise<End> {
    return this.create(order);
  }

  async kill(): Promise<void> {
    this.isKilled = true;
    await this.close();
  }

  async remove(): Promise<End> {
    this.child?.stdin?.write('\n');
    const end = await this.next();
    await this.close();
    return end;
  }

  async close(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    process.kill(-(child.pid as number), 'SIGKILL');
    await exit;
  }

  /** What the next line says. */
  private async next(): Promise<End> {
    const deadline = setTimeout(() => void this.close(), LONGEST_MS);
    const { value, done } = await (this.lines as AsyncIterator<string>).next();
    clearTimeout(deadline);
    if (this.isKilled) return 'killed';
    if (done === true) return this.child === undefined ? 'no end in a minute' : 'ends without a word';
    const line = JSON.parse(value) as Line;
    this.message = line.message;
    return line.error === undefined ? 'ok' : String(line.error);
  }
}
