import { newServer } from '../support/server/servers.js';
import { startApp, type TestApp } from '../support/server/app.js';

const NOBODY = { token: null };

/** A gateway at whose addresses nobody listens. */
const GATEWAY = {
  COMPUTE: 'nova',
  NOVA_URL: 'http://127.0.0.1:1',
  IDENTITY: 'keystone',
  OS_AUTH_URL: 'http://127.0.0.1:1/v3',
  OS_USERNAME: 'tasktag',
  OS_PASSWORD: 'secret-3',
  OS_PROJECT_NAME: 'service',
  NOTIFICATIONS_URL: 'amqp://guest:secret-3@127.0.0.1:1/',
};

describe('a gateway that is started while Nova, Keystone and the message bus are away', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp(GATEWAY);
  });
  afterAll(() => test.close());

  it('is alive, not ready, and names what is missing, without a secret', async () => {
    const alive = await test.client.get('/healthz', NOBODY);
    expect([alive.status, alive.json]).toEqual([200, { status: 'alive' }]);
    const ready = await test.client.get('/readyz', NOBODY);
    expect([ready.status, ready.json]).toEqual([
      503,
      {
        status: 'not_ready',
        checks: {
          database: 'up',
          migrations: 'up',
          nova: 'down',
          nova_clock: 'down',
          keystone: 'down',
          notifications: 'down',
        },
        about: { nova_clock: { known_from: 'none' } },
      },
    ]);
    const check = await test.client.get('/healthcheck', NOBODY);
    expect([check.status, check.text.split('\n').sort()]).toEqual([
      503,
      ['keystone is down', 'notifications is down', 'nova is down', 'nova_clock is down'],
    ]);
    expect(ready.text + check.text).not.toMatch(/secret-3|127\.0\.0\.1/);
  });

  it('answers 503 to whose token it cannot have checked, tagged or not, and records nothing', async () => {
    for (const tag of ['while away', undefined]) {
      const call = { token: 'gAAAAAB', ...(tag !== undefined && { tag }) };
      const { status, json } = await test.client.post('/v2.1/servers', newServer(), call);
      expect([status, json.serviceUnavailable?.code]).toEqual([503, 503]);
    }
    const { status } = await test.client.get('/v3/tasks?tag=while%20away', { token: 'gAAAAAB' });
    expect(status).toBe(503);
    const { text } = await test.client.get('/metrics', NOBODY);
    expect(text).toMatch(/^tasktag_tasks\{state="pending"\} 0$/m);
  });

  it('answers 503 to what only passes through', async () => {
    const { status, json } = await test.client.get('/v2.1/flavors', { token: 'gAAAAAB' });
    expect([status, json.serviceUnavailable?.message]).toEqual([
      503,
      expect.stringMatching(/^The compute service cannot be reached/),
    ]);
  });

  it('starts anew on the same database, and stops although nobody ever answered', async () => {
    await test.restart();
    expect((await test.client.get('/healthz', NOBODY)).status).toBe(200);
  });
});
