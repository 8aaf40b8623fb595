import type { IncomingMessage, ServerResponse } from 'node:http';

/** Node's own request, inside the platform's wrapper. */
export function nodeRequest(request: unknown): IncomingMessage {
  return (request as { raw?: IncomingMessage }).raw ?? (request as IncomingMessage);
}

/** Node's own response, likewise. */
export function nodeResponse(response: object): ServerResponse {
  return (response as { raw?: ServerResponse }).raw ?? (response as ServerResponse);
}
