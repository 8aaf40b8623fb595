import type { Task } from '../../src/index.js';
import {
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

const { start } = jobsHosts();

describe('a task whose outcome the host alone knows, with several processes on one database', () => {
  it.each(['endless', 'events'])(
    'is not asked, and the request not taken for lost, while its process lives, also one that does not ask: %s',
    async (path) => {
      const host = await start({ sweep: false, pendingMs: 3000 });
      const settle = jest.fn((_task: Task) => SUCCESS);
      await start({ pendingMs: 3000, settle });
      const request = send(host, path, 'slow');
      const { uuid, nextLook } = await until('the request', () => rows(host).findOneBy({}));
      // Long after another process would have been taken for dead.
      await until('its time to be over', () => Date.now() > (nextLook ?? 0) + 4000);
      await untilSwept(host);
      expect(await rows(host).findOneBy({ uuid })).toMatchObject({ state: 'pending', nextLook });
      jobs.endEndless();
      expect((await request).status).toBe(201);
      expect(settle.mock.calls.map(([task]) => task.uuid)).not.toContain(uuid);
    },
  );

  it('is asked by one process at a time', async () => {
    const asked: string[] = [];
    const others = new Set<string>();
    const startAs = (name: string) =>
      start({
        settle: ({ task }) => {
          if (task !== 'hangs') return (others.add(name), SUCCESS);
          asked.push(name);
          return new Promise<null>(() => undefined);
        },
      });
    const [host] = [await startAs('one'), await startAs('other')];
    await unknownSince(host, 0, 'hangs');
    await until('the question', () => asked.length > 0);
    others.clear();
    await until('both to ask about others', async () => {
      await unknownSince(host, 0, 'quick');
      return others.size === 2;
    });
    expect(asked).toHaveLength(1);
  });

  it('is asked at once where there is somebody to ask, whatever other processes on the database have nobody', async () => {
    const mute = await start({});
    await send(mute, 'broken', 'unknown');
    await send(mute, 'accepted', 'processing');
    await untilSwept(mute);
    for (const { nextLook } of await rows(mute).find()) expect(nextLook).toBeLessThanOrEqual(Date.now());
    const other = await start({ settle: () => SUCCESS });
    for (const tag of ['unknown', 'processing']) await untilState(other, tag, 'success');
    await untilState(other, 'dead', 'success');
  });

  it('is not asked about one whose process died in its own transaction: each process knows that', async () => {
    const host = await start({});
    const uuid = await writeTask(host, { state: 'pending', sameTransaction: true, nextLook: Date.now() });
    await until('its end', async () => (await rows(host).countBy({ uuid, state: 'failure' })) === 1);
    const unknown = await writeTask(host, { state: 'unknown', sameTransaction: true, nextLook: Date.now() });
    await until('its end', async () => (await rows(host).countBy({ uuid: unknown, state: 'failure' })) === 1);
  });

  it('is asked by those processes only that are to', async () => {
    const settle = jest.fn(() => SUCCESS);
    const host = await start({ sweep: false, settle });
    const other = await start({ settle: () => SUCCESS });
    for (const tag of ['1', '2', '3']) await send(host, 'accepted', tag);
    for (const tag of ['1', '2', '3']) await untilState(other, tag, 'success');
    expect(settle).not.toHaveBeenCalled();
  });
});
