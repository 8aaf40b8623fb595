import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Answer, Client } from '../../network/http.js';
import { until } from '../../until.js';
import { bundleHost } from './bundle.js';
import type { GoOn, HostSettings, Step, Told } from './settings.js';

const HOST = join(import.meta.dirname, 'host.ts');

/** A host that also has jobs, messages and mutations. */
export const CALLS_HOST = join(import.meta.dirname, 'calls-host.ts');

/** A host of the built library in a process of its own, which can be killed. */
export class LibraryProcess {
  client!: Client;
  /** All that it has written. */
  output = '';
  private readonly held: Step[] = [];

  private constructor(private readonly child: ChildProcess) {}

  /**
   * Starts it and waits until it listens.
   *
   * @param file the host
   */
  static async start<Settings extends HostSettings>(
    settings: Settings,
    file = HOST,
  ): Promise<LibraryProcess> {
    const child = spawn(process.execPath, [await bundleHost(file), JSON.stringify(settings)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const host = new LibraryProcess(child);
    const take = (chunk: Buffer) => (host.output += chunk.toString());
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    const url = new Promise<string>((resolve, reject) => {
      child.on('message', (told: Told) => {
        if ('url' in told) resolve(told.url);
        else host.held.push(told.heldAt);
      });
      child.once('exit', (code) => reject(new Error(`The host ended with ${code}: ${host.output}`)));
    });
    host.client = new Client(await url, { keepAlive: false });
    return host;
  }

  send(path: string, tag: string): Promise<Answer> {
    return this.client.post(path, {}, { token: null, tag });
  }

  /** The tasks of a tag. */
  async tasks(tag: string): Promise<any[]> {
    return (await this.client.get(`/tasks?tag=${encodeURIComponent(tag)}`, { token: null })).json.tasks;
  }

  /** How often work was done together with its task. */
  async timesTogether(): Promise<number> {
    return (await this.client.get('/together', { token: null })).json.count;
  }

  /** Sends a request and waits until it is held at a step. Its answer is `null` when none comes. */
  async hold(at: Step, path: string, tag: string): Promise<{ answer: Promise<Answer | null> }> {
    const call = { token: null, tag, headers: { 'X-Hold': at } };
    const answer = this.client.post(path, {}, call).catch(() => null);
    await this.untilHeld(at);
    return { answer };
  }

  /** Waits until one request is held at a step. */
  async untilHeld(at: Step): Promise<void> {
    await until(`a request to be held ${at}: ${this.output}`, () => this.held.includes(at));
    this.held.length = 0;
  }

  /** Lets the held request go on. */
  goOn(from: Step): void {
    this.child.send({ goOn: from } satisfies GoOn);
  }

  /** Stops it where it is, as its virtual machine may be. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  /** Lets it go on. */
  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** Ends it at once, as a power cut would. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Asks it to end. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    this.client.close();
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    if (signal === 'SIGTERM') this.child.kill('SIGCONT');
    await exit;
  }
}
