import type { EffectEntry, Entry, ExchangeEntry, RequestEntry, SeenTask } from '../journal/entries.js';

/** Histories for the specs of the checker: what is not said is as in a story without a fault. */

export const TASK = '01a206bf-0000-7000-8000-000000000001';
export const OTHER_TASK = '01a206bf-0000-7000-8000-000000000002';
export const SERVER = 'b06853cb-0000-4000-8000-000000000001';
export const OTHER_SERVER = 'b06853cb-0000-4000-8000-000000000002';

export function request(more: Partial<RequestEntry> = {}): RequestEntry {
  return {
    is: 'request',
    request: 'r1',
    tag: 't',
    action: 'create',
    server: 'vm-r1',
    expected: 'accepted',
    ...more,
  };
}

let ids = 0;

/** An exchange from a second to a second. */
function exchange(start: number, end: number, more: Partial<ExchangeEntry>): ExchangeEntry {
  ids += 1;
  return {
    is: 'exchange',
    id: ids,
    client: 'client 1',
    kind: 'tag',
    tag: 't',
    request: null,
    task: null,
    replica: 1,
    start: start * 1000,
    end: end * 1000,
    fate: 'pass',
    status: 200,
    isRefusal: false,
    tasks: [],
    server: null,
    message: null,
    isFinal: false,
    ...more,
  };
}

export function sent(start: number, end: number, more: Partial<ExchangeEntry> = {}): ExchangeEntry {
  return exchange(start, end, { kind: 'send', request: 'r1', status: 202, ...more });
}

export function refused(start: number, end: number, task: SeenTask, more: Partial<ExchangeEntry> = {}) {
  return sent(start, end, { status: 409, isRefusal: true, tasks: [task], ...more });
}

/** A question by the tag; without tasks it is answered 404. */
export function asked(start: number, end: number, tasks: SeenTask[], more: Partial<ExchangeEntry> = {}) {
  return exchange(start, end, { tasks, status: tasks.length === 0 ? 404 : 200, ...more });
}

/** The reading at the end. */
export function read(tasks: SeenTask[], more: Partial<ExchangeEntry> = {}): ExchangeEntry {
  return asked(900, 901, tasks, { isFinal: true, ...more });
}

export function task(more: Partial<SeenTask> = {}): SeenTask {
  const { state = 'success' } = more;
  const accepted = state === 'pending' || state === 'unknown' ? null : true;
  const resource: Record<string, string> = accepted === null ? {} : { server: SERVER };
  return { uuid: TASK, task: 'create', state, accepted, resource, fault: null, ...more };
}

export function rejectedTask(more: Partial<SeenTask> = {}): SeenTask {
  return task({ state: 'failure', accepted: false, resource: {}, ...more });
}

export function effect(more: Partial<EffectEntry> = {}): EffectEntry {
  return {
    is: 'effect',
    id: SERVER,
    action: 'create',
    server: SERVER,
    name: 'vm-r1',
    task: null,
    begunBy: null,
    ...more,
  };
}

/** A story without a fault, in which everything happened that may happen. */
export function soundHistory(): Entry[] {
  return [
    request(),
    // Lost, and then asked about: not there yet, recorded, refused, found.
    sent(1, 20, { status: null, fate: 'cut' }),
    asked(2, 3, []),
    asked(3, 4, [task({ state: 'pending' })], { replica: 2 }),
    refused(4, 5, task({ state: 'unknown' }), { replica: 3 }),
    asked(6, 9, [task({ state: 'processing' })]),
    // Overlaps: it may have been answered before.
    asked(7, 8, [task()]),
    asked(10, 11, [task()], { kind: 'query' }),
    read([task()]),
    effect({ begunBy: 2500 }),

    request({ request: 'r2', tag: 'u', server: 'vm-r2' }),
    sent(1, 2, { tag: 'u', request: 'r2', server: OTHER_SERVER }),
    asked(1.5, 1.9, [], { tag: 'u' }),
    read([task({ uuid: OTHER_TASK, resource: { server: OTHER_SERVER } })], { tag: 'u' }),
    effect({ id: OTHER_SERVER, server: OTHER_SERVER, name: 'vm-r2', task: OTHER_TASK }),

    request({ request: 'r3', tag: 'v', server: 'vm-r3', expected: 'rejected' }),
    sent(1, 2, { tag: 'v', request: 'r3', status: 400 }),
    read([rejectedTask({ uuid: 'rejected' })], { tag: 'v' }),

    // Never arrived.
    request({ request: 'r4', tag: 'w', server: 'vm-r4' }),
    sent(1, 2, { tag: 'w', request: 'r4', status: 503 }),
    read([], { tag: 'w' }),
  ];
}
