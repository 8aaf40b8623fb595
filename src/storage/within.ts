/** The longest that Node's timers take; of anything longer they make 1 ms. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * What a promise gives, when it does so in time.
 *
 * @throws Error with the code `ETIMEDOUT` when it takes longer than `ms` milliseconds; what it does goes on
 */
export function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  // By hand: `Promise.race` takes several promises for one, and this is on the way of every request.
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
