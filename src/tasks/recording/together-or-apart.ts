import { isDeadlock, isLockTimeout, isPerhapsOneRows } from '../../storage/driver-errors.js';
import { retryDeadlocks } from '../../storage/retry-deadlocks.js';
import { RecorderBusyError } from './recorder-busy.error.js';

/**
 * Writes items together. When the database refuses the whole group, each is written by itself, so that a bad one fails
 * alone.
 *
 * @param write writes a group, all of it or nothing, and returns the result of each
 * @throws what `write` throws when that is no item's fault, such as a lost connection: no result is known then
 */
export async function togetherOrApart<Item, Result>(
  items: Item[],
  write: (items: Item[]) => Promise<Result[]>,
): Promise<PromiseSettledResult<Result>[]> {
  try {
    return await together(items, write);
  } catch (error) {
    if (!isPerhapsOneRows(error)) throw error;
    if (items.length === 1) return [{ status: 'rejected', reason: reasonOf(error) }];
    return Promise.all(items.map((item) => alone(item, write)));
  }
}

async function together<Item, Result>(items: Item[], write: (items: Item[]) => Promise<Result[]>) {
  const results = await retryDeadlocks(isDeadlock, () => write(items));
  return results.map((value) => ({ status: 'fulfilled' as const, value }));
}

async function alone<Item, Result>(
  item: Item,
  write: (items: Item[]) => Promise<Result[]>,
): Promise<PromiseSettledResult<Result>> {
  try {
    return (await together([item], write))[0] as PromiseFulfilledResult<Result>;
  } catch (error) {
    return { status: 'rejected', reason: reasonOf(error) };
  }
}

/** A locked row is not the request's fault: it may be sent again. */
function reasonOf(error: unknown): unknown {
  return isLockTimeout(error) ? new RecorderBusyError() : error;
}
