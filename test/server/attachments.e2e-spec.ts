import { startApp, type TestApp } from '../support/server/app.js';
import { createServer, untilEnded } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';

const PLAIN = { token: 'alice:attach' };
const CALL = { ...PLAIN, version: '2.60' };
const VOLUME = '11111111-2222-4333-8444-555555555555';
const OTHER_VOLUME = '22222222-2222-4333-8444-555555555555';

describe('an action on a server', () => {
  let test: TestApp;
  let id: string;
  beforeAll(async () => {
    test = await startApp();
    id = await createServer(test.client, {}, PLAIN);
  });
  afterAll(() => test.close());

  describe('that attaches', () => {
    it('an interface is done when answered; detaching it takes its time', async () => {
      const path = `/v3/servers/${id}/os-interface`;
      const list = async () => (await test.client.get(path, CALL)).json.interfaceAttachments as any[];
      const before = await list();
      const { status, json } = await test.client.post(
        path,
        { interfaceAttachment: {} },
        { ...CALL, tag: 'if' },
      );
      expect(status).toBe(200);
      const { port_id, net_id } = json.interfaceAttachment;
      expect(await list()).toHaveLength(before.length + 1);
      expect((await test.client.get(`${path}/${port_id}`, CALL)).json).toEqual(json);
      const [attached] = await tasksOf(test.client, CALL, '?tag=if');
      expect(attached).toMatchObject({
        task: 'attach_interface',
        state: 'success',
        resource: { network: net_id, server: id },
      });

      expect((await test.client.delete(`${path}/${port_id}`, { ...CALL, tag: 'no if' })).status).toBe(202);
      const detached = await untilEnded(test.client, 'no%20if', CALL);
      expect(detached).toMatchObject({
        task: 'detach_interface',
        state: 'success',
        resource: { network: net_id },
      });
      expect(await list()).toEqual(before);
    });

    it('a share, or touches a live migration, is for a real cloud: it is not here, and no task', async () => {
      for (const [method, path, body] of [
        ['POST', 'shares', { share: { share_id: VOLUME } }],
        ['DELETE', `shares/${VOLUME}`, undefined],
        ['DELETE', 'migrations/1', undefined],
        ['POST', 'migrations/1/action', { force_complete: null }],
      ] as const) {
        const call = { ...CALL, tag: 'not here', body };
        const answer = await test.client.call(method, `/v3/servers/${id}/${path}`, call);
        expect([path, answer.status, answer.headers['task-tag']]).toEqual([path, 404, undefined]);
      }
      expect(await tasksOf(test.client, CALL, '?tag=not%20here')).toEqual([]);
    });

    it('a volume, swaps it and detaches it', async () => {
      const path = `/v3/servers/${id}/os-volume_attachments`;
      const volumes = async () =>
        (await test.client.get(path, CALL)).json.volumeAttachments.map(
          ({ volumeId }: { volumeId: string }) => volumeId,
        );
      const attachment = (volumeId: string) => ({ volumeAttachment: { volumeId } });
      const attach = await test.client.post(path, attachment(VOLUME), { ...CALL, tag: 'attach' });
      expect([attach.status, attach.json.volumeAttachment]).toEqual([
        200,
        { id: VOLUME, volumeId: VOLUME, serverId: id, device: '/dev/vdb' },
      ]);
      const ended = await untilEnded(test.client, 'attach', CALL);
      expect(ended).toMatchObject({ task: 'attach_volume', resource: { volume: VOLUME, server: id } });
      expect((await test.client.post(path, attachment(VOLUME), CALL)).status).toBe(400);

      const swap = await test.client.put(`${path}/${VOLUME}`, attachment(OTHER_VOLUME), {
        ...CALL,
        tag: 'swap',
      });
      expect(swap.status).toBe(202);
      expect(await untilEnded(test.client, 'swap', CALL)).toMatchObject({
        task: 'swap_volume',
        state: 'success',
      });
      expect(await volumes()).toEqual([OTHER_VOLUME]);

      const detach = await test.client.delete(`${path}/${OTHER_VOLUME}`, { ...CALL, tag: 'detach' });
      expect(detach.status).toBe(202);
      expect(await untilEnded(test.client, 'detach', CALL)).toMatchObject({
        task: 'detach_volume',
        resource: { volume: OTHER_VOLUME },
      });
      expect(await volumes()).toEqual([]);
    });
  });
});
