import type { NovaProxy, Trouble } from '../../support/openstack/nova-proxy.js';
import type { Fault, Lane } from './fault.js';

/** What becomes of what a replica sends to Nova, and of Nova's answers: see NovaProxy. */
const TROUBLES: readonly Trouble[] = ['reset', 'half', 'page', 'silence', 'hold', 'keep', 'swallow'];

/** The way of one replica to Nova. */
export function novaLane(ways: readonly NovaProxy[]): Lane {
  const targets = ways.map((_, n) => n + 1);
  const at = (number: number) => ways[number - 1] as NovaProxy;
  const troubles = TROUBLES.map((trouble): Fault => ({
    name: `${trouble} between Nova and replica`,
    targets,
    lasts: [300, 5_000],
    begin: (number) => void (at(number).trouble = trouble),
    end: (number) => at(number).release(),
  }));
  const cut: Fault = {
    name: 'no connection between Nova and replica',
    targets,
    lasts: [300, 5_000],
    begin: (number) => at(number).close(),
    end: (number) => at(number).open(),
  };
  return { name: 'ways to Nova', pauses: [1_000, 6_000], faults: [...troubles, cut, cut] };
}
