import type { Message, Wire } from '../clients/wire.js';
import type { Ground } from '../grounds/ground.js';

/**
 * Faults that no promise allows, put between the network and the replicas, where nobody writes anything down: a checker
 * that does not find them is worth nothing. Each is done to every so many requests that it can be done to.
 */
export type Plant = keyof typeof PLANTS;

const EVERY = 5;

export const PLANTS = {
  /** A proxy that knows better: it answers 404 for a tag that it has seen accepted. */
  'false 404': (wire: Wire): Wire => {
    const accepted = new Set<string>();
    const isDue = counter();
    return async (to, message, cutMs) => {
      const reply = await wire(to, message, cutMs);
      const tag = message.headers['task-tag'];
      if (reply?.status === 202 && tag !== undefined) accepted.add(encodeURIComponent(text(tag)));
      const asked = /^\/v[23][.1]*\/(?:tasks\?tag=|servers\/)([^/&]+)(?:\/tasks)?$/.exec(message.path)?.[1];
      if (message.method !== 'GET' || asked === undefined || !accepted.has(asked) || !isDue()) return reply;
      const itemNotFound = { code: 404, message: 'There are no tasks.' };
      return { status: 404, headers: {}, text: JSON.stringify({ itemNotFound }) };
    };
  },
  /** A client library that sends a create twice, and makes a new tag for the second one. */
  'another tag': (wire: Wire): Wire => {
    const isDue = counter();
    return async (to, message, cutMs) => {
      const tag = message.headers['task-tag'];
      const reply = await wire(to, message, cutMs);
      if (!isCreate(message) || tag === undefined || reply?.status !== 202 || !isDue()) return reply;
      const headers = { ...message.headers, 'task-tag': `${tag} again` };
      await wire(to, { ...message, headers }, 10_000);
      return reply;
    };
  },
  /** A database that loses what it has confirmed. */
  'lost record': (wire: Wire, ground: Ground): Wire => {
    const isDue = counter();
    return async (to, message, cutMs) => {
      const reply = await wire(to, message, cutMs);
      const tag = message.headers['task-tag'];
      if (isCreate(message) && tag !== undefined && reply?.status === 202 && isDue())
        await ground.forget(text(tag));
      return reply;
    };
  },
} satisfies Record<string, (wire: Wire, ground: Ground) => Wire>;

function isCreate({ method, path }: Message): boolean {
  return method === 'POST' && path.endsWith('/servers');
}

function counter(): () => boolean {
  let count = 0;
  return () => (count += 1) % EVERY === 0;
}

/** The text of a header's bytes. */
function text(header: string): string {
  return Buffer.from(header, 'latin1').toString();
}
