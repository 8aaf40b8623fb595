import type { Task } from '../task.entity.js';
import { Questions, type QuestionsOptions } from './questions.js';
import type { Observation } from './task-observer.js';

const task = (uuid: string): Task => ({ uuid, state: 'unknown' }) as Task;

const success = (uuid: string): Observation => ({ uuid, outcome: { state: 'success' } });

describe('questions to an observer', () => {
  let recorded: string[];
  let errors: unknown[];
  let hanging: Map<string, AbortSignal>;
  let questions: Questions;

  beforeEach(() => {
    recorded = [];
    errors = [];
    hanging = new Map();
  });

  function asking(options: Partial<QuestionsOptions> = {}, batch = 1): Questions {
    questions = new Questions({
      observer: {
        terms: { batch, atOnce: 4 },
        observe: (tasks, signal) => {
          const hangs = tasks.find(({ uuid }) => uuid.startsWith('hangs'));
          if (hangs === undefined) return Promise.resolve(tasks.map(({ uuid }) => success(uuid)));
          hanging.set(hangs.uuid, signal);
          return new Promise((resolve) => signal.addEventListener('abort', () => resolve([])));
        },
      },
      record: ({ uuid }) => Promise.resolve(void recorded.push(uuid)),
      onError: (error) => errors.push(error),
      patienceMs: 20,
      ...options,
    });
    return questions;
  }

  it('are put a few at a time, and the rest is given back when those take too long', async () => {
    const hangs = ['hangs 1', 'hangs 2', 'hangs 3', 'hangs 4'].map(task);
    expect(await asking().askAbout([task('a'), ...hangs, task('b')])).toEqual([task('b')]);
    expect([...hanging.keys()]).toEqual(['hangs 1', 'hangs 2', 'hangs 3', 'hangs 4']);
    expect(recorded).toEqual(['a']);
    expect(await questions.askAbout([task('c')])).toEqual([task('c')]);
    await questions.stop();
  });

  it('are about as many tasks as the observer takes', async () => {
    const asked = asking({}, 3);
    expect(await asked.askAbout(['a', 'hangs', 'b', 'c', 'd'].map(task))).toEqual([]);
    await asked.stop();
    expect(recorded).toEqual(['c', 'd']);
  });

  it('that fail, or whose answer cannot be recorded, hold up no others', async () => {
    const observer = {
      terms: { batch: 1, atOnce: 1 },
      observe: ([one]: Task[]) =>
        one?.uuid === 'fails' ? Promise.reject(new Error('away')) : Promise.resolve([success('a')]),
    };
    const record = () => Promise.reject(new Error('not recorded'));
    const asked = asking({ observer, record, patienceMs: 10_000 });
    expect(await asked.askAbout([task('fails'), task('a')])).toEqual([]);
    await asked.stop();
    expect(errors.map(String)).toEqual(['Error: away', 'Error: not recorded']);
  });

  it('are recorded together, and one that cannot be holds up none of the same answer', async () => {
    let begun = 0;
    const record = async ({ uuid }: Observation) => {
      begun += 1;
      await Promise.resolve();
      if (uuid === 'a') throw new Error('not recorded');
      recorded.push(`${uuid}, ${begun} begun`);
    };
    const asked = asking({ record }, 3);
    expect(await asked.askAbout(['a', 'b', 'c'].map(task))).toEqual([]);
    await asked.stop();
    expect(recorded).toEqual(['b, 3 begun', 'c, 3 begun']);
    expect(errors.map(String)).toEqual(['Error: not recorded']);
  });

  it('do not hold up a stop', async () => {
    await asking().askAbout([task('hangs')]);
    await questions.stop();
    expect(hanging.get('hangs')?.aborted).toBe(true);
    expect(await questions.askAbout([task('a')])).toEqual([task('a')]);
    expect(recorded).toEqual([]);
  });
});
