import type { Caller } from '../../../identity/caller.js';
import { BadRequest } from '../../../openstack/faults.js';
import { HOST, ZONE } from '../host.js';
import { assertAdmin } from '../policy.js';

/**
 * The zone of a new server. Administrators may name the host too, and its node: `zone:host:node`, each of which may
 * be empty (nova/compute/api.py, `parse_availability_zone`).
 *
 * @throws BadRequest or Forbidden, in Nova's words
 */
export function zoneOf(asked: string | undefined, caller: Caller): string {
  const [zone = '', host = '', node = '', ...more] = (asked ?? '').split(':');
  if (more.length > 0) throw new BadRequest('Invalid input received: Unable to parse availability_zone');
  if (host !== '' || node !== '') {
    assertAdmin(caller, 'servers:create:forced_host');
    const unknown = [host, node].find((name) => name !== '' && name !== HOST);
    if (unknown !== undefined) throw new BadRequest(`Compute host ${unknown} could not be found.`);
  }
  if (zone !== '' && zone !== ZONE) throw new BadRequest('The requested availability zone is not available');
  return ZONE;
}
