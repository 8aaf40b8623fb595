import { createDatabase } from '../support/database/database.js';
import { ServerProcess } from '../support/server/server-process.js';
import { AFTER_A_LEASE_MS, newServer } from '../support/server/servers.js';
import { until } from '../support/until.js';

describe('a server that is killed while hundreds of requests wait to be written together', () => {
  it('has recorded what it has answered, and does each tagged request once', async () => {
    const database = await createDatabase();
    const settings = { DATABASE_URL: database.url, EMBEDDED_TASK_MS: '50' };
    const wanted = Array.from({ length: 300 }, (_, n) => `gathered-${n}`);
    const create = (server: ServerProcess, tag: string) =>
      server.client.post('/v3/servers', newServer({ name: tag }), { tag });
    let server = await ServerProcess.start(settings);
    try {
      const answered: string[] = [];
      let killed: Promise<void> | undefined;
      await Promise.all(
        wanted.map(async (tag) => {
          try {
            expect((await create(server, tag)).status).toBe(202);
            answered.push(tag);
          } catch (error) {
            expect((error as { code?: string }).code).toMatch(/ECONNRESET|ECONNREFUSED|EPIPE/);
          }
          await (killed ??= server.kill());
        }),
      );
      expect(answered.length).toBeLessThan(wanted.length);

      server = await ServerProcess.start(settings);
      for (const tag of answered) expect((await create(server, tag)).status).toBe(409);
      const areAccepted = async () => {
        const { json } = await server.client.get('/v3/tasks?limit=1000&state=pending&state=unknown');
        await Promise.all(wanted.map((tag) => create(server, tag)));
        return json.tasks.length === 0;
      };
      await until('every request to be accepted', areAccepted, AFTER_A_LEASE_MS);
      const { json } = await server.client.get('/v3/servers');
      const names = json.servers.map(({ name }: { name: string }) => name).sort();
      expect(names).toEqual([...wanted].sort());
    } finally {
      await server.kill();
      await database.drop();
    }
  }, 120_000);
});
