import { createDatabase } from '../support/database/database.js';
import { ServerProcess } from '../support/server/server-process.js';
import { AFTER_A_LEASE_MS, newServer } from '../support/server/servers.js';
import { until } from '../support/until.js';

/** Requests in each round; each has a tag and a name of its own. */
const REQUESTS = 60;

/** The moments at which the process is killed: after so many answers have come. */
const KILL_AFTER = [0, 1, 7, 20, 45];

describe('a server that is killed at any moment under load', () => {
  it('has done what it has answered, does each tagged request once, and leaves nothing open', async () => {
    const database = await createDatabase();
    const settings = { DATABASE_URL: database.url, EMBEDDED_TASK_MS: '300' };
    const answered = new Map<string, string>();
    const tags = KILL_AFTER.flatMap((_, round) =>
      Array.from({ length: REQUESTS }, (__, n) => `r${round}-${n}`),
    );
    try {
      for (const [round, after] of KILL_AFTER.entries()) {
        const server = await ServerProcess.start(settings);
        await sendAndKill(
          server,
          tags.filter((tag) => tag.startsWith(`r${round}-`)),
          after,
          answered,
        );
      }

      const server = await ServerProcess.start(settings);
      // What was answered is found at once, by its tag.
      for (const [tag, id] of answered) {
        const { status, json } = await server.client.get(`/v3/servers/${tag}/tasks`);
        expect({ tag, status }).toEqual({ tag, status: 200 });
        expect(json.tasks[0].resource).toEqual({ server: id });
      }
      // Everything may be sent again, until it is refused or accepted: one server for each tag.
      await Promise.all(
        tags.map((tag) =>
          until(
            `tag ${tag} to be settled`,
            async () => {
              const { status } = await server.client.post('/v3/servers', newServer({ name: tag }), { tag });
              if (status === 202) return true;
              const { json } = await server.client.get(`/v3/servers/${tag}/tasks`);
              return json.tasks[0].state === 'success';
            },
            AFTER_A_LEASE_MS,
          ),
        ),
      );
      const open = ['pending', 'processing', 'unknown'].map((state) => `state=${state}`).join('&');
      const hasEnded = async () => {
        const { json } = await server.client.get(`/v3/tasks?${open}`);
        return json.tasks.length === 0;
      };
      await until('all tasks to end', hasEnded, AFTER_A_LEASE_MS);
      const { json } = await server.client.get('/v3/servers/detail');
      const names = json.servers.map(({ name }: { name: string }) => name).sort();
      expect(names).toEqual([...tags].sort());
      const statuses = new Set(json.servers.map(({ status }: { status: string }) => status));
      expect([...statuses]).toEqual(['ACTIVE']);
      await server.stop();
    } finally {
      await database.drop();
    }
  }, 180_000);
});

/** Sends all at once, and kills the server when so many answers have come. */
async function sendAndKill(
  server: ServerProcess,
  tags: string[],
  after: number,
  answered: Map<string, string>,
) {
  let count = 0;
  let killed: Promise<void> | undefined;
  const kill = () => (killed ??= server.kill());
  const requests = tags.map(async (tag) => {
    try {
      const { status, json } = await server.client.post('/v3/servers', newServer({ name: tag }), { tag });
      expect(status).toBe(202);
      answered.set(tag, json.server.id as string);
      if ((count += 1) >= after) await kill();
    } catch (error) {
      // The connection went away with the process: the answer is lost, which is what this is about.
      expect((error as { code?: string }).code).toMatch(/ECONNRESET|ECONNREFUSED|EPIPE/);
    }
  });
  if (after === 0) setImmediate(() => void kill());
  await Promise.all(requests);
  await kill();
}
