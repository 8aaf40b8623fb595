import type { TaggedRequest } from './outgoing.js';
import type { Task } from './task.js';

/** The types that `fetch` takes as headers. */
export type HeadersOf = NonNullable<RequestInit['headers']>;

/** How to ask for the tasks of a tag. */
export interface Question {
  /** Absolute, or relative to the request's. */
  url: string | URL;
  /**
   * Headers of the look-up. By default it gets the request's own headers, such as its token, without those about its
   * body; a look-up that goes to another origin gets none.
   */
  headers?: HeadersOf;
  /**
   * What 404 means: the tag has no task (`nothing`), or the address is wrong. @default 'nothing'
   */
  notFound?: 'nothing' | 'wrong address';
  /** Which of the tag's tasks may belong to this request. @default all of them */
  matches?: (task: Task) => boolean;
}

/**
 * Makes the look-up of a tag; a plain address will do. The answer must be `{"tasks": […]}`, newest first, or that
 * inside an envelope of the host's, such as `{"data": {"tasks": […]}}`.
 */
export type LookUp = (tag: string, request: TaggedRequest) => string | URL | Question;

/** Where a library host lists its tasks. */
export interface TasksAddress {
  /** The list's address, such as `https://shop.example/tasks`; the tag is added as `?tag=`. */
  url: string | URL;
  headers?: HeadersOf;
  /**
   * If a tag may cover several requests: which of its tasks may belong to this request, such as
   * `(task) => task.task === 'order'`. @default all of them
   */
  matches?: (task: Task, request: TaggedRequest) => boolean;
}

/**
 * Asks a list of tasks that takes `?tag=` and is empty for an unknown tag. Here 404 does not count as an answer: the
 * address is wrong, or that server records no tasks.
 */
export function tasks({ url, headers, matches }: TasksAddress): LookUp {
  return (tag, request) => ({
    url: `${String(url)}${String(url).includes('?') ? '&' : '?'}tag=${encodeURIComponent(tag)}`,
    notFound: 'wrong address',
    ...(headers !== undefined && { headers }),
    ...(matches !== undefined && { matches: (task: Task) => matches(task, request) }),
  });
}

/** Where the compute API is. */
export interface OpenStackAddress {
  /** The compute endpoint, such as `http://127.0.0.1:8780/v3`. */
  endpoint: string | URL;
  headers?: HeadersOf;
}

/**
 * Asks the compute API, by `GET {endpoint}/tasks?tag=…`, with the request's own token. If a tag has several tasks,
 * a create is matched with creates, and any other request with those on the same server.
 */
export function openstack({ endpoint, headers }: OpenStackAddress): LookUp {
  return tasks({
    url: `${String(endpoint).replace(/\/+$/, '')}/tasks`,
    ...(headers !== undefined && { headers }),
    matches: isOnSameServer,
  });
}

function isOnSameServer({ task, resource }: Task, { url }: TaggedRequest): boolean {
  const [, server] = /.*\/servers\/([^/]+)/.exec(new URL(url).pathname) ?? [];
  return server === undefined
    ? task === 'create'
    : task !== 'create' && resource['server'] === server.toLowerCase();
}
