import type { Statement } from './statement.js';

/** A statement did not change as many rows as it must. */
class NotAllError extends Error {}

/** @throws an error that `allOrNothing` knows, when a statement did not change as many rows as it must */
export function expectChanged(changed: number, { mustChange }: Statement): void {
  if (mustChange !== undefined && changed !== mustChange) throw new NotAllError();
}

/**
 * Does work in a transaction.
 *
 * @param transaction undoes all when it is rejected
 * @returns false when `expectChanged` has stopped it
 */
export async function allOrNothing(transaction: () => Promise<unknown>): Promise<boolean> {
  try {
    await transaction();
    return true;
  } catch (error) {
    if (error instanceof NotAllError) return false;
    throw error;
  }
}
