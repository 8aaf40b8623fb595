import type { Statement } from './statement.js';

/** A statement did not change the required number of rows. */
class NotAllError extends Error {}

/** @throws an error that `allOrNothing` knows, when a statement did not change the required number of rows */
export function expectChanged(changed: number, { mustChange }: Statement): void {
  if (mustChange !== undefined && changed !== mustChange) throw new NotAllError();
}

/**
 * Does work in a transaction.
 *
 * @param transaction undoes everything when it rejects
 * @returns false when `expectChanged` stopped it
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
