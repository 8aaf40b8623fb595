import { until } from '../../support/until.js';
import { question } from './questions.js';
import type { Stage } from './story.js';

/** How many questions are asked at once. */
const AT_ONCE = 8;

/** How long the end of all tasks may take, in milliseconds: a task that a killed process held is free after 30 s. */
const ENDING_MS = 150_000;

/** Waits until no replica shows a task that is open; when that takes too long, the reading tells which. */
export async function untilNoTaskIsOpen({ ground }: Stage): Promise<void> {
  const open = '/v3/tasks?state=pending&state=processing&state=unknown&limit=1';
  for (const { port } of ground.replicas) {
    const isEmpty = async () => {
      const response = await fetch(`http://127.0.0.1:${port}${open}`, { headers: ground.headers });
      const { tasks } = (await response.json()) as { tasks?: unknown[] };
      return tasks?.length === 0;
    };
    await until('the end of all tasks', () => isEmpty().catch(() => false), ENDING_MS).catch(() => undefined);
  }
}

/** Reads each tag at each replica, by the query, which takes every tag. */
export async function readAll({ ground, network, known }: Stage): Promise<void> {
  const questions = known.tags.flatMap((tag) => ground.replicas.map((replica) => ({ tag, replica })));
  const reader = async () => {
    for (let next = questions.pop(); next !== undefined; next = questions.pop()) {
      const { tag, replica } = next;
      const about = { client: 'reading', kind: 'query', tag, request: null, task: null } as const;
      await network.direct(replica, question('query', tag, ground.headers), about, true);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
}
