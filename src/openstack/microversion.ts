import type { IncomingMessage } from 'node:http';
import { BadRequest, UnsupportedMicroversion } from './faults.js';

/** A microversion `2.minor`, by its minor number: it only grows, and the major one never changes. */
export type Microversion = number;

export const MIN_MICROVERSION: Microversion = 1;
/** The highest version of this server's own API. */
export const MAX_MICROVERSION: Microversion = 60;

/**
 * The microversion that a request asks for: by `OpenStack-API-Version`, which may list several services, or
 * by the older `X-OpenStack-Nova-API-Version`; 2.1 without either (nova/api/openstack/api_version_request.py;
 * the headers as microversion_parse reads them).
 *
 * @throws BadRequest for a malformed version, UnsupportedMicroversion for one out of range
 */
export function readMicroversion(
  { headers }: Pick<IncomingMessage, 'headers'>,
  max: Microversion = MAX_MICROVERSION,
): Microversion {
  const asked =
    forCompute(headers['openstack-api-version']) ?? lastOf(headers['x-openstack-nova-api-version']);
  if (asked === undefined) return MIN_MICROVERSION;
  const text = asked.trim();
  if (text === 'latest') return max;
  const match = /^([1-9]\d*)\.([1-9]\d*|0)$/.exec(text);
  if (match === null) {
    throw new BadRequest(
      `API Version String ${text} is of invalid format. Must be of format MajorNum.MinorNum.`,
    );
  }
  const minor = Number(match[2]);
  if (match[1] !== '2' || minor < MIN_MICROVERSION || minor > max) {
    throw new UnsupportedMicroversion(text, format(MIN_MICROVERSION), format(max));
  }
  return minor;
}

/** `60` is `2.60`. */
export function format(version: Microversion): string {
  return `2.${version}`;
}

/** The last entry that names compute and a version counts. */
function forCompute(header: string | string[] | undefined): string | undefined {
  return header
    ?.toString()
    .split(',')
    .map((entry) => entry.trim().split(/\s+/))
    .findLast(([service, version]) => service?.toLowerCase() === 'compute' && version !== undefined)
    ?.slice(1)
    .join(' ');
}

/** Node joins repeated headers with `, `. */
function lastOf(header: string | string[] | undefined): string | undefined {
  return header?.toString().split(',').at(-1);
}
