import { join } from 'node:path';
import { LostAnswers } from '../../src/tasks/lost-answers/lost-answers.js';
import { sendRequest } from '../support/network/hang-up.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { startApp } from '../support/server/app.js';
import { ServerProcess } from '../support/server/server-process.js';
import { countServers, newServer } from '../support/server/servers.js';
import { until } from '../support/until.js';

declare const testDatabase: string;

const STANDS_STILL = join(import.meta.dirname, '..', 'support', 'server', 'stands-still.js');
const SETTINGS = { LOST_ANSWERS: 'answer', EMBEDDED_TASK_MS: '50', LOG_LEVEL: 'fatal' };
const call = { token: 'alice:killed' };

/** A process with a request that stands still at a step. */
async function standingStill(database: TestDatabase, step: string, by = call) {
  const settings = { ...SETTINGS, DATABASE_URL: database.url, STANDS_STILL: step };
  const server = await ServerProcess.start(settings, STANDS_STILL);
  const answer = server.client.post('/v3/servers', newServer(), by);
  answer.catch(() => undefined);
  await until('the request to stand still', () => server.output.includes('stands still'));
  return { server, answer };
}

describe('the answer of a process that is killed', () => {
  it.each([
    ['after the request was carried out is given to the same request', 'after', 1, 'true'],
    ['before it was carried out is none: the same request is carried out', 'before', 1, undefined],
    // Nobody can know whether it was handed over, and a twin must not get it.
    ['when its outcome was on record is not given to anybody', 'recorded', 2, undefined],
  ])(
    '%s',
    async (_, step, servers, replayed) => {
      const database = await createDatabase();
      const { server } = await standingStill(database, step);
      await server.kill();
      const test = await startApp({ ...SETTINGS, DATABASE_URL: database.url });
      const again = await test.client.post('/v3/servers', newServer(), call);
      expect([again.status, again.headers['task-replayed']]).toEqual([202, replayed]);
      expect(await countServers(test.client, call)).toBe(servers);
      const another = await test.client.post('/v3/servers', newServer(), call);
      expect([another.status, another.headers['task-replayed']]).toEqual([202, undefined]);
      await test.close();
      await database.drop();
    },
    60_000,
  );
});

const withReplicas = testDatabase === 'sqlite' ? describe.skip : describe;

withReplicas('the answer of a process that another one takes for dead', () => {
  it('is withheld from its own client when it was given to the same request, and else is not', async () => {
    const database = await createDatabase();
    const test = await startApp({ ...SETTINGS, DATABASE_URL: database.url });
    for (const isGiven of [true, false]) {
      const mine = { token: `alice:slow-${isGiven}` };
      const { server, answer } = await standingStill(database, 'after', mine);
      server.pause();
      const tasks = async () => (await test.client.get('/v3/tasks', mine)).json.tasks;
      if (isGiven) {
        const again = await test.client.post('/v3/servers', newServer(), mine);
        expect([again.status, again.headers['task-replayed']]).toEqual([202, 'true']);
      } else {
        await until('it to be taken for dead', async () => (await tasks())[0].state !== 'pending', 30_000);
      }
      server.resume();
      server.signal('SIGUSR2');
      const { status, text } = await answer;
      expect(status).toBe(isGiven ? 504 : 202);
      if (isGiven) expect(text).toContain((await tasks())[0].uuid);
      expect(await countServers(test.client, mine)).toBe(1);
      await server.kill();
    }
    await test.close();
    await database.drop();
  }, 120_000);

  it('waits at another process until it is known whether the first one is alive', async () => {
    const database = await createDatabase();
    const one = await startApp({ ...SETTINGS, DATABASE_URL: database.url });
    const mine = { token: 'alice:alive' };
    const { server, answer } = await standingStill(database, 'after', mine);
    const asked = jest.spyOn(one.app.get(LostAnswers), 'find');
    const twin = one.client.post('/v3/servers', newServer(), mine);
    const left = await sendRequest('POST', `${one.client.url}/v3/servers`, { ...mine, body: newServer() });
    await until('both to ask again', () => asked.mock.calls.length > 5);
    // It is not carried out: its client may be about to send it once more.
    await left.hangUp();
    server.signal('SIGUSR2');
    expect((await answer).status).toBe(202);
    expect((await twin).headers['task-replayed']).toBeUndefined();
    expect(await countServers(one.client, mine)).toBe(2);
    await server.kill();
    await one.close();
    await database.drop();
  }, 60_000);
});
