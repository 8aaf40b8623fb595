import { nodeRequest } from '../../http/node-http.js';
import { requestFact } from '../../http/request-fact.js';
import { parseUrl, type RequestUrl } from './api-url.js';

const parsed = requestFact<RequestUrl>('urlOf');

/**
 * The URL of a request as its client wrote it, taken apart once. Routing asks first, when Node's own request is all there
 * is: it is remembered with that one.
 *
 * @param request Fastify's or Node's own
 */
export function urlOf(request: object): RequestUrl {
  const message = nodeRequest(request);
  const written = (request as { originalUrl?: string }).originalUrl ?? message.url ?? '/';
  const known = parsed.known(message);
  // The router gives the request another URL; what is known must be of this one.
  if (known?.written === written) return known;
  const url = parseUrl(written);
  parsed.set(message, url);
  return url;
}
