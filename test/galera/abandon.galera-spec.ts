import { setTimeout as pause } from 'node:timers/promises';
import { Galera, type Node } from '../support/database/galera.js';
import type { Answer } from '../support/network/http.js';
import type { ServerProcess } from '../support/server/server-process.js';
import { newServer } from '../support/server/servers.js';

const ROUNDS = 150;

describe('requests and abandonments of one tag, at replicas of several nodes at the same moment', () => {
  let galera: Galera;
  let servers: ServerProcess[] = [];
  beforeAll(async () => {
    galera = await Galera.up();
    const nodes: Node[] = [1, 2, 3];
    servers = await Promise.all(nodes.map((node) => galera.server(node)));
  }, 120_000);
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.kill()));
    await galera.close();
  }, 120_000);

  it('one side goes ahead; never a request after its tag was abandoned', async () => {
    const at = (n: number) => (servers[n % servers.length] as ServerProcess).client;
    const abandoned: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const tag = `round ${round}`;
      const call = { token: 'ann:abandon' };
      const create = async (n: number, name: string) => {
        // Now the request is first, now the abandonment.
        if (round % 2 === 1) await pause(Math.random() * 20);
        return at(n).post('/v3/servers', newServer({ name }), { ...call, tag });
      };
      const abandon = (n: number) => at(n).post('/v3/tasks/action', { abandon: { tag } }, call);
      const asked = [() => abandon(round), () => create(round + 1, tag)];
      if (round % 3 === 0) asked.push(() => abandon(round + 2));
      if (round % 5 === 0) asked.push(() => create(round + 2, `${tag} too`));
      if (round % 2 === 0) asked.reverse();
      const answers = await Promise.all(asked.map((ask) => ask()));
      const of = (...statuses: number[]) => answers.filter(({ status }: Answer) => statuses.includes(status));
      expect({ round, others: answers.length - of(200, 202, 409, 410).length }).toEqual({ round, others: 0 });
      // Either all that abandon it may, and no request; or the other way round.
      expect({ round, both: of(200, 410).length > 0 && of(202, 409).length > 0 }).toEqual({
        round,
        both: false,
      });
      if (of(200).length === 0) continue;
      abandoned.push(tag);
      for (const n of [0, 1, 2]) expect((await create(n, `${tag} late`)).status).toBe(410);
    }
    const made = await galera.at<{ name: string }>(
      1,
      `SELECT name FROM embedded_servers WHERE project_id = 'abandon'`,
    );
    const names = made.map(({ name }) => name.replace(/ (too|late)$/, ''));
    expect(names.filter((name) => abandoned.includes(name))).toEqual([]);
    expect(new Set(names).size).toBe(ROUNDS - abandoned.length);
    // Neither side was always first.
    expect(abandoned.length).toBeGreaterThan(0);
    expect(abandoned.length).toBeLessThan(ROUNDS);
  }, 120_000);
});
