/** Time and randomness, replaceable in tests. */
export interface Clock {
  /** Epoch milliseconds. */
  now: () => number;
  /** Resolves after a number of milliseconds, or as soon as the signal aborts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to, but not including, 1. */
  random: () => number;
}

/** The longest delay a timer takes; with a longer one it would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The real clock. */
export const CLOCK: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, Math.min(ms, LONGEST_TIMER_MS));
      signal.addEventListener('abort', end);
    }),
};

/** How long to wait before the next try: a random part of a time that doubles, so that clients do not retry in step. */
export interface BackOff {
  /** The longest wait before the second try, in milliseconds. */
  firstMs: number;
  /** The longest wait before any try, in milliseconds. */
  mostMs: number;
}

/** A wait before the next try. */
export interface Pause {
  backOff: BackOff;
  /** How many tries there have been. */
  tries: number;
  /** The shortest wait, in milliseconds. */
  leastMs: number;
  /** After this time there is no further try, in epoch milliseconds. */
  until: number;
}

/**
 * Waits before the next try.
 *
 * @returns false, at once, when no time is left for it
 * @throws the signal's reason, as soon as the signal aborts
 */
export async function pause(
  clock: Clock,
  signal: AbortSignal,
  { backOff, tries, leastMs, until }: Pause,
): Promise<boolean> {
  const most = Math.min(backOff.mostMs, backOff.firstMs * 2 ** Math.min(tries - 1, 30));
  const ms = Math.max(leastMs, clock.random() * most);
  if (clock.now() + ms >= until) return false;
  await clock.sleep(ms, signal);
  signal.throwIfAborted();
  return true;
}

/** The wait that an answer's `Retry-After` asks for, in milliseconds; 0 without one. */
export function retryAfterMs({ headers }: Response, { now }: Clock): number {
  const value = headers.get('retry-after');
  if (value === null) return 0;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
