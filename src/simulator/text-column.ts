import { BadRequest } from '../openstack/faults.js';

/** What fits into a text column of every database, in bytes. */
const LIMIT = 65_000;

/**
 * Asserts that a value fits into a `simple-json` column; SQLite would take a longer one, other databases would not.
 *
 * @param what whose metadata it holds, for the text of the error
 * @throws BadRequest when it does not: metadata is what can make it long
 */
export function assertFits(value: unknown, what: 'a server' | 'an image'): void {
  if (Buffer.byteLength(JSON.stringify(value)) > LIMIT) {
    throw new BadRequest(`The metadata is too large for ${what} of the simulated cloud.`);
  }
}
