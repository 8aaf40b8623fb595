import { setTimeout as sleep } from 'node:timers/promises';
import { bytes } from '../../support/network/http.js';
import { Random } from '../random.js';
import { toldBy } from './told.js';
import { question } from './questions.js';
import type { Stage } from './story.js';

/** How long a doubter waits between two doubts, in milliseconds. */
const PAUSES = [10, 120] as const;

/** Asks about whatever was sent lately or long ago, in each way, and sends it again now and then. */
export async function doubt(stage: Stage, client: string): Promise<void> {
  const random = Random.of(stage.seed, client);
  while (!stage.over.aborted) {
    await sleep(random.between(...PAUSES));
    const { requests } = stage.known;
    if (requests.length === 0) continue;
    // Half of the time about one of the latest, of which the most may be under way.
    const first = random.chance(0.5) ? Math.max(0, requests.length - 20) : 0;
    const request = random.pick(requests.slice(first));
    if (random.chance(0.12)) await sendAgain(stage, client, request, random);
    else await ask(stage, client, request.tag, random);
  }
}

async function sendAgain(
  { network }: Stage,
  client: string,
  { tag, request, message }: Stage['known']['requests'][number],
  random: Random,
): Promise<void> {
  const headers = { ...message.headers, 'task-tag': bytes(tag) };
  const about = { client, kind: 'send', tag, request, task: null } as const;
  await network.send({ ...message, headers }, about, random);
}

async function ask({ network, known, ground }: Stage, client: string, tag: string, random: Random) {
  const uuids = known.tasksOf(tag);
  const kind = random.pick(
    uuids.length > 0 ? (['tag', 'query', 'uuid'] as const) : (['tag', 'query'] as const),
  );
  const task = kind === 'uuid' ? random.pick(uuids) : null;
  const message = question(kind, tag, ground.headers, task);
  const reply = await network.send(message, { client, kind, tag, request: null, task }, random);
  known.learn(
    tag,
    toldBy(reply).tasks.map(({ uuid }) => uuid),
  );
}
