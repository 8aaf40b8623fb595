import type { Outcome, Resource } from './task.states.js';

/** What a tracked handler's requests mean. */
export interface TrackedOptions<Answer, Request = unknown> {
  /** Name of what the request does. May throw an error for a request that does nothing known; nothing is recorded. */
  task: (request: Request) => string;

  /** What it acts on, as far as the request tells. @default nothing */
  resource?: (request: Request) => Resource | null;

  /** What became of the request, by the handler's answer. @default success */
  outcome?: (answer: Answer, request: Request) => Outcome;
}

export const TRACKED = Symbol('TRACKED');
