/** The state of a request, in the server's words. */
export type TaskState = 'pending' | 'processing' | 'success' | 'failure' | 'unknown';

/** The record of one request, as a look-up shows it. */
export interface Task {
  uuid: string;
  /** The action, such as `create`. */
  task: string;
  state: TaskState;
  /**
   * Whether it was accepted. `true`: the same request under the same tag is refused. `false`: it was not, and may be
   * sent again. `null`: not known yet.
   */
  accepted: boolean | null;
  /** Whether it has ended, well or badly. */
  ended: boolean;
  /** What it acts on: kind and id, such as `{ server: '…' }`. */
  resource: Record<string, string>;
  request_id: string | null;
  user_id: string;
  project_id: string;
  /** RFC 3339, UTC. */
  start_time: string;
  /** RFC 3339, UTC. */
  last_updated: string;
  tag: string | null;
  /** Why it failed. */
  fault: { code: number; message: string } | null;
  /**
   * Who ended it by hand, when (RFC 3339, UTC) and why: an administrator who resolved it, or whoever abandoned the tag;
   * `null`: nobody.
   */
  resolved: { by: string; at: string; reason: string | null } | null;
  /** When it was handed on, answered, and ended (RFC 3339, UTC); `null`: not yet, or nobody knows. */
  sent_at: string | null;
  answered_at: string | null;
  ended_at: string | null;
  /** When it will be removed because of its age (RFC 3339, UTC); left out in refusals. */
  expires_at?: string | null;
  /** The same requests that came later; left out in refusals. */
  duplicates?: { refused: number; answered: number; last_at: string | null };
  /** Of an open task: when it was last looked at, and why it is still open. */
  observation: { at: string; why: string; next_at: string | null } | null;
}

/** The server's codes for a request that was neither accepted nor judged: it may be sent again unchanged. */
const NEVER_JUDGED = [408, 503];

export function isTask(value: unknown): value is Task {
  const { uuid, state } = (value ?? {}) as Partial<Task>;
  return typeof uuid === 'string' && typeof state === 'string';
}

export function hasEnded({ state }: Task): boolean {
  return state === 'success' || state === 'failure';
}

/** Whether it is known by now whether the request was accepted. */
export function isDecided({ state }: Task): boolean {
  return state !== 'pending' && state !== 'unknown';
}

export function wasRejected({ state, accepted }: Task): boolean {
  return state === 'failure' && accepted === false;
}

/** Whether it failed for a reason that lies outside the request itself. */
export function maySendAgain(task: Task): boolean {
  return wasRejected(task) && NEVER_JUDGED.includes(task.fault?.code ?? 0);
}

/**
 * The task in a refusal, `409 That request is already accepted`; or `null`. A host may translate the message, but
 * keeps the code.
 */
export function taskOfRefusal(body: unknown): Task | null {
  for (const { code, message, task } of inEnvelopes<'code' | 'message' | 'task'>(body)) {
    const isRefusal = code === 'DUPLICATE_REQUEST' || message === 'That request is already accepted';
    if (isRefusal && isTask(task)) return task;
  }
  return null;
}

/** Whether it is no request, but says that its tag was abandoned. */
export function isAbandonment(task: Task): boolean {
  return task.task === 'abandon' && wasRejected(task) && task.fault?.code === 410;
}

/** The abandonment in a refusal, `410 This tag was abandoned`; or `null`: an application may have 410s of its own. */
export function abandonmentOf(body: unknown): Task | null {
  for (const { task } of inEnvelopes<'task'>(body)) if (isTask(task) && isAbandonment(task)) return task;
  return null;
}

/** The list in a look-up's answer, and whether there are more pages; or `null` for any other body. */
export function listOf(body: unknown): { tasks: Task[]; hasMore: boolean } | null {
  const parts = inEnvelopes<'tasks' | 'tasks_links'>(body);
  const hasMore = parts.some(({ tasks_links: links }) => Array.isArray(links) && links.length > 0);
  for (const { tasks } of parts) if (Array.isArray(tasks) && tasks.every(isTask)) return { tasks, hasMore };
  return null;
}

/** A body, and the objects in it: hosts wrap their answers, such as `{"data": …}` or `{"error": …}`. */
function inEnvelopes<Name extends string>(body: unknown): Partial<Record<Name, unknown>>[] {
  if (typeof body !== 'object' || body === null) return [];
  const inside = (Object.values(body) as unknown[]).filter(
    (part) => typeof part === 'object' && part !== null && !Array.isArray(part),
  );
  return [body, ...inside] as Partial<Record<Name, unknown>>[];
}
