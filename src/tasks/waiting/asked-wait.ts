/** The longest wait, in seconds. Proxies cut connections that are silent for long. */
export const LONGEST_WAIT_S = 60;

/** The rule for the parameter, in words. */
export const WAIT_RULE = `a whole number of seconds, from 0 to ${LONGEST_WAIT_S}`;

/** How long a client wants its look-up to wait. */
export interface AskedWait {
  seconds: number;
  /** Whether it said so by `Prefer`, which the answer confirms. */
  isPreferred: boolean;
}

/** The seconds of the parameter `wait`; `null` when it breaks the rule. */
export function waitSeconds(text: string): number | null {
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  return seconds <= LONGEST_WAIT_S ? seconds : null;
}

/**
 * How long a look-up is to wait, by its parameter or by `Prefer: wait=` (RFC 7240); the parameter wins.
 *
 * @param parameter its seconds; `undefined` without one
 * @param prefer the header; several lines joined by commas, as Node does it
 * @returns `null` when it is not to wait
 */
export function askedWait(
  parameter: number | undefined,
  prefer: string | string[] | undefined,
): AskedWait | null {
  if (parameter !== undefined) return { seconds: parameter, isPreferred: false };
  const seconds = prefer === undefined ? null : preferredWait(String(prefer));
  return seconds === null ? null : { seconds, isPreferred: true };
}

/** A preference that is invalid is as if it were not there; of several, the first counts (RFC 7240, section 2). */
function preferredWait(prefer: string): number | null {
  for (const preference of prefer.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? []) {
    const [, value] = /^\s*wait\s*=\s*"?([^";\s]*)"?\s*(?:;|$)/i.exec(preference) ?? [];
    if (value !== undefined) return /^\d+$/.test(value) ? Math.min(Number(value), LONGEST_WAIT_S) : null;
  }
  return null;
}
