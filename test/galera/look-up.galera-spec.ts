import type { Connection } from 'mysql2/promise';
import { Galera } from '../support/database/galera.js';
import { newServer } from '../support/server/servers.js';
import type { ServerProcess } from '../support/server/server-process.js';
import { until } from '../support/until.js';

describe('a node that has not applied yet what another one has committed', () => {
  let galera: Galera;
  let here: ServerProcess;
  let there: ServerProcess;
  let holder: Connection;
  beforeAll(async () => {
    galera = await Galera.up();
    here = await galera.server(1);
    there = await galera.server(2);
    holder = await galera.connect(2);
  }, 120_000);
  afterAll(async () => {
    holder.destroy();
    await Promise.all([here.kill(), there.kill()]);
    await galera.close();
  }, 120_000);

  /** Does something while node 2 applies nothing that is written to tasks elsewhere, and then lets it. */
  async function whileHeld<T>(work: () => Promise<{ begun: Promise<T> }>): Promise<T> {
    await holder.query('FLUSH TABLES tasks WITH READ LOCK');
    const { begun } = await work();
    let isOver = false;
    void begun.finally(() => (isOver = true)).catch(() => undefined);
    // Whoever waits for it is seen to wait; whoever does not has answered by then.
    const waits = async () =>
      isOver ||
      (await galera.at(2, 'SHOW PROCESSLIST')).some((row) =>
        /wsrep|causal|sync|Waiting/i.test(JSON.stringify(row)),
      );
    await until('an answer, or somebody who waits', waits);
    await holder.query('UNLOCK TABLES');
    return begun;
  }

  it('finds by its tag a task that was answered there: 404 is a fact', async () => {
    for (let round = 0; round < 3; round += 1) {
      const call = { tag: `seen ${round}` };
      const found = await whileHeld(async () => {
        expect((await here.client.post('/v3/servers', newServer(), call)).status).toBe(202);
        return { begun: there.client.get(`/v3/tasks?tag=seen%20${round}`) };
      });
      expect(found.status).toBe(200);
      expect(found.json.tasks).toHaveLength(1);
    }
  }, 60_000);

  it('refuses there what was accepted here', async () => {
    const call = { tag: 'refused there' };
    const second = await whileHeld(async () => {
      expect((await here.client.post('/v3/servers', newServer(), call)).status).toBe(202);
      return { begun: there.client.post('/v3/servers', newServer(), call) };
    });
    expect(second.status).toBe(409);
  }, 60_000);
});
