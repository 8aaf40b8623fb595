/** What becomes of a request, in the server's words. */
export type TaskState = 'pending' | 'processing' | 'success' | 'failure' | 'unknown';

/** The record of one request, as a look-up shows it. */
export interface Task {
  uuid: string;
  /** What is done, such as `create`. */
  task: string;
  state: TaskState;
  /**
   * Whether it was accepted. `true`: the same request under the same tag is refused. `false`: it was not, and may be
   * sent again. `null`: that is being found out.
   */
  accepted: boolean | null;
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
}

/** What the server says of a request that was neither accepted nor judged: it may be sent again as it is. */
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

/** Whether it failed for a reason that has nothing to do with the request itself. */
export function maySendAgain(task: Task): boolean {
  return wasRejected(task) && NEVER_JUDGED.includes(task.fault?.code ?? 0);
}

/** The task of a refusal, `409 That request is already accepted`, in whatever envelope it comes; or `null`. */
export function taskOfRefusal(body: unknown): Task | null {
  if (typeof body !== 'object' || body === null) return null;
  for (const part of [body, ...(Object.values(body) as unknown[])]) {
    const { message, task } = (part ?? {}) as { message?: unknown; task?: unknown };
    if (message === 'That request is already accepted' && isTask(task)) return task;
  }
  return null;
}
