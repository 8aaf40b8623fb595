import { Galera, type Node } from '../support/database/galera.js';
import { newServer } from '../support/server/servers.js';
import type { ServerProcess } from '../support/server/server-process.js';

const ROUNDS = 60;

describe('identical requests at replicas of several nodes at the same moment', () => {
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

  it.each([2, 3])(
    'are carried out once, and the others are told so, at %d nodes',
    async (count) => {
      const told: number[][] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const call = { token: `ann:nodes${count}`, tag: `round ${round}` };
        const answers = await Promise.all(
          servers.slice(0, count).map(({ client }) => client.post('/v3/servers', newServer(), call)),
        );
        told.push(answers.map(({ status }) => status).sort());
      }
      const expected = [202, ...Array.from({ length: count - 1 }, () => 409)];
      expect(told).toEqual(Array.from({ length: ROUNDS }, () => expected));
      const [rows] = await galera.at<{ tasks: number; kept: number }>(
        1,
        `SELECT COUNT(*) AS tasks, COUNT(duplicate_key) AS kept FROM tasks WHERE project_id = 'nodes${count}'`,
      );
      expect(rows).toEqual({ tasks: ROUNDS, kept: ROUNDS });
      const [made] = await galera.at<{ servers: number }>(
        1,
        `SELECT COUNT(*) AS servers FROM embedded_servers WHERE project_id = 'nodes${count}'`,
      );
      expect(made).toEqual({ servers: ROUNDS });
    },
    60_000,
  );

  it('and two hundred of each are', async () => {
    for (let round = 0; round < 5; round += 1) {
      const call = { tag: `crowd ${round}` };
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, n) =>
          (servers[n % servers.length] as ServerProcess).client.post('/v3/servers', newServer(), call),
        ),
      );
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 202)).toHaveLength(1);
      expect(statuses.filter((status) => status === 409)).toHaveLength(199);
    }
  }, 60_000);
});
