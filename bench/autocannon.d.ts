/** The part of autocannon 8 that the benchmark uses; the package has no types of its own. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  interface Request {
    method?: string;
    path?: string;
    headers?: Record<string, string>;
    body?: string;
    /** Called before each request; what it gives back is sent. */
    setupRequest?: (request: Request) => Request;
  }

  interface Options {
    url: string;
    connections: number;
    requests: Request[];
    /** Requests to send in all; without it, they go on until `stop()`. */
    amount?: number;
    duration?: number;
    /** How long an answer may take, in seconds. */
    timeout?: number;
    /** How often it looks whether to stop, in milliseconds. */
    sampleInt?: number;
  }

  /** One connection. */
  interface Client {
    /** It closes after the answer that makes it so many. */
    responseMax?: number;
  }

  interface Result {
    errors: number;
    timeouts: number;
    non2xx: number;
  }

  /** Emits `response` with the client, the status, the bytes and the milliseconds of each answer. */
  interface Instance extends EventEmitter, PromiseLike<Result> {
    stop(): void;
  }

  export default function autocannon(options: Options): Instance;
}
