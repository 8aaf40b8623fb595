/** A server to create. */
export interface Order {
  name: string;
  /** For clients that can send one. */
  tag: string | undefined;
  /** Seconds until the client loses its patience. */
  timeout: number | undefined;
}

/** How a client ended: `ok`, `killed`, or its error in a word. */
export type End = string;

/** A client at work: it creates one server after the other, and deletes each. */
export interface Player {
  /** What it said of its last error, if it said anything. */
  message?: string | undefined;
  create: (order: Order) => Promise<End>;
  /** Does the same again, as whoever got an error, or starts a client again that was killed. */
  again: (order: Order) => Promise<End>;
  /** Ends the client at once, in the middle of a create. */
  kill: () => Promise<void>;
  /** Deletes what it has created, by the id that it knows. */
  remove: () => Promise<End>;
  close: () => Promise<void>;
}
