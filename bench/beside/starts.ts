import { type Build, THIS } from '../builds.js';
import { stop } from '../pinned.js';
import { atMost, type Row } from '../report/row.js';
import { startTasktag } from '../servers.js';
import type { Stage } from '../stage.js';
import { rowOf } from './once.js';

/** From `node dist/main.js` to the first answer: of a server that has run before, on a database that has its tables. */
export async function compareStarts(stage: Stage, other: Build, rounds: number): Promise<Row> {
  const own: number[] = [];
  const others: number[] = [];
  const builds = [
    { build: THIS, url: (await stage.database('sqlite')).url, seen: own },
    { build: other, url: (await stage.database('sqlite')).url, seen: others },
  ];
  for (let round = 0; round <= rounds; round += 1) {
    for (const { build, url, seen } of round % 2 === 1 ? builds : builds.toReversed()) {
      const begin = performance.now();
      const server = await startTasktag(stage, build.title, url, {}, 'server', build);
      // Round 0 makes the tables, and whatever is kept from one start for the next.
      if (round > 0) seen.push(performance.now() - begin);
      await stop(server.process);
    }
  }
  return rowOf({
    id: 'start',
    ours: 'stand-alone server, SQLite',
    figure: 'from its start to the first answer',
    own,
    others,
    inUnits: (ms) => `${ms.toFixed(0)} ms`,
    target: atMost(0.5),
  });
}
