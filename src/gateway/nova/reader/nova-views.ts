import type { Fault } from '../../../tasks/task.states.js';

/** A server as administrators see it; fields that an answer omits, as for a cell that is down, are `null`. */
export interface ServerView {
  id: string;
  projectId: string | null;
  userId: string | null;
  /** `UNKNOWN` while its cell is down. */
  status: string;
  vmState: string | null;
  taskState: string | null;
  /** Whether it has ever been completed. */
  isLaunched: boolean;
  /** Why it is in ERROR; Nova shows it only in ERROR and DELETED. */
  fault: (Fault & { createdAt: number }) | null;
  reservationId: string | null;
  launchIndex: number;
  metadata: Readonly<Record<string, string>>;
  tags: readonly string[];
  createdAt: number;
  /** Time of its last change, such as that of its `task_state`. */
  updatedAt: number;
}

/** The effect of one request on a server (`os-instance-actions`). */
export interface ActionView {
  action: string;
  requestId: string;
  userId: string | null;
  projectId: string | null;
  startTime: number;
  /** `Error` once any of its events has ended in one. */
  message: string | null;
  /** Newest first; empty in a list. */
  events: readonly EventView[];
}

/** One step of an action. Times are epoch milliseconds; a database may keep whole seconds only. */
export interface EventView {
  event: string;
  startTime: number;
  finishTime: number | null;
  /** `Success`, `Error`, or `null` while it is running. */
  result: string | null;
  /** Text for the user (microversion 2.84). */
  details: string | null;
}

/** A move of a server from one host to another (`os-migrations`). */
export interface MigrationView {
  status: string;
  type: string | null;
  createdAt: number;
}

type Fields = Record<string, unknown>;

/** @returns `null` for anything but a server */
export function readServer(value: unknown): ServerView | null {
  const server = fields(value);
  const id = text(server['id']);
  if (id === null) return null;
  const fault = fields(server['fault']);
  return {
    id,
    projectId: text(server['tenant_id']),
    userId: text(server['user_id']),
    status: text(server['status']) ?? 'UNKNOWN',
    vmState: text(server['OS-EXT-STS:vm_state']),
    taskState: text(server['OS-EXT-STS:task_state']),
    isLaunched: text(server['OS-SRV-USG:launched_at']) !== null,
    fault:
      typeof fault['message'] === 'string'
        ? {
            code: number(fault['code']) ?? 500,
            message: fault['message'].trim(),
            createdAt: time(fault['created']) ?? 0,
          }
        : null,
    reservationId: text(server['OS-EXT-SRV-ATTR:reservation_id']),
    launchIndex: number(server['OS-EXT-SRV-ATTR:launch_index']) ?? 0,
    metadata: texts(server['metadata']),
    tags: list(server['tags']).filter((tag) => typeof tag === 'string'),
    createdAt: time(server['created']) ?? 0,
    updatedAt: time(server['updated']) ?? Infinity,
  };
}

/** @returns `null` for anything but an action */
export function readAction(value: unknown): ActionView | null {
  const action = fields(value);
  const name = text(action['action']);
  const requestId = text(action['request_id']);
  if (name === null || requestId === null) return null;
  return {
    action: name,
    requestId,
    userId: text(action['user_id']),
    projectId: text(action['project_id']),
    startTime: time(action['start_time']) ?? 0,
    message: text(action['message']),
    events: list(action['events']).map(readEvent),
  };
}

function readEvent(value: unknown): EventView {
  const event = fields(value);
  return {
    event: text(event['event']) ?? '',
    startTime: time(event['start_time']) ?? 0,
    finishTime: time(event['finish_time']),
    result: text(event['result']),
    details: text(event['details']),
  };
}

export function readMigration(value: unknown): MigrationView {
  const migration = fields(value);
  return {
    status: text(migration['status']) ?? '',
    type: text(migration['migration_type']),
    createdAt: time(migration['created_at']) ?? 0,
  };
}

/** The fields of an object; none for any other value. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The items of an array; none for any other value. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text that is not empty, or `null`. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function texts(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Nova's times are UTC, with `Z` or without (nova/api/openstack/compute/views). */
function time(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(at) ? null : at;
}
