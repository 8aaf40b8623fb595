import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What a command has said, and its exit code. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** How long a command may take, in milliseconds. */
const LONGEST_MS = 55_000;

/** The `openstack` command of this machine, which is loaded once for many commands. */
export class OpenstackCommands {
  private child: ChildProcess | null = null;
  private readonly ended = new EventEmitter();
  private count = 0;

  /**
   * @param folder where it runs, and where what it says is put
   * @param environment all that it gets
   */
  constructor(
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** @throws Error when it takes too long */
  async run(words: string[]): Promise<Ended> {
    this.child ??= this.start();
    const number = (this.count += 1);
    const [out, err] = ['out', 'err'].map((name) => join(this.folder, `${number}.${name}`)) as [
      string,
      string,
    ];
    const end = once(this.ended, String(number), { signal: AbortSignal.timeout(LONGEST_MS) });
    this.child.stdin?.write(`${JSON.stringify({ number, words, out, err })}\n`);
    const [code] = (await end) as [number];
    return { code, stdout: readFileSync(out, 'utf8'), stderr: readFileSync(err, 'utf8') };
  }

  /** Ends it; the next command loads it anew. */
  close(): void {
    this.child?.kill();
    this.child = null;
  }

  private start(): ChildProcess {
    const child = spawn(interpreter(), [join(import.meta.dirname, 'openstack_commands.py')], {
      cwd: this.folder,
      env: this.environment,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    createInterface(child.stdout).on('line', (line) => {
      const { number, code } = JSON.parse(line) as { number: number; code: number };
      this.ended.emit(String(number), code);
    });
    return child;
  }
}

/** Python, as the command itself names it. */
function interpreter(): string {
  const program = execFileSync('sh', ['-c', 'command -v openstack'], { encoding: 'utf8' }).trim();
  const [, path] = /^#!\s*(?:\/usr\/bin\/env\s+)?(\S+)/.exec(readFileSync(program, 'utf8')) ?? [];
  if (path === undefined) throw new Error(`${program} does not say which Python it is for.`);
  return path;
}
