import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { AwayError, SignedOutError } from './errors.js';

/** Since when the server has not answered, in epoch milliseconds of this computer; `null` while it does. */
export const awaySince = signal<number | null>(null);

/** Whether what is shown follows the server. People may stop it, to read in peace. */
export const isLive = signal(true);

/** Between tries while the server does not answer, in milliseconds: longer each time. */
const TRIES_MS = [1000, 2000, 4000, 8000];

/** What is known of something that is asked for again and again. */
export interface Live<T> {
  /** The latest answer; `null` before the first one. */
  latest: T | null;
  /** Whether that is for what was asked before. */
  isStale: boolean;
  /** Why the server refuses to answer. */
  refusal: string | null;
  /** Asks at once. */
  again: () => void;
}

/**
 * Asks for something, and again while the page is seen. What was known stays while the server is away.
 *
 * @param key what is asked for; another one is asked at once
 * @param everyMs the time between two questions, by the latest answer
 */
export function useLive<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  everyMs: (latest: T) => number,
): Live<T> {
  const [known, setKnown] = useState<{ key: string; latest: T | null; refusal: string | null }>({
    key,
    latest: null,
    refusal: null,
  });
  const ask = useRef<() => void>(() => undefined);

  useEffect(() => {
    const leaving = new AbortController();
    let timer: number | undefined;
    let isAsking = false;
    let failures = 0;

    const later = (ms: number) => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        if (!document.hidden && (isLive.value || failures > 0)) void question();
        else later(1000);
      }, ms);
    };
    const question = async () => {
      if (isAsking) return;
      isAsking = true;
      try {
        const latest = await load(leaving.signal);
        failures = 0;
        awaySince.value = null;
        setKnown({ key, latest, refusal: null });
        later(everyMs(latest));
      } catch (error) {
        if (leaving.signal.aborted || error instanceof SignedOutError) return;
        if (error instanceof AwayError) {
          awaySince.value ??= Date.now();
          later(TRIES_MS[Math.min(failures++, TRIES_MS.length - 1)] ?? 0);
        } else {
          awaySince.value = null;
          setKnown(({ latest }) => ({ key, latest, refusal: (error as Error).message }));
          later(10_000);
        }
      } finally {
        isAsking = false;
      }
    };
    const seen = () => {
      if (!document.hidden && isLive.value) void question();
    };
    ask.current = () => void question();
    document.addEventListener('visibilitychange', seen);
    addEventListener('online', seen);
    void question();
    return () => {
      leaving.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
      removeEventListener('online', seen);
    };
  }, [key]);

  return {
    latest: known.latest,
    isStale: known.key !== key,
    refusal: known.key === key ? known.refusal : null,
    again: () => ask.current(),
  };
}
