import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestDatabase } from '../support/database/database.js';
import { keptDatabase } from '../support/database/kept-databases.js';
import { LibraryProcess } from '../support/library/process/library-process.js';
import type { Step } from '../support/library/process/settings.js';
import { until } from '../support/until.js';

describe('two processes on one database, of which one is killed while it does work outside a request', () => {
  let database: TestDatabase;
  let effects: string;
  let killed: LibraryProcess;
  let other: LibraryProcess;
  beforeAll(async () => {
    database = await keptDatabase('library');
    effects = mkdtempSync(join(tmpdir(), 'tasktag-effects-'));
    const settings = { databaseUrl: database.url, effects, pendingMs: 1000, settle: 'prevent' as const };
    other = await LibraryProcess.start({ ...settings, sweep: true });
    killed = await LibraryProcess.start({ ...settings, sweep: true });
    const steps: Step[] = [
      'before the row',
      'before the side effect',
      'after the side effect',
      'before the answer',
    ];
    for (const step of steps) await killed.hold(step, '/run', step);
    await killed.kill();
  });
  afterAll(async () => {
    await Promise.all([killed.kill(), other.kill()]);
    await database.drop();
    rmSync(effects, { recursive: true });
  });

  const timesDone = (tag: string) =>
    readdirSync(effects).filter((name) => readFileSync(join(effects, name), 'utf8') === tag).length;
  const untilState = (tag: string, state: string) =>
    until(`the task of "${tag}" to be ${state}`, async () => {
      const [task] = await other.tasks(tag);
      return task?.state === state && task;
    });

  it('before it is recorded: it is done when it comes again', async () => {
    const tag = 'before the row';
    expect(await other.tasks(tag)).toEqual([]);
    expect((await other.send('/run', tag)).status).toBe(201);
    expect(timesDone(tag)).toBe(1);
  });

  it('before its side effect: it is refused until the host knows that it was lost, then it is done', async () => {
    const tag = 'before the side effect';
    expect(await untilState(tag, 'failure')).toMatchObject({ accepted: false });
    expect((await other.send('/run', tag)).status).toBe(201);
    expect(timesDone(tag)).toBe(1);
  });

  it('after its side effect: it is refused, and the host finds that it was done', async () => {
    const tag = 'after the side effect';
    expect((await other.send('/run', tag)).status).toBe(409);
    await untilState(tag, 'success');
    expect((await other.send('/run', tag)).json.task.state).toBe('success');
    expect(timesDone(tag)).toBe(1);
  });

  it('after it has ended: what it did is on record', async () => {
    const tag = 'before the answer';
    expect(await other.tasks(tag)).toMatchObject([{ state: 'success' }]);
    expect((await other.send('/run', tag)).status).toBe(409);
    expect(timesDone(tag)).toBe(1);
  });
});
