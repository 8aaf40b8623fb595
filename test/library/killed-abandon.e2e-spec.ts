import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestDatabase } from '../support/database/database.js';
import { keptDatabase } from '../support/database/kept-databases.js';
import { LibraryProcess } from '../support/library/process/library-process.js';
import type { Step } from '../support/library/process/settings.js';
import { until } from '../support/until.js';

/** Of an abandonment that is not final yet, nobody was told. */
const NOT_FINAL: Step[] = ['before it is begun', 'after it is begun', 'before it is final'];

describe('a process that is killed while it abandons a tag, or meets an abandoned one', () => {
  let database: TestDatabase;
  let effects: string;
  let other: LibraryProcess;
  let killed: LibraryProcess;
  beforeAll(async () => {
    database = await keptDatabase('library');
    effects = mkdtempSync(join(tmpdir(), 'tasktag-effects-'));
    const settings = {
      databaseUrl: database.url,
      effects,
      pendingMs: 1000,
      sweep: true,
      settle: 'prevent' as const,
    };
    other = await LibraryProcess.start(settings);
    killed = await LibraryProcess.start(settings);
    for (const step of NOT_FINAL) {
      for (const then of ['requested', 'abandoned']) await killed.hold(step, '/abandon', `${step}, ${then}`);
    }
    await killed.hold('after it is final', '/abandon', 'final');
    for (const step of ['before it is taken back', 'after it is taken back'] as const) {
      await killed.hold('after it is begun', '/abandon', step);
      await killed.hold(step, '/work', step);
    }
    expect((await other.send('/abandon', 'refused')).status).toBe(201);
    await killed.hold('before its request is refused', '/work', 'refused');
    await killed.kill();
  });
  afterAll(async () => {
    await other.kill();
    await database.drop();
    rmSync(effects, { recursive: true });
  });

  const timesDone = (tag: string) =>
    readdirSync(effects).filter((name) => readFileSync(join(effects, name), 'utf8') === tag).length;

  /** Sends a request or an abandonment at the other process. */
  const status = async (path: string, tag: string) => (await other.send(path, tag)).status;

  const untilLost = (tag: string) =>
    until(`the request of "${tag}" to be lost`, async () => {
      const [task] = await other.tasks(tag);
      return task?.state === 'failure';
    });

  it.each(NOT_FINAL)('%s: a request that comes is carried out, and then it is too late', async (step) => {
    const tag = `${step}, requested`;
    expect(await status('/work', tag)).toBe(201);
    expect(await status('/abandon', tag)).toBe(409);
    expect(timesDone(tag)).toBe(1);
  });

  it.each(NOT_FINAL)('%s: another process can abandon it', async (step) => {
    const tag = `${step}, abandoned`;
    expect(await status('/abandon', tag)).toBe(201);
    expect(await status('/work', tag)).toBe(410);
    expect(timesDone(tag)).toBe(0);
  });

  it('after it is final: the tag is abandoned, whether or not anybody was told', async () => {
    expect(await status('/work', 'final')).toBe(410);
    expect(await status('/abandon', 'final')).toBe(201);
    expect(await other.tasks('final')).toMatchObject([
      { task: 'work', accepted: false },
      { task: 'abandon', resolved: { by: 'bob' } },
    ]);
    expect(timesDone('final')).toBe(0);
  });

  it.each<Step>(['before it is taken back', 'after it is taken back'])(
    '%s by a request: once that is known to be lost, the tag can be abandoned',
    async (tag) => {
      await untilLost(tag);
      expect(await status('/abandon', tag)).toBe(201);
      expect(await status('/work', tag)).toBe(410);
      expect(timesDone(tag)).toBe(0);
    },
  );

  it('before the refusal of a request is recorded: that is lost, and refused when it comes again', async () => {
    await untilLost('refused');
    expect(await status('/work', 'refused')).toBe(410);
    expect(timesDone('refused')).toBe(0);
  });
});
