import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestDatabase } from '../support/database/database.js';
import { keptDatabase } from '../support/database/kept-databases.js';
import { LibraryProcess } from '../support/library/process/library-process.js';
import { type HostSettings, type Step, STEPS } from '../support/library/process/settings.js';
import type { Answer } from '../support/network/http.js';
import { until } from '../support/until.js';

let database: TestDatabase;
let effects: string;
let hosts: LibraryProcess[];

async function begin(): Promise<void> {
  database = await keptDatabase('library');
  effects = mkdtempSync(join(tmpdir(), 'tasktag-effects-'));
  hosts = [];
}

async function end(): Promise<void> {
  await Promise.all(hosts.map((host) => host.kill()));
  await database.drop();
  rmSync(effects, { recursive: true });
}

async function start(settle: HostSettings['settle'], sweep = true): Promise<LibraryProcess> {
  const databaseUrl = database.url;
  const host = await LibraryProcess.start({ databaseUrl, effects, pendingMs: 1000, settle, sweep });
  hosts.push(host);
  return host;
}

/** How often the work under a tag was done. */
function timesDone(tag: string): number {
  return readdirSync(effects).filter((name) => readFileSync(join(effects, name), 'utf8') === tag).length;
}

/** Waits until the newest task of a tag is in a state, and gives it. */
const untilState = (host: LibraryProcess, tag: string, state: string): Promise<any> =>
  until(`the task of "${tag}" to be ${state}`, async () => {
    const [task] = await host.tasks(tag);
    return task?.state === state && task;
  });

const AT: Step = 'before the side effect';

describe('hosts on one database, which can prevent what was not done', () => {
  let other: LibraryProcess;
  let killed: LibraryProcess;
  let living: LibraryProcess;
  beforeAll(async () => {
    await begin();
    other = await start('prevent');
    // The one that is slow looks at no task, or it might be the one that takes its own.
    [killed, living] = await Promise.all([start('prevent'), start('prevent', false)]);
  });
  afterAll(end);

  describe('of which one is killed', () => {
    let slow: Promise<Answer | null>;
    beforeAll(async () => {
      ({ answer: slow } = await living.hold(AT, '/work', 'slow'));
      for (const step of STEPS) await killed.hold(step, '/work', step);
      await killed.kill();
    });

    it('before the row: nothing is found under the tag, and the request is carried out when it comes again', async () => {
      const tag = 'before the row';
      expect(await other.tasks(tag)).toEqual([]);
      expect((await other.send('/work', tag)).status).toBe(201);
      expect(timesDone(tag)).toBe(1);
    });

    it.each<Step>(['before the handler', 'before the side effect'])(
      '%s: the request is found to have been lost, and is carried out when it comes again',
      async (tag) => {
        expect(await other.tasks(tag)).toHaveLength(1);
        expect(await untilState(other, tag, 'failure')).toMatchObject({
          accepted: false,
          fault: { message: 'it was never begun' },
        });
        expect((await other.send('/work', tag)).status).toBe(201);
        expect((await other.send('/work', tag)).status).toBe(409);
        expect(timesDone(tag)).toBe(1);
      },
    );

    it('after the side effect: it is refused from then on, and found to have been carried out', async () => {
      const tag = 'after the side effect';
      expect((await other.send('/work', tag)).status).toBe(409);
      const { uuid, resource } = await untilState(other, tag, 'success');
      expect(resource).toEqual({ effect: uuid });
      expect((await other.send('/work', tag)).json.task).toMatchObject({ uuid, state: 'success' });
      expect(timesDone(tag)).toBe(1);
    });

    it('before the answer: what was done is recorded already', async () => {
      const tag = 'before the answer';
      const [{ state, resource }] = await other.tasks(tag);
      // What is found out later has a resource.
      expect({ state, resource }).toEqual({ state: 'success', resource: {} });
      expect((await other.send('/work', tag)).status).toBe(409);
      expect(timesDone(tag)).toBe(1);
    });

    it('and one is slow: that is not taken for dead, however slow its handler is', async () => {
      // It was recorded later, and nothing has been heard of its process.
      await until('the lost one to be told', async () => (await other.tasks(AT)).at(-1).state === 'failure');
      expect(await other.tasks('slow')).toMatchObject([{ state: 'pending' }]);
      living.goOn(AT);
      expect((await slow)?.status).toBe(201);
      expect(await other.tasks('slow')).toMatchObject([{ state: 'success' }]);
      expect(timesDone('slow')).toBe(1);
    });
  });

  it.each([
    ['they prevented it', '/work'],
    ['it is done together with its task or not at all', '/together'],
  ])('of which one stood still: it does not do late what others have done since %s', async (_, path) => {
    const tag = `late ${path}`;
    const { answer } = await living.hold(AT, path, tag);
    living.pause();
    await untilState(other, tag, 'failure');
    expect((await other.send(path, tag)).status).toBe(201);
    living.resume();
    living.goOn(AT);
    expect((await answer)?.status).toBe(500);
    expect(await other.tasks(tag)).toMatchObject([{ state: 'success' }, { state: 'failure' }]);
    expect(path === '/work' ? timesDone(tag) : await other.timesTogether()).toBe(1);
  });
});

describe('hosts on one database, which see what was done', () => {
  let living: LibraryProcess;
  let other: LibraryProcess;
  beforeAll(async () => {
    await begin();
    other = await start('look');
    living = await start('look');
  });
  afterAll(end);

  it('of which one stood still: it is heard when it goes on, and its answer counts', async () => {
    const { answer } = await living.hold(AT, '/work', 'late');
    living.pause();
    await untilState(other, 'late', 'unknown');
    expect((await other.send('/work', 'late')).status).toBe(409);
    living.resume();
    living.goOn(AT);
    expect((await answer)?.status).toBe(201);
    expect(await other.tasks('late')).toMatchObject([{ state: 'success' }]);
    expect((await other.send('/work', 'late')).status).toBe(409);
    expect(timesDone('late')).toBe(1);
  });
});

describe('hosts on one database, which cannot find out what was done', () => {
  const steps: Step[] = [AT, 'after the side effect'];
  const tags = (path: string) => steps.map((step) => `${path} ${step}`);
  let other: LibraryProcess;
  beforeAll(async () => {
    await begin();
    other = await start('none');
    const killed = await start('none');
    for (const path of ['/work', '/together']) {
      for (const step of steps) await killed.hold(step, path, `${path} ${step}`);
    }
    await killed.kill();
  });
  afterAll(end);

  it('of which one is killed: they say that they do not know, and carry out nothing twice', async () => {
    for (const tag of tags('/work')) {
      await untilState(other, tag, 'unknown');
      const again = await other.send('/work', tag);
      expect(again).toMatchObject({ status: 409, json: { task: { state: 'unknown' } } });
    }
    expect(tags('/work').map(timesDone)).toEqual([0, 1]);
  });

  it('of which one is killed: they know that work together with its task was not committed, and do it later', async () => {
    for (const tag of tags('/together')) {
      const { fault } = await untilState(other, tag, 'failure');
      expect(fault).toMatchObject({ code: 503, message: expect.stringMatching(/Nothing was done/) });
      expect((await other.send('/together', tag)).status).toBe(201);
      expect(await other.tasks(tag)).toMatchObject([{ state: 'success' }, { state: 'failure' }]);
    }
    expect(await other.timesTogether()).toBe(steps.length);
  });
});
