import { createDatabase, type TestDatabase } from '../support/database/database.js';
import type { Call } from '../support/network/http.js';
import { gatewaySettings, Lab } from '../support/openstack/gateway.js';
import { LabUser } from '../support/openstack/lab-user.js';
import { NovaProxy } from '../support/openstack/nova-proxy.js';
import { ServerProcess } from '../support/server/server-process.js';
import { expectRefused } from '../support/server/servers.js';
import { until } from '../support/until.js';

/** The moments at which the process is killed: when Nova has got so many requests, or given so many answers. */
const MOMENTS: ((counts: { received: number; answered: number }) => boolean)[] = [
  ({ received }) => received >= 1,
  ({ received }) => received >= 6,
  ({ answered }) => answered >= 3,
];

/** Creates in each round; each has a tag and a name of its own. */
const CREATES = 7;

/** Longer than the lab's Nova takes for all that one round sends at a time. */
const LONGEST_MS = 12_000;

/** A request under a tag. */
interface Sent {
  tag: string;
  path: string;
  call: Call;
}

describe('a gateway that is killed at any moment under load', () => {
  const lab = new Lab();
  let user: LabUser;
  let database: TestDatabase;
  let nova: NovaProxy;
  beforeAll(async () => {
    user = await LabUser.in(lab);
    database = await createDatabase('mariadb');
    nova = await NovaProxy.to();
  });
  afterAll(async () => {
    await user.remove();
    await lab.close();
    await nova.close();
    await database.drop();
  });

  const creates = (round: number) =>
    Promise.all(
      Array.from({ length: CREATES }, async (_, n): Promise<Sent> => {
        const tag = `killed-${process.pid}-${round}-${n}`;
        const body = await lab.newServer({ name: tag });
        return { tag, path: '/v2.1/servers', call: await user.call({ tag, body }) };
      }),
    );

  const stopOf = async (id: string): Promise<Sent> => {
    const tag = `stop-${id}`;
    return {
      tag,
      path: `/v2.1/servers/${id}/action`,
      call: await user.call({ tag, body: { 'os-stop': null } }),
    };
  };

  it('has done what it has answered, does each tagged request once, and leaves nothing open', async () => {
    const settings = gatewaySettings({
      DATABASE_URL: database.url,
      NOVA_URL: nova.url,
      NOVA_TIMEOUT_MS: String(LONGEST_MS),
      NOVA_LONGEST_REQUEST_MS: String(LONGEST_MS),
    });
    const answered = new Map<string, number>();
    const all: Sent[] = [];
    for (const [round, moment] of MOMENTS.entries()) {
      const stop = await stopOf(await user.activeServer({ name: `stopped-${process.pid}-${round}` }));
      const requests = [stop, ...(await creates(round))];
      all.push(...requests);
      const gateway = await ServerProcess.start(settings);
      const received = nova.received.length;
      await sendAndKill(gateway, requests, answered, (count) =>
        moment({ received: nova.received.length - received, answered: count }),
      );
    }
    expect(answered.size).toBeLessThan(all.length);

    const gateway = await ServerProcess.start(settings);
    try {
      const newestOf = async (tag: string) => {
        const { json } = await gateway.client.get(`/v3/servers/${tag}/tasks`, await user.call());
        return json.tasks?.[0];
      };
      for (const [tag, status] of answered) {
        const { state } = (await newestOf(tag)) ?? {};
        expect({ tag, status, state }).toEqual({
          tag,
          status: 202,
          state: expect.stringMatching(/^(processing|success|pending|unknown)$/),
        });
      }
      // Everything is sent again until it is accepted, or refused since it was: never both.
      await Promise.all(
        all.map(({ tag, path, call }) =>
          until(
            `${tag} to be settled`,
            async () => {
              const answer = await gateway.client.call('POST', path, call);
              if (answer.status === 202) return true;
              expectRefused(answer);
              return answer.json.conflictingRequest.task.state === 'success';
            },
            50_000,
          ),
        ),
      );
      const open = ['pending', 'processing', 'unknown'].map((state) => `state=${state}`).join('&');
      await until('all tasks to end', async () => {
        const { json } = await gateway.client.get(`/v3/tasks?${open}`, await user.call());
        return json.tasks.length === 0;
      });

      const names = (await user.servers())
        .map(({ name }) => name as string)
        .filter((name) => /^killed/.test(name));
      const tags = all.map(({ tag }) => tag).filter((tag) => /^killed/.test(tag));
      expect(names.sort()).toEqual(tags.sort());
      for (const { tag } of all) expect(await newestOf(tag)).toMatchObject({ tag, state: 'success' });
      for (const { status, name } of await user.servers())
        expect({ name, status }).toEqual({ name, status: name.startsWith('stopped') ? 'SHUTOFF' : 'ACTIVE' });
    } finally {
      await gateway.stop();
    }
  }, 150_000);
});

/** Sends all at once, and kills the gateway at a moment. */
async function sendAndKill(
  gateway: ServerProcess,
  requests: Sent[],
  answered: Map<string, number>,
  isTime: (answers: number) => boolean,
): Promise<void> {
  let answers = 0;
  const all = requests.map(async ({ tag, path, call }) => {
    try {
      const { status } = await gateway.client.call('POST', path, call);
      answered.set(tag, status);
      answers += 1;
    } catch (error) {
      // The connection went away with the process: the answer is lost, which is what this is about.
      expect((error as { code?: string }).code).toMatch(/ECONNRESET|ECONNREFUSED|EPIPE/);
    }
  });
  await until('the moment', () => isTime(answers));
  await gateway.kill();
  await Promise.all(all);
}
