import type { Task } from '../../../src/client/index.js';

/** One request that was made. */
export interface Made {
  method: string;
  url: string;
  headers: Headers;
  init: RequestInit;
}

/** What the network does with a request: an answer, none, or an error. */
export type Reaction = Response | Error | 'nothing' | ((made: Made) => Reaction | Promise<Reaction>);

/** A `fetch` that does what it is told, one thing after the other, and keeps what it was asked. */
export class ScriptedFetch {
  readonly made: Made[] = [];

  constructor(private readonly script: Reaction[]) {}

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const made = { method: init.method ?? 'GET', url, headers: new Headers(init.headers), init };
    this.made.push(made);
    let reaction = this.script.shift();
    while (typeof reaction === 'function') reaction = await reaction(made);
    if (reaction === undefined) throw new Error(`The script is over: ${made.method} ${url}`);
    if (reaction === 'nothing') return untilAborted(init.signal as AbortSignal);
    if (reaction instanceof Error) throw reaction;
    return reaction;
  };

  /** What was made, as `POST` and `GET`. */
  get methods(): string[] {
    return this.made.map(({ method }) => method);
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}

/** What `fetch` says of a connection that broke. */
export const RESET = new TypeError('fetch failed');

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers });
}

/** The answer to a look-up. */
export function found(...tasks: Task[]): Response {
  return json(200, { tasks, tasks_links: [] });
}

/** The refusal of a request that is accepted already. */
export function refused(task: Task): Response {
  const message = 'That request is already accepted';
  return json(409, { conflictingRequest: { code: 409, message, task } });
}

/** A task of the tag `order 4711`. */
export function aTask(more: Partial<Task> = {}): Task {
  const isOpen = more.state === 'pending' || more.state === 'unknown';
  return {
    uuid: '01a206bf-6dfb-736d-ab4c-140248cab156',
    task: 'create',
    state: 'success',
    accepted: isOpen ? null : more.state !== 'failure',
    ended: !isOpen && more.state !== 'processing',
    resource: { server: 'b06853cb-20be-4c6a-9090-ae0317ce137f' },
    request_id: null,
    user_id: 'alice',
    project_id: 'demo',
    start_time: '2026-01-31T12:00:00.000Z',
    last_updated: '2026-01-31T12:00:02.013Z',
    tag: 'order 4711',
    fault: null,
    resolved: null,
    sent_at: null,
    answered_at: null,
    ended_at: null,
    observation: null,
    ...more,
  };
}
