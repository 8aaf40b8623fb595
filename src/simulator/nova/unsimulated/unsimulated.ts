import type { Caller } from '../../../identity/caller.js';
import { Gone, NotFound, NotImplemented } from '../../../openstack/faults.js';
import type { Microversion } from '../../../openstack/microversion.js';
import { assertAdmin } from '../policy.js';

/** Something that Nova does and the simulated cloud does not. */
export interface Unsimulated {
  /** The microversions that have it. @default all */
  since?: Microversion;
  until?: Microversion;
  /** Nova's policy, of what administrators alone may do. @default everybody may */
  policy?: string;
  /** Whether Nova does not do it any more. @default false */
  gone?: boolean;
}

/**
 * Refuses it as a Nova would that cannot do it: first comes what Nova itself would refuse.
 *
 * @throws NotFound, Gone or Forbidden, in Nova's words; else NotImplemented, which says what is not simulated
 */
export function refuse(
  name: string,
  { since = 1, until = Infinity, policy, gone = false }: Unsimulated,
  version: Microversion,
  caller: Caller,
): never {
  if (gone) throw new Gone();
  if (version < since || version > until) throw new NotFound();
  if (policy !== undefined) assertAdmin(caller, policy);
  throw new NotImplemented(`${name} is not simulated. A real Nova has it.`);
}
