import type { Task } from '../task.entity.js';
import type { Outcome } from '../task.states.js';
import { Inquiries, type InquiriesOptions } from './inquiries.js';

const task = (uuid: string): Task => ({ uuid, state: 'unknown' }) as Task;

const SUCCESS: Outcome = { state: 'success' };

describe('questions to the host', () => {
  let recorded: [string, Outcome | null][];
  let givenBack: [string, string | null][];
  let hanging: Map<string, AbortSignal>;
  let inquiries: Inquiries;

  beforeEach(() => {
    recorded = [];
    givenBack = [];
    hanging = new Map();
  });

  function asking(options: Partial<InquiriesOptions> = {}): Inquiries {
    inquiries = new Inquiries({
      settle: ({ uuid }, signal) => {
        if (!uuid.startsWith('hangs')) return SUCCESS;
        hanging.set(uuid, signal);
        return new Promise(() => undefined);
      },
      record: ({ uuid }, outcome) => Promise.resolve(void recorded.push([uuid, outcome])),
      giveBack: ({ uuid }, trouble) => Promise.resolve(void givenBack.push([uuid, trouble])),
      patienceMs: 20,
      ...options,
    });
    return inquiries;
  }

  it('are put a few at a time, and the rest is given back when those take too long', async () => {
    const hangs = ['hangs 1', 'hangs 2', 'hangs 3', 'hangs 4'].map(task);
    expect(await asking().askAbout([task('a'), ...hangs, task('b')])).toEqual([task('b')]);
    expect([...hanging.keys()]).toEqual(['hangs 1', 'hangs 2', 'hangs 3', 'hangs 4']);
    expect(recorded).toEqual([['a', SUCCESS]]);
    expect(await inquiries.askAbout([task('c')])).toEqual([task('c')]);
    await inquiries.stop();
  });

  it('that get no answer in time are given up, and others take their place', async () => {
    const asked = asking({ most: 1, limitMs: 10, patienceMs: 10_000 });
    expect(await asked.askAbout([task('hangs'), task('a')])).toEqual([]);
    expect(givenBack).toEqual([['hangs', 'no answer in 10 ms']]);
    expect(hanging.get('hangs')?.aborted).toBe(true);
    await asked.stop();
    expect(recorded).toEqual([['a', SUCCESS]]);
  });

  it('that fail are given back with what is wrong: thrown, rejected, or not to be recorded', async () => {
    const ask = async (options: Partial<InquiriesOptions>) => {
      await asking(options).askAbout([task('a')]);
      await new Promise(setImmediate);
    };
    const thrown = () => {
      throw new Error('thrown');
    };
    await ask({ settle: thrown });
    await ask({ settle: () => Promise.reject(new Error('rejected')) });
    await ask({ record: () => Promise.reject(new Error('not recorded')) });
    expect(givenBack.map(([, trouble]) => trouble)).toEqual(['thrown', 'rejected', 'not recorded']);
  });

  it.each([
    ['a text', 'a text'],
    [undefined, 'undefined was thrown'],
    [null, 'null was thrown'],
    [{ code: 7 }, 'no message'],
  ])('may fail with anything: %p', async (reason, trouble) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as hosts may
    await asking({ settle: () => Promise.reject(reason) }).askAbout([task('a')]);
    await new Promise(setImmediate);
    expect(givenBack).toEqual([['a', trouble]]);
  });

  it('do not hold up a stop', async () => {
    await asking().askAbout([task('hangs')]);
    await inquiries.stop();
    expect(hanging.get('hangs')?.aborted).toBe(true);
    expect(givenBack).toEqual([['hangs', null]]);
    expect(await inquiries.askAbout([task('a')])).toEqual([task('a')]);
    expect(recorded).toEqual([]);
  });

  it('may be answered by nothing at all', async () => {
    const settle = (() => undefined) as unknown as InquiriesOptions['settle'];
    await asking({ settle }).askAbout([task('a')]);
    await inquiries.stop();
    expect(recorded).toEqual([['a', null]]);
  });
});
