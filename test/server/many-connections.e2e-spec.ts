import { Agent, request } from 'node:http';
import { createDatabase } from '../support/database/database.js';
import { ServerProcess } from '../support/server/server-process.js';
import { AFTER_A_LEASE_MS, newServer } from '../support/server/servers.js';
import { trials } from '../support/trials.js';
import { until } from '../support/until.js';

const CONNECTIONS = trials(5000);

/** What the server is asked over one of them. */
interface Sending {
  method: 'GET' | 'POST';
  path: string;
  tag?: string;
}

describe('a server with thousands of connections at once', () => {
  it('answers all: each request is carried out once, or refused in time and carried out when it comes again', async () => {
    const database = await createDatabase();
    const server = await ServerProcess.start({ DATABASE_URL: database.url, EMBEDDED_TASK_MS: '600000' });
    const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: CONNECTIONS });
    const send = (sending: Sending) => exchange(agent, server.client.url, sending);
    const create = (tag: string) => send({ method: 'POST', path: '/v3/servers', tag });
    try {
      const tags = Array.from({ length: CONNECTIONS }, (_, n) => `of connection ${n}`);
      // All are open before the first request with a tag goes out.
      await Promise.all(tags.map(() => send({ method: 'GET', path: '/healthz' })));
      const answers = await Promise.all(tags.map(create));
      const statuses = new Set(answers.map(({ status }) => status));
      expect([202, 503]).toEqual(expect.arrayContaining([...statuses]));
      expect(statuses).toContain(202);

      // A busy machine may not have recorded all in time.
      const refused = tags.filter((_, n) => answers[n]?.status === 503);
      for (const tag of refused) {
        const isAccepted = async () => {
          const { status, json } = await create(tag);
          return status === 202 || json.conflictingRequest?.task.state === 'processing';
        };
        await until(`the request ${tag} to be accepted`, isAccepted, AFTER_A_LEASE_MS);
      }
      const again = await Promise.all(tags.map(create));
      expect(new Set(again.map(({ status }) => status))).toEqual(new Set([409]));
      const servers = again.map(({ json }) => json.conflictingRequest.task.resource.server as string);
      expect(new Set(servers).size).toBe(CONNECTIONS);
    } finally {
      agent.destroy();
      await server.stop();
      await database.drop();
    }
  }, 240_000);
});

function exchange(
  agent: Agent,
  url: string,
  { method, path, tag }: Sending,
): Promise<{ status: number; json: any }> {
  const { hostname, port } = new URL(url);
  const headers = {
    'X-Auth-Token': 'alice:demo',
    'Content-Type': 'application/json',
    ...(tag !== undefined && { 'Task-tag': tag }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, agent }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        resolve({
          status: incoming.statusCode ?? 0,
          json: JSON.parse(Buffer.concat(chunks).toString() || 'null'),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(method === 'POST' ? JSON.stringify(newServer({ name: tag })) : undefined);
  });
}
