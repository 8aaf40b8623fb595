import type { FingerprintInput } from '../../fingerprint/fingerprint.js';
import { namedParameters } from './named-parameters.js';

/** What is asked for outside HTTP: the kind of it, its place there, and its parameters. */
export interface Named {
  /** In place of a method; none of HTTP's. */
  kind: 'RUN' | 'MUTATION' | 'MESSAGE' | 'EVENT' | 'JOB';
  /** In place of a URL. */
  place: readonly string[];
  parameters: unknown;
}

/** The parts of it that are compared with other requests. */
export function namedDescription({ kind, place, parameters }: Named): FingerprintInput {
  // As JSON, a name is never empty, and has no half of a surrogate pair, which no URL can have.
  const names = place.map((name) => encodeURIComponent(JSON.stringify(name)));
  return { method: kind, url: `/${names.join('/')}`, ...namedParameters(parameters) };
}
