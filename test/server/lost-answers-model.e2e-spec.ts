import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { LostAnswer } from '../../src/tasks/lost-answers/lost-answer.entity.js';
import { sendRequest } from '../support/network/hang-up.js';
import type { Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { countServers, newServer } from '../support/server/servers.js';
import { trials } from '../support/trials.js';
import { until } from '../support/until.js';

declare const testDatabase: string;

/** One step of a client: to which replica it sends which body, with or without a tag, and whether it hangs up at once. */
interface Step {
  replica: number;
  name: string;
  tag: string | null;
  hangsUp: boolean;
  /** Whether it waits for the steps before. */
  waits: boolean;
}

const steps = fc.array(
  fc.record<Step>({
    replica: fc.nat(1),
    name: fc.constantFrom('a', 'a', 'b'),
    tag: fc.constantFrom(null, null, null, 't'),
    hangsUp: fc.boolean(),
    waits: fc.boolean(),
  }),
  { minLength: 2, maxLength: 7 },
);

/** How many schedules: all of them at two replicas, where the database allows it. */
const SCHEDULES =
  testDatabase === 'sqlite' ? trials(100) : process.env['CI'] === 'true' ? 1000 : trials(1000);

describe('any schedule of equal and different requests, some of whose answers are lost', () => {
  let replicas: TestApp[];
  beforeAll(async () => {
    const settings = { LOST_ANSWERS: 'answer', DUPLICATES: 'answer', EMBEDDED_TASK_MS: '0' };
    const one = await startApp(settings);
    replicas = [one];
    if (testDatabase !== 'sqlite') {
      const other = await startApp({ ...settings, DATABASE_URL: one.database.url });
      replicas.push(other);
    }
  });
  afterAll(async () => {
    for (const replica of [...replicas].reverse()) await replica.close();
  });

  let project = 0;

  it('never gives one effect to two answers, nor makes two for one tag, nor gives a lost answer twice', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (schedule) => {
        project += 1;
        await expectRight(schedule, { token: `alice:model-${project}` });
      }),
      { numRuns: SCHEDULES },
    );
  }, 900_000);

  async function expectRight(schedule: Step[], call: { token: string }): Promise<void> {
    const running: Promise<void>[] = [];
    /** Ids that reached a client, by whether they came without a tag, or with one. */
    const untagged: string[] = [];
    const tagged = new Map<string, Set<string>>();
    for (const step of schedule) {
      if (step.waits) await Promise.all(running);
      running.push(send(step, call, { untagged, tagged }));
    }
    await Promise.all(running);
    const [one] = replicas as [TestApp];
    // A request whose client has gone may still be under way.
    const servers = await until('all to be done', async () => {
      const { json } = await one.client.get('/v3/tasks', call);
      // One whose client had gone before it was recorded was not carried out.
      const done = json.tasks.filter(({ state }: { state: string }) => state === 'success');
      const made = new Set(done.map(({ resource }: { resource: { server?: string } }) => resource.server));
      const isDone = json.tasks.every(({ ended }: { ended: boolean }) => ended);
      return isDone && (await countServers(one.client, call)) === made.size && { count: made.size };
    });
    expect(new Set(untagged).size).toBe(untagged.length);
    for (const ids of tagged.values()) expect(ids.size).toBe(1);
    const all = [...untagged, ...[...tagged.values()].flatMap((ids) => [...ids])];
    expect(new Set(all).size).toBe(all.length);
    // Each server is one that a client knows, or one whose answer was lost.
    const lostUntagged = schedule.filter(({ tag, hangsUp }) => tag === null && hangsUp).length;
    const tags = new Set(schedule.filter(({ tag }) => tag !== null).map(({ tag, name }) => `${tag} ${name}`));
    expect(servers.count).toBeGreaterThanOrEqual(all.length);
    expect(servers.count).toBeLessThanOrEqual(untagged.length + lostUntagged + tags.size);
    const rows = await one.app.get(DataSource).getRepository(LostAnswer).find();
    const given = rows.filter(({ givenTo }) => givenTo !== null);
    expect(new Set(given.map(({ givenTo }) => givenTo)).size).toBe(given.length);
  }

  async function send(
    { replica, name, tag, hangsUp }: Step,
    call: { token: string },
    { untagged, tagged }: { untagged: string[]; tagged: Map<string, Set<string>> },
  ): Promise<void> {
    const { client } = (replicas[replica] ?? replicas[0]) as TestApp;
    const body = newServer({ name });
    if (hangsUp) {
      const headers: Record<string, string> = tag === null ? {} : { 'Task-tag': tag };
      const sent = await sendRequest('POST', `${client.url}/v3/servers`, { ...call, body, headers });
      await sent.hangUp();
      return;
    }
    const tagCall: Call = tag === null ? call : { ...call, tag };
    const { status, json } = await client.post('/v3/servers', body, tagCall);
    expect(status).toBe(202);
    const { id } = json.server;
    if (tag === null) untagged.push(id);
    else {
      const key = `${tag} ${name}`;
      tagged.set(key, (tagged.get(key) ?? new Set()).add(id));
    }
  }
});
