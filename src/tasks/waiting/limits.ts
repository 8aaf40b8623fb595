/** How long a wait may last. */
export interface WaitLimits {
  /** How long it waits at most, in milliseconds. */
  ms: number;
  /** Ends the wait, such as when the client has gone. @default none */
  signal?: AbortSignal;
}

/** The part of an `AbortSignal` that a wait needs: ten thousand whole ones take much memory. */
export interface GoneSignal {
  readonly aborted: boolean;
  addEventListener: (type: 'abort', listener: () => void) => void;
  removeEventListener: (type: 'abort', listener: () => void) => void;
}

/** The same limits, with any such signal. */
export type Limits = Pick<WaitLimits, 'ms'> & { signal?: GoneSignal };
