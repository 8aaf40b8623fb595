import { openstack, tagged, type TaggedResult } from '../../../src/client/index.js';
import type { Random } from '../random.js';
import type { KnownRequest } from './known-requests.js';
import type { Network } from './network.js';

/** Nobody listens there: the network knows the way. */
const CLOUD = 'http://cloud.example';

/** Patient enough for any fault; in milliseconds. */
const PATIENCE = {
  timeoutMs: 20_000,
  deadlineMs: 90_000,
  unknownMs: 90_000,
  maxSends: 30,
  backOff: { firstMs: 50, mostMs: 1_000 },
  wait: true,
};

/** Sends a request by the client kit, which follows the recipe of docs/clients.md, until its task has ended. */
export function sendByKit(
  network: Network,
  client: string,
  request: KnownRequest,
  random: Random,
): Promise<TaggedResult> {
  const { tag, message } = request;
  const send = tagged(
    async (url: string, init: RequestInit) => {
      const isSend = init.method !== 'GET' && init.method !== undefined;
      const { pathname, search } = new URL(url);
      const sent = {
        ...message,
        method: init.method ?? 'GET',
        path: pathname + search,
        headers: Object.fromEntries(new Headers(init.headers)),
        ...(isSend ? {} : { body: undefined }),
      };
      const about = {
        client,
        tag,
        task: null,
        ...(isSend
          ? ({ kind: 'send', request: request.request } as const)
          : ({ kind: 'query', request: null } as const)),
      };
      const reply = await network.send(sent, about, random);
      if (reply === null) throw new TypeError('The connection broke');
      const { status, headers, text } = reply;
      const body = status === 204 ? null : text;
      return new Response(body, { status, headers: headers as Record<string, string> });
    },
    { lookup: openstack({ endpoint: `${CLOUD}/v3` }), ...PATIENCE },
  );
  const { method, path, headers, body } = message;
  return send(CLOUD + path, { method, headers, tag, ...(body !== undefined && { body }) });
}
