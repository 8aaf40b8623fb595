import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const REQUEST_ID = /^req-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/;

/** A new id; never the client's, so that no client can choose an id that another one reads in a log. */
export function newRequestId(): string {
  return `req-${randomUUID()}`;
}

/** Whether a text is a request id in OpenStack's form. */
export function isRequestId(text: string): boolean {
  return REQUEST_ID.test(text);
}

/** The id that the client gave the request; `null` without one in OpenStack's form. */
export function globalRequestId(request: Pick<IncomingMessage, 'headers'>): string | null {
  const id = request.headers['x-openstack-request-id'];
  return typeof id === 'string' && isRequestId(id) ? id : null;
}
