import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './checker/check.js';
import type { Violation } from './checker/property.js';
import { report } from './checker/report.js';
import { doubt } from './clients/doubter.js';
import { KnownRequests } from './clients/known-requests.js';
import { Network } from './clients/network.js';
import { readAll, untilNoTaskIsOpen } from './clients/reading.js';
import { type Stage, Story } from './clients/story.js';
import { wire } from './clients/wire.js';
import { inject } from './faults/injector.js';
import { schedule } from './faults/schedule.js';
import type { Ground } from './grounds/ground.js';
import { Journal, readJournal } from './journal/journal.js';
import { type Plant, PLANTS } from './plants/plants.js';
import { Random } from './random.js';

export interface RunOptions {
  /** The same seed makes the same choices: of clients, of the network, of faults. */
  seed: number;
  /** How long clients and faults are at work. */
  seconds: number;
  clients: number;
  /** The file of the history. */
  path: string;
  /** Whether anything breaks. @default true */
  hasFaults?: boolean;
  plant?: Plant | null;
}

export interface RunResult {
  violations: Violation[];
  /** For people. */
  report: string;
}

/** Lets clients work on a ground while things break, writes down all that happens, and checks it. */
export async function runHistory(ground: Ground, options: RunOptions): Promise<RunResult> {
  const { seed, seconds, clients, path, plant = null, hasFaults = true } = options;
  const journal = new Journal(path);
  journal.write({ is: 'run', ground: ground.name, seed, seconds, clients, plant });
  const over = new AbortController();
  const planted = plant === null ? wire : PLANTS[plant](wire, ground);
  const network = new Network(ground.replicas, journal, planted);
  const stage: Stage = { ground, network, journal, known: new KnownRequests(), seed, over: over.signal };

  const lanes = (hasFaults ? ground.lanes : []).map((lane) =>
    inject(schedule(lane, seconds, Random.of(seed, lane.name)), journal, over.signal),
  );
  const work = [
    ...Array.from({ length: clients }, (_, n) => playStories(stage, n + 1)),
    ...Array.from({ length: Math.ceil(clients / 6) }, (_, n) => doubt(stage, `doubter ${n + 1}`)),
  ];
  const all = [...lanes, ...work];
  try {
    await Promise.race([Promise.all(all), sleep(seconds * 1000)]);
  } finally {
    // Also when something went wrong: each lane mends what it has broken.
    over.abort();
    await Promise.allSettled(all);
  }
  await Promise.all(all);

  await ground.heal();
  await network.settled();
  await untilNoTaskIsOpen(stage);
  await readAll(stage);
  for (const effect of await ground.effects(journal)) journal.write(effect);
  await journal.close();
  for (const { number, log } of ground.replicas) writeFileSync(`${path}.replica-${number}.log`, log);
  const entries = readJournal(path);
  const violations = check(entries);
  return { violations, report: report(entries, violations) };
}

async function playStories(stage: Stage, client: number): Promise<void> {
  const random = Random.of(stage.seed, 'client', client);
  for (let n = 1; !stage.over.aborted; n += 1) {
    await new Story(stage, `client ${client}`, `h${stage.seed}-${client}-${n}`).play();
    await sleep(random.between(0, 500));
  }
}
