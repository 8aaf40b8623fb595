import type { ObservedTask } from '../../../src/compute/compute.service.js';
import { MARKER_METADATA_KEY, markerTag } from '../../../src/gateway/nova/markers/marker.js';
import { LAB_KIND } from '../../support/openstack/lab.js';
import { ObservedNova } from '../../support/openstack/observed-nova.js';
import { until } from '../../support/until.js';

/** A Nova that has answered for longer than a request can last. */
const DEADLINE_OVER = { NOVA_TIMEOUT_MS: '1000', NOVA_LONGEST_REQUEST_MS: '1000' };
const LONG_AGO = 60_000;

const itOnNewest = LAB_KIND === 'new' ? it : it.skip;

describe('what becomes of tasks in a real Nova', () => {
  const nova = new ObservedNova();
  beforeAll(() => nova.start());
  afterAll(() => nova.stop());
  beforeEach(() => {
    nova.others = { undecided: [] };
  });

  describe('creates', () => {
    it('end well when the server is ACTIVE', async () => {
      const task = await nova.create();
      expect(await nova.end(task)).toEqual({ state: 'success' });
      expect((await nova.show(task.serverId as string)).status).toBe('ACTIVE');
    });

    it('end with the reason when no host fits', async () => {
      const task = await nova.create({ flavorRef: await nova.flavorWithoutHost() });
      const fault = { code: 500, message: 'No valid host was found.' };
      expect(await nova.end(task)).toEqual({ state: 'failure', fault });
    });

    it('of several servers end when all have, and name them', async () => {
      const task = await nova.create({ min_count: 3, max_count: 3 });
      const { state, subjects } = await nova.end(task);
      expect(state).toBe('success');
      expect(subjects).toHaveLength(3);
      expect(subjects[0]).toBe(task.serverId);
      for (const id of subjects) expect((await nova.show(id)).status).toBe('ACTIVE');
      for (const id of subjects) await nova.end(await nova.delete(id));
    });

    it('that end at the same time name all their servers, of one list', async () => {
      const tasks = await Promise.all([
        ...Array.from({ length: 8 }, () => nova.create()),
        nova.create({ min_count: 3, max_count: 3 }),
      ]);
      const ends = await until('the end of all', async () => {
        const observations = await nova.observer().observe(tasks);
        const outcomes = observations.map(({ outcome }) => outcome as any);
        return outcomes.every(({ state }) => state === 'success') && outcomes;
      });
      expect(ends.map(({ subjects }) => subjects?.length)).toEqual([...Array(8).fill(undefined), 3]);
      expect(ends.at(-1).subjects[0]).toBe(tasks.at(-1)?.serverId);
      const all = [...tasks.map(({ serverId }) => serverId as string), ...ends.at(-1).subjects.slice(1)];
      await Promise.all(all.map(async (id) => nova.end(await nova.delete(id))));
    });

    it('that answer with a reservation alone are found by their request id', async () => {
      const task = await nova.create({ return_reservation_id: true, min_count: 2, max_count: 2 });
      expect(task.serverId).toBeNull();
      const found = await until('the servers', async () => {
        const outcome = await nova.look(task);
        return outcome.subjects?.length === 2 && outcome;
      });
      expect(found).toMatchObject({ state: 'processing', resource: { server: found.subjects[0] } });
      expect(await nova.end({ ...task, serverId: found.subjects[0] })).toMatchObject({ state: 'success' });
      for (const id of found.subjects) await nova.end(await nova.delete(id));
    });

    it('of a server that is deleted before it is built say so', async () => {
      const task = await nova.create();
      await nova.delete(task.serverId as string);
      const outcome = await nova.end(task);
      expect(outcome).toMatchObject({ state: expect.stringMatching(/^(failure|success)$/) });
      if (outcome.state === 'failure')
        expect(outcome.fault.message).toMatch(/deleted while it was being built/);
    });

    it('of a server that was built and is deleted since had ended well', async () => {
      const task = await nova.create();
      await nova.end(task);
      await nova.end(await nova.delete(task.serverId as string));
      expect(await nova.look(task)).toEqual({ state: 'success' });
    });
  });

  // The driver of the lab's newest Nova stores nothing: it is as if a compute service had died meanwhile.
  itOnNewest(
    'a snapshot whose image never becomes active ends, and says so, with its server there or gone',
    async () => {
      const server = await nova.server();
      const tasks = [await nova.snapshot(server)];
      await until(
        'the server to be idle',
        async () => (await nova.show(server))['OS-EXT-STS:task_state'] === null,
      );
      tasks.push(await nova.snapshot(server));
      await until(
        'the server to be idle',
        async () => (await nova.show(server))['OS-EXT-STS:task_state'] === null,
      );
      for (const task of tasks) expect(await nova.look(task)).toMatchObject({ state: 'processing' });
      const isOver = {
        state: 'failure',
        fault: { message: expect.stringMatching(/^The image was not made/) },
      };
      expect(await nova.look(tasks[0] as ObservedTask, {}, 660_000)).toMatchObject(isOver);
      await nova.end(await nova.delete(server));
      expect(await nova.look(tasks[1] as ObservedTask, {}, 660_000)).toMatchObject(isOver);
    },
  );

  describe('actions', () => {
    let server: string;
    beforeAll(async () => {
      server = await nova.server();
    });

    it.each<[string, () => object, 'user' | 'admin']>([
      ['stop', () => ({ 'os-stop': null }), 'user'],
      ['rebuild', () => ({ rebuild: { imageRef: nova.imageId } }), 'user'],
      ['start', () => ({ 'os-start': null }), 'user'],
      ['reboot', () => ({ reboot: { type: 'HARD' } }), 'user'],
      ['pause', () => ({ pause: null }), 'user'],
      ['unpause', () => ({ unpause: null }), 'user'],
      ['suspend', () => ({ suspend: null }), 'user'],
      ['resume', () => ({ resume: null }), 'user'],
      ['resize', () => ({ resize: { flavorRef: nova.otherFlavor } }), 'user'],
      ['confirmResize', () => ({ confirmResize: null }), 'user'],
      ['migrate', () => ({ migrate: null }), 'admin'],
      ['revertResize', () => ({ revertResize: null }), 'user'],
      ['live-migration', () => ({ 'os-migrateLive': { host: null, block_migration: 'auto' } }), 'admin'],
      ['rescue', () => ({ rescue: {} }), 'user'],
      ['unrescue', () => ({ unrescue: null }), 'user'],
      ['shelve', () => ({ shelve: null }), 'user'],
      ['unshelve', () => ({ unshelve: null }), 'user'],
      ['createImage', () => ({ createImage: { name: nova.name } }), 'user'],
      ['lock', () => ({ lock: null }), 'user'],
      ['unlock', () => ({ unlock: null }), 'user'],
      ['changePassword', () => ({ changePassword: { adminPass: 'x' } }), 'user'],
    ])('%s ends well', async (name, body, as) => {
      const task = await nova.act(server, name, body(), as);
      expect(await nova.end(task)).toEqual({ state: 'success' });
      await until('an idle server', async () => (await nova.show(server))['OS-EXT-STS:task_state'] === null);
    });

    it('that are not known by name end when their steps have', async () => {
      const task = await nova.act(server, 'stop', { 'os-stop': null });
      expect(await nova.end({ ...task, task: 'some-action-of-a-newer-nova' })).toEqual({ state: 'success' });
      await nova.end(await nova.act(server, 'start', { 'os-start': null }));
    });

    it('a resize that no host fits fails with the reason, and the server goes on', async () => {
      const task = await nova.act(server, 'resize', {
        resize: { flavorRef: await nova.flavorWithoutHost() },
      });
      const { state, fault } = await nova.end(task);
      expect(state).toBe('failure');
      expect(fault.message).toMatch(/No valid host was found/);
      expect(fault.message).not.toMatch(/Traceback|File "/);
      expect((await nova.show(server)).status).toBe('ACTIVE');
    });

    it('deletes end when the server is gone, and so does what was under way', async () => {
      const stop = await nova.act(server, 'stop', { 'os-stop': null });
      const remove = await nova.delete(server);
      expect(await nova.end(remove)).toEqual({ state: 'success' });
      expect((await nova.end(stop)).state).toMatch(/^(success|failure)$/);
    });
  });

  it('many tasks at a time are told from one list', async () => {
    const tasks = await Promise.all(Array.from({ length: 9 }, () => nova.create()));
    const observations = await until(
      'the end of all',
      async () => {
        const all = await nova.observer().observe(tasks);
        return all.every(({ outcome }) => outcome.state === 'success') && all;
      },
      45_000,
    );
    expect(observations.map(({ uuid }) => uuid).sort()).toEqual(tasks.map(({ uuid }) => uuid).sort());
    for (const { serverId } of tasks) await nova.delete(serverId as string);
  });

  describe('whether a request was accepted that has no answer', () => {
    it('a create is found by the server tag', async () => {
      const task = nova.task('create', { isMarked: true });
      const { serverId, requestId } = await nova.create({ tags: [markerTag(task.uuid)] });
      expect(await nova.look(task)).toMatchObject({
        state: 'processing',
        resource: { server: serverId },
        subjects: [serverId],
      });
      const withRow = await until('the request id', async () => {
        const outcome = await nova.look(task);
        return outcome.requestId !== null && outcome;
      });
      expect(withRow.requestId).toBe(requestId);
      expect(await nova.end({ ...task, state: 'processing', serverId })).toEqual({
        state: 'success',
        requestId,
      });
    });

    it('a create is found by the metadata item', async () => {
      const task = nova.task('create', { isMarked: true });
      const { serverId } = await nova.create({ metadata: { [MARKER_METADATA_KEY]: task.uuid } });
      expect(await nova.look(task)).toMatchObject({ state: 'processing', resource: { server: serverId } });
    });

    it('a create without a marker is found by its action, when no task has that one', async () => {
      const task = nova.task('create');
      const made = await nova.create();
      await nova.end(made);
      // Other users of the lab make servers too.
      nova.others.free = [made.requestId as string];
      expect(await nova.look(task)).toMatchObject({
        state: 'processing',
        resource: { server: made.serverId },
        requestId: made.requestId,
      });
      nova.others.free = [];
      expect((await nova.look(task)).state).toBe('undetermined');
    });

    it('a create is not accepted when nothing is found in the time that a request may last', async () => {
      const task = nova.task('create', { isMarked: true });
      nova.others.free = [];
      expect(await nova.look(task)).toMatchObject({ state: 'undetermined' });
      const isRejected = async () => (await nova.look(task, DEADLINE_OVER)).state === 'rejected';
      expect(await until('a rejection', isRejected)).toBe(true);
    });

    it('an action is found by what Nova keeps of the server', async () => {
      const server = await nova.server();
      const task = nova.task('stop', { serverId: server });
      nova.others.undecided = [task];
      expect(await nova.look(task)).toMatchObject({ state: 'undetermined' });
      const { requestId } = await nova.act(server, 'stop', { 'os-stop': null });
      expect(await nova.look(task)).toMatchObject({ state: 'processing', requestId });
      const unfound = { ...nova.task('start', { serverId: server }), startTime: Date.now() - LONG_AGO };
      expect(await nova.look(unfound, DEADLINE_OVER)).toMatchObject({ state: 'rejected' });
    });

    it('one of two equal requests that cannot be told apart is ambiguous', async () => {
      const server = await nova.server();
      const task = nova.task('lock', { serverId: server });
      const one = await nova.act(server, 'lock', { lock: null });
      await nova.act(server, 'unlock', { unlock: null });
      const other = await nova.act(server, 'lock', { lock: null });
      nova.others.undecided = [task];
      expect(await nova.look(task)).toMatchObject({ state: 'undetermined' });
      const outcome = await until('the deadline', async () => {
        const { state, fault } = await nova.look(task, DEADLINE_OVER);
        return state === 'failure' && fault;
      });
      expect(outcome).toMatchObject({ code: 409, message: expect.stringContaining(one.requestId as string) });
      expect(outcome.message).toContain(other.requestId);
    });

    it('as many tasks as actions are matched in the order of time', async () => {
      const server = await nova.server();
      const tasks = [nova.task('lock', { serverId: server }), nova.task('lock', { serverId: server })];
      const one = await nova.act(server, 'lock', { lock: null });
      await nova.act(server, 'unlock', { unlock: null });
      const other = await nova.act(server, 'lock', { lock: null });
      nova.others.undecided = tasks;
      const observations = await nova.observer().observe(tasks);
      const found = tasks.map(({ uuid }) => observations.find((seen) => seen.uuid === uuid)?.outcome);
      expect(found).toMatchObject([{ requestId: one.requestId }, { requestId: other.requestId }]);
    });

    it('a delete has come true when the server is gone, and was not accepted when it is not', async () => {
      const server = await nova.server();
      const task = nova.task('delete', { serverId: server, startTime: Date.now() - LONG_AGO });
      expect(await nova.look(task)).toMatchObject({ state: 'undetermined' });
      expect(await nova.look(task, DEADLINE_OVER)).toMatchObject({ state: 'rejected' });
      const { requestId } = await nova.delete(server);
      const outcome = await nova.end({ ...task, startTime: Date.now() });
      expect(outcome).toEqual({ state: 'success', requestId });
    });

    it('what Nova keeps nothing of cannot be found out, and is said to be so', async () => {
      const server = await nova.server();
      const task = nova.task('addSecurityGroup', { serverId: server, startTime: Date.now() - LONG_AGO });
      const { state, fault } = await nova.look(task, DEADLINE_OVER);
      expect(state).toBe('failure');
      expect(fault.message).toMatch(/cannot be determined/);
    });
  });
});
