import { signal } from '@preact/signals';

/** How far the server's clock is ahead, in milliseconds: people's computers may be wrong by minutes. */
let ahead = 0;

/** The server's time, in epoch milliseconds, as of the last few seconds. */
export const now = signal(Date.now());

setInterval(() => {
  if (!document.hidden) now.value = serverTime();
}, 1000);

export function serverTime(): number {
  return Date.now() + ahead;
}

/** Sets the clock by the `Date` of an answer, which has no fractions of a second. */
export function setClock(date: string | null): void {
  const difference = Date.parse(date ?? '') - Date.now();
  if (Number.isNaN(difference)) return;
  ahead = Math.abs(difference) < 2000 ? 0 : difference;
}
