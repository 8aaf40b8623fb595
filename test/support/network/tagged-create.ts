import {
  openstack,
  tagged,
  type TaggedAbortError,
  type TaggedInit,
  type TaggedOptions,
} from '../../../src/client/index.js';
import { VirtualClock } from '../virtual-clock.js';
import { json, type Reaction, ScriptedFetch } from './scripted-fetch.js';

/** Where the API is that the requests below go to. */
export const API = 'http://cloud.example/v3';

/** Nova's answer to a create. */
export const ACCEPTED = () => json(202, { server: { id: 's' } });

/** The fault of a request that was not accepted. */
export const NOT_ACCEPTED = {
  code: 408,
  message: 'The request was not accepted in time. It may be sent again.',
};

/** Creates a server, with a network that does what the script says. */
export async function create(
  script: Reaction[],
  init: TaggedInit = {},
  options: Partial<TaggedOptions> = {},
) {
  const network = new ScriptedFetch(script);
  const clock = new VirtualClock();
  const start = clock.now();
  const send = tagged(network.fetch, { lookup: openstack({ endpoint: API }), clock, ...options });
  const request = {
    method: 'POST',
    body: '{}',
    tag: 'order 4711',
    headers: { 'X-Auth-Token': 't' },
    ...init,
  };
  const result = await send(`${API}/servers`, request).catch((error: unknown) => error as TaggedAbortError);
  return { result, network, tookMs: clock.now() - start };
}
