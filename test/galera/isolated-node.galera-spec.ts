import { setTimeout as pause } from 'node:timers/promises';
import { Galera } from '../support/database/galera.js';
import type { Answer } from '../support/network/http.js';
import { newServer } from '../support/server/servers.js';
import type { ServerProcess } from '../support/server/server-process.js';
import { until } from '../support/until.js';

/** How many clients there are at the replica. */
const CLIENTS = 12;

describe('a replica whose node is cut off from its cluster under load', () => {
  let galera: Galera;
  let here: ServerProcess;
  let there: ServerProcess;
  beforeAll(async () => {
    galera = await Galera.up();
    there = await galera.server(1);
    here = await galera.server(3);
  }, 120_000);
  afterAll(async () => {
    await Promise.all([here.kill(), there.kill()]);
    await galera.close();
  }, 120_000);

  it('answers 503 and when to come again, and nothing that it confirmed is lost', async () => {
    const answers = new Map<string, Answer>();
    const looks: Answer[] = [];
    let isOver = false;
    const creates = Array.from({ length: CLIENTS }, async (_, client) => {
      for (let n = 0; !isOver; n += 1) {
        const tag = `cut-${client}-${n}`;
        const answer = await here.client.post('/v3/servers', newServer(), { tag });
        answers.set(tag, answer);
        // As it is asked to; not a second, so that many are under way at each moment.
        if (answer.status === 503) await pause(200);
      }
    });
    const asking = (async () => {
      for (; !isOver; await pause(100)) looks.push(await here.client.get('/v3/tasks?tag=cut-0-0'));
    })();

    await until('the first tasks', () => answers.size > 30);
    await galera.isolate(3);
    await until('a refusal', () => [...answers.values()].some(({ status }) => status === 503));
    await galera.rejoin(3);
    const before = answers.size;
    await until('tasks again', () =>
      [...answers.values()].slice(before).some(({ status }) => status === 202),
    );
    isOver = true;
    await Promise.all([...creates, asking]);

    const all = [...answers.values(), ...looks];
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200, 202, 503]));
    const refused = all.filter(({ status }) => status === 503);
    expect(refused.filter(({ headers }) => headers['retry-after'] === undefined)).toEqual([]);

    // Each that was confirmed is found at another node, and each that was not may be sent again.
    for (const [tag, { status, json }] of answers) {
      if (status === 202) {
        const { json: found } = await there.client.get(`/v3/tasks?tag=${tag}`);
        expect(found.tasks).toMatchObject([{ tag, resource: { server: json.server.id } }]);
      }
    }
    const [unclear] = [...answers].filter(([, { status }]) => status === 503).map(([tag]) => tag);
    const again = () => there.client.post('/v3/servers', newServer(), { tag: unclear });
    await until('a clear word of it', async () => {
      const { status, json } = await again();
      return status === 202 || (status === 409 && json.conflictingRequest.task.state === 'success');
    });
    const [rows] = await galera.at<{ most: number }>(
      1,
      'SELECT MAX(n) AS most FROM (SELECT COUNT(*) AS n FROM tasks WHERE subject IS NOT NULL GROUP BY tag) AS t',
    );
    expect(rows).toEqual({ most: 1 });
  }, 120_000);
});
