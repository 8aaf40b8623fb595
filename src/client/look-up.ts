import type { TaggedRequest } from './outgoing.js';
import type { Task } from './task.js';

/** What `fetch` takes for headers. */
export type HeadersOf = NonNullable<RequestInit['headers']>;

/** How to ask for the tasks of a tag. */
export interface Question {
  /** Absolute, or relative to the request's. */
  url: string | URL;
  /**
   * Headers of the question. Without them it has those of the request that are not about its body, such as a token;
   * but not when it goes to another origin.
   */
  headers?: HeadersOf;
  /**
   * What 404 means: that there is no task of the tag (`nothing`), or that the address is wrong. @default 'nothing'
   */
  notFound?: 'nothing' | 'wrong address';
  /** Which of the tag's tasks can be the one of this request. @default each of them */
  matches?: (task: Task) => boolean;
}

/**
 * Makes the question of a tag; a mere address will do. It must be answered with `{"tasks": […]}`, newest first, or with
 * that in an envelope of the host's, such as `{"data": {"tasks": […]}}`.
 */
export type LookUp = (tag: string, request: TaggedRequest) => string | URL | Question;

/** Where a library host lists its tasks. */
export interface TasksAddress {
  /** The list's address, such as `https://shop.example/tasks`; the tag is added as `?tag=`. */
  url: string | URL;
  headers?: HeadersOf;
  /**
   * Where a tag stands for several requests: which of its tasks can be the one of this request, such as
   * `(task) => task.task === 'order'`. @default each of them
   */
  matches?: (task: Task, request: TaggedRequest) => boolean;
}

/**
 * Asks a list of tasks that takes `?tag=` and is empty for a tag that it does not know. A 404 is no answer then: the
 * address is wrong, or nobody there records tasks.
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
 * Asks the compute API, by `GET {endpoint}/tasks?tag=…`, with the request's own token. Of several tasks of a tag it
 * takes creates for a create, and for any other request those on the same server.
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
