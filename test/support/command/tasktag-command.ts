import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newServer } from '../server/servers.js';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'dist', 'command', 'main.js');

/** How a command has ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command that is running. */
export interface Running {
  child: ChildProcess;
  /** All that it has written so far. */
  said: { stdout: string; stderr: string };
  ended: Promise<Ended>;
}

/** The built command `tasktag`, in an empty folder of its own. */
export class Tasktag {
  readonly folder = mkdtempSync(join(tmpdir(), 'tasktag-command-'));

  /** @param env besides PATH and HOME, which is the folder */
  constructor(private readonly env: Record<string, string> = {}) {}

  /** Writes a file into the folder. */
  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** A file with the body of a create. */
  serverFile(more: object = {}): string {
    return this.file(`server-${Math.random()}.json`, JSON.stringify(newServer(more)));
  }

  /** The same command in the same folder, with other variables. */
  async run(args: string[], env: Record<string, string> = this.env, stdin = ''): Promise<Ended> {
    return this.start(args, env, stdin).ended;
  }

  /** What it prints as JSON. @throws Error with what it says when it ends with another code than 0 */
  async json(args: string[], env?: Record<string, string>): Promise<any> {
    const { code, stdout, stderr } = await this.run(args, env);
    if (code !== 0) throw new Error(`tasktag ${args.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout);
  }

  start(args: string[], env: Record<string, string> = this.env, stdin = ''): Running {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.folder,
      env: { PATH: process.env['PATH'], HOME: this.folder, ...env },
    });
    child.stdin.end(stdin);
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));
    return { child, said, ended };
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}
