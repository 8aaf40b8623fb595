import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that a system gives out by itself, so that nobody is given one between the look and the use. */
const FIRST = 20_000;
const COUNT = 10_000;

let next = Math.floor(Math.random() * COUNT);

/** A port that nobody listens on; each is given out once. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < COUNT; tries += 1) {
    const port = FIRST + (next++ % COUNT);
    const probe = createServer();
    try {
      const listens = once(probe, 'listening');
      probe.listen(port, '127.0.0.1');
      await listens;
      return port;
    } catch {
      // Somebody does.
    } finally {
      if (probe.listening) await new Promise((resolve) => probe.close(resolve));
    }
  }
  throw new Error(`All ports from ${FIRST} to ${FIRST + COUNT} are taken.`);
}
