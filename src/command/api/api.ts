import { setTimeout as pause } from 'node:timers/promises';
import { CommandError, UnreachableError } from '../command.errors.js';
import { EXIT } from '../exit-codes.js';
import type { Address } from './address.js';
import type { Fetch } from './http-fetch.js';
import { jsonOf, messageOf, refusalOf } from './refusal.js';
import { isRow, isTaskRow, type Row, type TaskRow } from './task-row.js';

/** How long an answer may take, in milliseconds, in addition to the time for which the server was asked to wait. */
const TIMEOUT_MS = 30_000;

/** The longest page of a list. */
const PAGE = 1000;

/** How often a page is asked for, and the wait before the second time, in milliseconds. */
const TRIES = 4;
const FIRST_PAUSE_MS = 500;

/** The parameters of a list; one of several values is repeated. */
export type Filter = Readonly<Record<string, string | readonly string[]>>;

/** One page of a list. */
export interface TaskPage {
  tasks: TaskRow[];
  /** Where the next page begins; `null` on the last one. */
  next: string | null;
  /** All that the server has answered. */
  body: Row;
}

/** The marker in the link to the next page: a page may be empty, so its last task cannot tell. */
function markerOf(links: unknown, url: string): string | null {
  if (!Array.isArray(links)) return null;
  const href = links.filter(isRow).find(({ rel }) => rel === 'next')?.['href'];
  // The link may have another host, as one behind a proxy sees it.
  return typeof href === 'string' && URL.canParse(href, url)
    ? new URL(href, url).searchParams.get('marker')
    : null;
}

/** A Tasktag API, as one user sees it. */
export class Api {
  constructor(
    readonly address: Address,
    /** Adds who the user is to each request. */
    readonly fetch: Fetch,
    private readonly signal: AbortSignal,
  ) {}

  /** @param waitS how long the server may wait until all these tasks have ended, in seconds */
  async page(filter: Filter, waitS = 0): Promise<TaskPage> {
    const query = new URLSearchParams();
    for (const [name, values] of Object.entries(filter))
      for (const value of [values].flat()) query.append(name, value);
    if (waitS > 0) query.set('wait', String(waitS));
    const url = `${this.address.list}${query.size > 0 ? `?${query.toString()}` : ''}`;
    const response = await this.get(url, waitS);
    const body = await jsonOf(response);
    if (!response.ok) throw this.refusal(response.status, body);
    const tasks = isRow(body) ? body['tasks'] : null;
    if (!isRow(body) || !Array.isArray(tasks) || !tasks.every(isTaskRow))
      throw new UnreachableError(
        `There is no Tasktag API at ${this.address.list}: its answer has no list of tasks.`,
      );
    return { tasks, next: markerOf(body['tasks_links'], url), body };
  }

  /**
   * All tasks of a list, newest first, page by page. A page that does not come is asked for again; one of a search may be
   * empty, and not be the last.
   */
  async *all(filter: Filter, most = Infinity): AsyncGenerator<TaskRow> {
    let marker: string | undefined;
    for (let left = most; left > 0;) {
      const limit = String(Math.min(left, PAGE));
      const { tasks, next } = await this.patiently(() =>
        this.page({ ...filter, limit, ...(marker !== undefined && { marker }) }),
      );
      yield* tasks;
      left -= tasks.length;
      if (next === null) return;
      marker = next;
    }
  }

  /** One task; `null` when there is none of this uuid. */
  async one(uuid: string, waitS = 0): Promise<TaskRow | null> {
    const response = await this.get(
      `${this.address.list}/${uuid}${waitS > 0 ? `?wait=${waitS}` : ''}`,
      waitS,
    );
    const body = await jsonOf(response);
    if (response.status === 404 && messageOf(body) !== null) return null;
    if (!response.ok) throw this.refusal(response.status, body);
    const task = isRow(body) ? body['task'] : null;
    if (isTaskRow(task)) return task;
    throw new UnreachableError(`There is no Tasktag API at ${this.address.list}: its answer has no task.`);
  }

  /** An action on tasks, which may be repeated. @throws CommandError with what the server says when it refuses */
  async act(name: string, fields: Row): Promise<TaskRow> {
    const body = await this.patiently(async () => {
      const response = await this.fetch(`${this.address.list}/action`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ [name]: fields }),
        signal: this.within(TIMEOUT_MS),
      });
      const answer = await jsonOf(response);
      if (!response.ok) throw this.refusalOfAction(response.status, answer);
      return answer;
    });
    const task = isRow(body) ? body['task'] : null;
    if (isTaskRow(task)) return task;
    throw new UnreachableError(`The answer of ${this.address.list}/action has no task.`);
  }

  private get(url: string, waitS: number): Promise<Response> {
    const headers = { accept: 'application/json' };
    return this.fetch(url, { headers, signal: this.within(TIMEOUT_MS + waitS * 1000) });
  }

  /** Tries again when no answer came, or one of 500 or more. */
  private async patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof UnreachableError) || tries === TRIES) throw error;
        await pause(FIRST_PAUSE_MS * 2 ** (tries - 1), undefined, { signal: this.signal });
      }
    }
  }

  private within(ms: number): AbortSignal {
    return AbortSignal.any([this.signal, AbortSignal.timeout(ms)]);
  }

  private refusalOfAction(status: number, body: unknown): CommandError {
    const message = messageOf(body);
    if (status === 404 && (message === null || message.startsWith('Cannot ')))
      return new CommandError(EXIT.refused, `The API at ${this.address.list} has no such action.`);
    return refusalOf(status, 'The server', this.address.list, message);
  }

  private refusal(status: number, body: unknown): CommandError {
    const { list } = this.address;
    if (status === 404)
      return new UnreachableError(`There is no Tasktag API at ${list}: it answers 404${said(body)}.`);
    return refusalOf(status, 'The server', list, messageOf(body));
  }
}

function said(body: unknown): string {
  const message = messageOf(body);
  return message === null ? '' : `, ${message}`;
}
