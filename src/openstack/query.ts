import type { FastifyRequest } from 'fastify';
import { queryPairs, splitUrl, toText } from '../url/percent-encoding.js';

/** The query parameters of a request as texts. Of one that comes more than once, the first counts. */
export function queryOf(request: FastifyRequest): Map<string, string> {
  const [, query] = splitUrl(request.originalUrl);
  const pairs = queryPairs(query).map(([name, value]) => [toText(name), toText(value)] as const);
  return new Map(pairs.reverse());
}
