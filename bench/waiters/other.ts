import 'reflect-metadata';
import { begin, end, startServer } from './server.js';

/** What the other process does: it ends some tasks, evenly in a time; those that have not begun, it begins first. */
export interface EndOrder {
  tasks: { tag: string; uuid: string | null }[];
  inMs: number;
}

/** When each was committed, in epoch milliseconds, by its tag. */
export type Ended = [tag: string, at: number][];

const server = await startServer(process.argv[2] as string);
process.on('message', ({ tasks, inMs }: EndOrder) => {
  const ended = tasks.map(async ({ tag, uuid }, n): Promise<Ended[number]> => {
    await new Promise((resolve) => setTimeout(resolve, (inMs * n) / tasks.length));
    return [tag, await end(server, uuid ?? (await begin(server, tag)))];
  });
  void Promise.all(ended).then((all) => process.send?.(all));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
