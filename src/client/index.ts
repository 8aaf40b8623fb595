/**
 * A `fetch` whose requests can be found again when their answer was lost. For browsers and Node; it imports nothing.
 *
 * @packageDocumentation
 */
export type { BackOff, Clock } from './clock.js';
export { NoAnswerError } from './fetch-whole.js';
export { type FetchWithTagOptions, fetchWithTag, TaggedFetchError } from './fetch-with-tag.js';
export { LookUpError } from './inquiry.js';
export {
  type HeadersOf,
  type LookUp,
  openstack,
  type OpenStackAddress,
  type Question,
  tasks,
  type TasksAddress,
} from './look-up.js';
export type { TaggedRequest } from './outgoing.js';
export type { TaggedInit, TaggedOptions } from './options.js';
export {
  type Abandoned,
  type Accepted,
  type Answered,
  type NotAccepted,
  TaggedAbortError,
  type TaggedResult,
  type ResultFacts,
  type Unanswered,
  type Unknown,
} from './result.js';
export { tagged, type TaggedFetch } from './tagged.js';
export type { Task, TaskState } from './task.js';
