import { startApp, type TestApp } from '../support/server/app.js';
import { createServer, newServer, untilEnded } from '../support/server/servers.js';
import { until } from '../support/until.js';

const PLAIN = { token: 'alice:fails' };
const CALL = { ...PLAIN, version: '2.60' };

describe('an action on a server', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  describe('that the metadata simulate=fail lets end badly', () => {
    it('is a failure with its fault; the server stays as it was, and the tag stays taken', async () => {
      const server = await createServer(test.client, {}, PLAIN);
      const path = `/v3/servers/${server}`;
      const metadata = { metadata: { simulate: 'fail' } };
      expect((await test.client.post(`${path}/metadata`, metadata, CALL)).status).toBe(200);
      const stop = () =>
        test.client.post(`${path}/action`, { 'os-stop': null }, { ...CALL, tag: 'bad stop' });
      expect((await stop()).status).toBe(202);
      expect(await untilEnded(test.client, 'bad%20stop', CALL)).toMatchObject({
        state: 'failure',
        accepted: true,
        fault: { code: 500, message: expect.stringContaining('simulate=fail') },
        resource: { server },
      });
      const { json } = await test.client.get(path, CALL);
      expect(json.server).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:task_state': null });
      expect((await stop()).status).toBe(409);
      const { json: actions } = await test.client.get(`${path}/os-instance-actions`, CALL);
      expect(actions.instanceActions[0]).toMatchObject({ action: 'stop', message: 'Error' });

      expect((await test.client.delete(path, CALL)).status).toBe(204);
      await until('it to be gone', async () => (await test.client.get(path, CALL)).status === 404);
    });

    it('as a create leaves a server in ERROR with its fault', async () => {
      const call = { token: CALL.token, tag: 'bad create' };
      const wanted = newServer({ metadata: { simulate: 'fail' } });
      const { json } = await test.client.post('/v3/servers', wanted, call);
      const task = await untilEnded(test.client, 'bad%20create', call);
      expect(task).toMatchObject({
        state: 'failure',
        fault: { code: 500 },
        resource: { server: json.server.id },
      });
      const { json: shown } = await test.client.get('/v3/servers/bad%20create', CALL);
      expect(shown.server).toMatchObject({
        id: json.server.id,
        status: 'ERROR',
        addresses: {},
        fault: { code: 500, message: task.fault.message },
      });
    });
  });
});
