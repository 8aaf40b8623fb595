/** The longest time of Node's timers; anything longer becomes 1 ms. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * The result of a promise, if it comes in time.
 *
 * @throws Error with the code `ETIMEDOUT` when it takes longer than `ms` milliseconds; the work goes on
 */
export function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  // Written by hand: `Promise.race` makes several promises, and every request passes here.
  return new Promise((resolve, reject) => {
    const late = () => reject(Object.assign(new Error(`no answer in ${ms} ms`), { code: 'ETIMEDOUT' }));
    const timer = setTimeout(late, Math.min(ms, LONGEST_MS));
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as it came
        reject(error);
      },
    );
  });
}
