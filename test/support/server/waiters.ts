import type { ServerProcess } from './server-process.js';

/** How many look-ups wait at a server. */
export async function waitersOf({ client }: ServerProcess): Promise<number> {
  const { text } = await client.get('/metrics');
  return Number(/^tasktag_waiters\S* (\d+)$/m.exec(text)?.[1]);
}
