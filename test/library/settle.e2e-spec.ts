import { Logger } from '@nestjs/common';
import { type Outcome, type Task, TasksService } from '../../src/index.js';
import {
  isLeased,
  jobs,
  jobsHosts,
  rows,
  send,
  SUCCESS,
  unknownSince,
  untilState,
  untilSwept,
  writeTask,
} from '../support/library/jobs-hosts.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const { start, stop } = jobsHosts();

describe('a task whose outcome the host alone knows', () => {
  it('is asked when the task goes on after its answer, and recorded', async () => {
    const host = await start({ settle: ({ state }) => (state === 'processing' ? SUCCESS : null) });
    expect((await send(host, 'accepted', 'goes-on')).status).toBe(202);
    expect(await untilState(host, 'goes-on', 'success')).toMatchObject({ resource: { job: '7' } });
  });

  it('is asked when the handler failed on the way; a request that was lost is carried out when it comes again', async () => {
    const fault = { code: 503, message: 'lost' };
    const host = await start({ settle: () => Promise.resolve({ state: 'rejected', fault }) });
    expect((await send(host, 'broken', 'lost')).status).toBe(500);
    expect(await untilState(host, 'lost', 'failure')).toMatchObject({ accepted: false, fault });
    expect((await send(host, 'broken', 'lost')).status).toBe(500);
    expect(jobs.runs).toBe(2);
  });

  it('may be that what goes on was never begun: its tag is free then', async () => {
    const fault = { code: 408, message: 'never begun' };
    const host = await start({ settle: () => ({ state: 'rejected', fault }) });
    expect((await send(host, 'accepted', 'never')).status).toBe(202);
    expect(await untilState(host, 'never', 'failure')).toMatchObject({ accepted: false, fault });
    expect((await send(host, 'accepted', 'never')).status).toBe(202);
    expect(jobs.runs).toBe(2);
  });

  it('is not what it was thought to be when it turned out to go on meanwhile', async () => {
    const fault = { code: 408, message: 'not found' };
    const outcomes: Outcome[] = [{ state: 'rejected', fault }, SUCCESS];
    const host = await start({
      settle: async ({ uuid }) => {
        const lookAgainAt = Date.now();
        if (outcomes.length === 2) {
          await host.app.get(TasksService).settle(uuid, { state: 'processing', lookAgainAt });
        }
        return outcomes.shift() ?? null;
      },
    });
    await send(host, 'broken', 'late');
    expect(await untilState(host, 'late', 'success')).toMatchObject({ accepted: true, fault: null });
  });

  it('is asked again until it is known, also after the question failed', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    const answers = [() => null, () => Promise.reject(new Error('the bank is closed')), () => SUCCESS];
    const host = await start({ settle: () => (answers.shift() ?? (() => null))() });
    await send(host, 'broken', 'later');
    expect(await untilState(host, 'later', 'success')).toMatchObject({ resource: { job: '7' } });
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/the bank is closed$/));
  });

  it('is asked again also after the question failed with nothing at all', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as hosts may
    const answers = [() => Promise.reject(undefined), () => Promise.reject(null), () => SUCCESS];
    const host = await start({ settle: () => (answers.shift() ?? (() => null))() });
    await send(host, 'broken', 'nothing');
    expect(await untilState(host, 'nothing', 'success')).toMatchObject({ resource: { job: '7' } });
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/undefined was thrown$/));
  });

  it.each([
    [5000, 5000],
    [HOUR, 10 * MINUTE],
  ])('is asked later the longer it is not known: after %d ms, in %d ms', async (age, pause) => {
    let asked = 0;
    const host = await start({ settle: () => void (asked += 1) as unknown as null });
    const uuid = await unknownSince(host, age);
    const row = await until('the question', async () => {
      const found = await rows(host).findOneByOrFail({ uuid });
      return asked > 0 && found.nextLook !== null && found.nextLook !== 1 && !isLeased(found) && found;
    });
    const waits = (row.nextLook ?? 0) - Date.now();
    expect(waits).toBeLessThanOrEqual(pause + 2000);
    expect(waits).toBeGreaterThan(pause - 2000);
  });

  it('is asked in a minute about one that goes on and says no more', async () => {
    const host = await start({ settle: () => SUCCESS });
    await send(host, 'slow', 'minute');
    const { nextLook } = await rows(host).findOneByOrFail({ state: 'processing' });
    expect(Math.abs((nextLook ?? 0) - Date.now() - MINUTE)).toBeLessThan(10_000);
  });

  it('is not held up by questions that get no answer, and neither is a stop', async () => {
    const settle = ({ task }: Task) => (task === 'hangs' ? new Promise<null>(() => undefined) : SUCCESS);
    const host = await start({ settle });
    for (let n = 0; n < 3; n += 1) await unknownSince(host, 0, 'hangs');
    for (const tag of ['1', '2', '3', '4', '5']) await send(host, 'accepted', tag);
    for (const tag of ['1', '2', '3', '4', '5']) await untilState(host, tag, 'success');
    await stop(host);
    const next = await start({ settle: () => SUCCESS });
    await until('the others', async () => (await rows(next).countBy({ state: 'unknown' })) === 0);
  });

  it('is asked about one that goes on when the host said that there is something to see', async () => {
    const lookAgainAt = Date.now() + 3 * HOUR;
    const host = await start({ settle: () => ({ state: 'processing', lookAgainAt }) });
    await send(host, 'accepted', 'then');
    await until('the answer', async () => (await rows(host).countBy({ nextLook: lookAgainAt })) === 1);
  });

  it('is not asked about work that was to be committed with its task: it was not done', async () => {
    const settle = jest.fn(() => SUCCESS);
    const host = await start({ sweep: false });
    await writeTask(host, { state: 'unknown', nextLook: 1, sameTransaction: true });
    await start({ settle });
    await until(
      'its end',
      async () => (await rows(host).countBy({ state: 'failure', faultCode: 503 })) === 1,
    );
    expect(settle).not.toHaveBeenCalled();
  });

  it('is nobody to ask: it stays as it is', async () => {
    const host = await start({});
    await send(host, 'broken', 'nobody');
    await untilSwept(host);
    expect((await send(host, 'broken', 'nobody')).json.task.state).toBe('unknown');
    expect(jobs.runs).toBe(1);
  });
});
