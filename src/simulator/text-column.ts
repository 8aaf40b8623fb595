import { BadRequest } from '../openstack/faults.js';

/** The most that fits into a text column of every database, in bytes. */
const LIMIT = 65_000;

/**
 * Asserts that a value fits into a `simple-json` column; SQLite would accept a longer one, other databases would not.
 *
 * @param what the owner of the metadata, for the text of the error
 * @throws BadRequest if it does not: only metadata can make it so long
 */
export function assertFits(value: unknown, what: 'a server' | 'an image'): void {
  if (Buffer.byteLength(JSON.stringify(value)) > LIMIT) {
    throw new BadRequest(`The metadata is too large for ${what} of the simulated cloud.`);
  }
}
