import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { until } from '../../support/until.js';

/** A job that the partner was told to do. */
interface Job {
  /** The uuid of the task that it is for. */
  key: string;
  name: string;
}

/** The other company that the applications let work for them. It answers when the test wants it to. */
export class Partner {
  private readonly jobs: Job[] = [];
  private readonly held = new Map<string, (() => void)[]>();
  private readonly known = new Map<string, 'done' | 'never'>();
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on a job of that name is not answered, until it is let go. */
  hold(name: string): void {
    this.held.set(name, []);
  }

  letGo(name: string): void {
    const waiting = this.held.get(name) ?? [];
    this.held.delete(name);
    for (const goOn of waiting) goOn();
  }

  /** Waits until a job of that name has come in. */
  job(name: string): Promise<Job> {
    return until(`the job ${name}`, () => this.jobs.find((job) => job.name === name));
  }

  /** How often a job of that name has come in. */
  times(name: string): number {
    return this.jobs.filter((job) => job.name === name).length;
  }

  /** What it tells from now on when it is asked about a job; before, it cannot say. */
  tells({ key }: Job, what: 'done' | 'never'): void {
    this.known.set(key, what);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const key = request.url?.split('/').at(-1) ?? '';
    if (request.method === 'PUT') {
      const { name } = (await json(request)) as { name: string };
      this.jobs.push({ key, name });
      const waiting = this.held.get(name);
      if (waiting !== undefined) await new Promise<void>((resolve) => waiting.push(resolve));
      return answer(response, 200, key);
    }
    const what = this.known.get(key);
    answer(response, what === 'done' ? 200 : what === 'never' ? 410 : 503, key);
  }
}

function answer(response: ServerResponse, status: number, key: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ number: `job of ${key}` }));
}
