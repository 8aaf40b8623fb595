import { v7 as uuidv7 } from 'uuid';
import type { Task } from '../../src/index.js';
import { jobsHosts, rows, writeTask } from '../support/library/jobs-hosts.js';
import { until } from '../support/until.js';

const HOUR = 60 * 60_000;

const { start } = jobsHosts();

describe('tasks that ended longer ago than the host keeps them', () => {
  it('leave by themselves, whatever is not known of others, and their tags are free', async () => {
    const first = await start({ sweep: false });
    const ended = (age: number, state: Task['state'], tag: string) => {
      const at = Date.now() - age;
      const nextLook = state === 'unknown' ? Date.now() + HOUR : null;
      return writeTask(first, {
        uuid: uuidv7({ msecs: at }),
        tag: tag,
        state,
        startTime: at,
        lastUpdated: at,
        nextLook,
      });
    };
    const unknown = await ended(9 * HOUR, 'unknown', 'unknown');
    const old = [await ended(8 * HOUR, 'success', 'old'), await ended(7 * HOUR, 'failure', 'older')];
    const young = await ended(HOUR / 2, 'success', 'young');
    await start({ retentionMs: 2 * HOUR });
    await until('the old ones to leave', async () => (await rows(first).count()) === 2);
    const left = await rows(first).find({ select: { uuid: true }, order: { uuid: 'ASC' } });
    expect(left.map(({ uuid }) => uuid)).toEqual([unknown, young]);
    expect(left.filter(({ uuid }) => old.includes(uuid))).toEqual([]);
  });
});
