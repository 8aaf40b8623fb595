import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from '../network/http.js';

/** What is built; TASKTAG_MAIN may name another build. */
const MAIN = process.env['TASKTAG_MAIN'] ?? join(import.meta.dirname, '..', '..', '..', 'dist', 'main.js');

/** The built server in a process of its own, which can be killed. */
export class ServerProcess {
  client!: Client;
  /** All that it has written. */
  output = '';

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /**
   * Starts it and waits until it listens; `settings` are environment variables.
   *
   * @param main the program, when it is another one that says where it listens
   */
  static async start(settings: Record<string, string>, main = MAIN): Promise<ServerProcess> {
    const environment = { PATH: process.env['PATH'], LOG_LEVEL: 'warn', PORT: '0', ...settings };
    const child = spawn(process.execPath, [main], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const server = await new Promise<ServerProcess>((resolve, reject) => {
      const take = (chunk: Buffer) => {
        output += chunk.toString();
        const port = /listens on http:\/\/[^:]+:(\d+)/.exec(output)?.[1];
        if (port !== undefined) resolve(new ServerProcess(child, Number(port)));
      };
      child.stdout.on('data', take);
      child.stderr.on('data', take);
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${output}`)));
    });
    server.output = output;
    child.stdout.on('data', (chunk: Buffer) => (server.output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (server.output += chunk.toString()));
    server.client = new Client(`http://127.0.0.1:${server.port}`, { keepAlive: false });
    return server;
  }

  /** Starts it with settings that it must refuse; gives what it says and its exit code. */
  static async refused(settings: Record<string, string>): Promise<{ output: string; code: number | null }> {
    const environment = { PATH: process.env['PATH'], PORT: '0', ...settings };
    const child = spawn(process.execPath, [MAIN], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { output, code };
  }

  /** The processes that have begun to listen: itself, or its workers, those that have ended too. At `LOG_LEVEL=info`. */
  get listeners(): number[] {
    return [...this.output.matchAll(/"pid":(\d+).*Server listening/g)].map(([, pid]) => Number(pid));
  }

  /** Its exit code when it ends by itself. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  /** Stops it where it is, as its virtual machine may be. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  /** Sends it a signal. */
  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Lets it go on. */
  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** Ends it at once, as a power cut would. Its connections are closed only then: it must not see its clients go. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
    this.client.close();
  }

  /** Asks it to end, and gives its exit code. */
  stop(): Promise<number | null> {
    this.client.close();
    return this.end('SIGTERM');
  }

  /** Asks it to end and keeps the connections to it; gives its exit code, or the signal that ended it. */
  async stopGently(): Promise<number | NodeJS.Signals> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const [code, signal] = (await exit) as [number, null] | [null, NodeJS.Signals];
    return code ?? signal;
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const { exitCode, signalCode } = this.child;
    if (exitCode !== null || signalCode !== null) return exitCode;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = (await exit) as [number | null];
    return code;
  }
}
