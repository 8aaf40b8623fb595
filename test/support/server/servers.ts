import type { Answer, Call, Client } from '../network/http.js';
import { until } from '../until.js';

/** The image that the simulated cloud always has. */
export const CIRROS = '70a599e0-31e7-49b7-b260-868f441e862b';

/** The body of a create; more properties may be given. */
export function newServer(more: object = {}): { server: object } {
  return { server: { name: 'vm1', imageRef: CIRROS, flavorRef: '1', ...more } };
}

/** Creates a server and waits until it is no longer being built. */
export async function createServer(client: Client, more: object = {}, call: Call = {}): Promise<string> {
  const { status, json, text } = await client.post('/v3/servers', newServer(more), call);
  if (status !== 202) throw new Error(`The create was answered ${status}: ${text}`);
  const id = json.server.id as string;
  await untilServer(client, id, ({ status: now }) => now !== 'BUILD', call);
  return id;
}

/** Waits until a server is as it should be, and gives it. */
export function untilServer(client: Client, id: string, isRight: (server: any) => boolean, call: Call = {}) {
  return until(`server ${id}`, async () => {
    const { json } = await client.get(`/v3/servers/${id}`, { token: call.token, version: '2.60' });
    return json.server !== undefined && isRight(json.server) && json.server;
  });
}

/** A task that a killed process had just claimed is looked at again after half a minute. */
export const AFTER_A_LEASE_MS = 60_000;

/** Waits until the newest task of a tag or a server has ended, and gives it. */
export function untilEnded(client: Client, key: string, call: Call = {}, timeoutMs?: number) {
  const hasEnded = async () => {
    const { json } = await client.get(`/v3/servers/${key}/tasks`, call);
    const [task] = json.tasks ?? [];
    return (task?.state === 'success' || task?.state === 'failure') && task;
  };
  return until(`the end of the task of ${key}`, hasEnded, timeoutMs);
}

/** How many servers a project has. */
export async function countServers(client: Client, call: Call = {}): Promise<number> {
  const { json } = await client.get('/v3/servers', call);
  return json.servers.length as number;
}

/** The refusal of a request that is accepted already. */
export function expectRefused(answer: Answer): void {
  expect(answer.status).toBe(409);
  expect(answer.json.conflictingRequest).toMatchObject({
    code: 409,
    message: 'That request is already accepted',
  });
}
