import type { FastifyRequest } from 'fastify';
import { isUtf8 } from 'node:buffer';
import { BadRequest } from '../../openstack/faults.js';
import { queryPairs, splitUrl, toText } from '../../url/percent-encoding.js';

/** The query parameters of a request as texts. If one is repeated, the last counts, as in Nova. */
export function queryOf(request: FastifyRequest): Map<string, string> {
  return new Map(pairsOf(request).map(([name, value]) => [toText(name), toText(value)] as const));
}

/**
 * The query parameters of a request, with all of their values in order.
 *
 * @throws BadRequest for a query that is not UTF-8, in Nova's words
 */
export function queryLists(request: FastifyRequest): Record<string, string[]> {
  const lists = new Map<string, string[]>();
  for (const pair of pairsOf(request)) {
    if (!pair.every((bytes) => isUtf8(Buffer.from(bytes, 'latin1')))) {
      throw new BadRequest('Query string is not UTF-8 encoded');
    }
    const [name, value] = pair.map(toText) as [string, string];
    lists.set(name, [...(lists.get(name) ?? []), value]);
  }
  return Object.fromEntries(lists);
}

function pairsOf(request: FastifyRequest): [name: string, value: string][] {
  const [, query] = splitUrl(request.originalUrl);
  return queryPairs(query);
}
