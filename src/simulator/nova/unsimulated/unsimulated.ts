import type { Caller } from '../../../identity/caller.js';
import { Gone, NotFound, NotImplemented } from '../../../openstack/faults.js';
import type { Microversion } from '../../../openstack/microversion.js';
import { assertAdmin } from '../policy.js';

/** A feature of Nova that the simulated cloud lacks. */
export interface Unsimulated {
  /** The microversions that have it. @default all */
  since?: Microversion;
  until?: Microversion;
  /** Nova's policy, if only administrators may use it. @default for all users */
  policy?: string;
  /** Whether Nova has dropped it. @default false */
  gone?: boolean;
}

/**
 * Refuses it like a Nova that lacks it: Nova's own refusals come first.
 *
 * @throws NotFound, Gone or Forbidden, in Nova's words; otherwise NotImplemented, which names the missing feature
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
