import { Cli } from '../support/server/cli.js';
import { createAndCutOff } from '../support/network/cut-off.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { ServerProcess } from '../support/server/server-process.js';
import { expectRefused, newServer, untilEnded } from '../support/server/servers.js';

const TAG = 'order 4711';

describe('after the answer to a tagged create was lost', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let cli: Cli;
  beforeAll(async () => {
    database = await createDatabase();
    server = await ServerProcess.start({ DATABASE_URL: database.url, EMBEDDED_TASK_MS: '200' });
    cli = new Cli(server.port);
    await createAndCutOff(server.client.url, TAG, newServer({ name: 'ordered' }));
    await untilEnded(server.client, encodeURIComponent(TAG));
  });
  afterAll(async () => {
    cli.close();
    await server.stop();
    await database.drop();
  });

  it('the openstack command shows the server by the tag', async () => {
    expect(await cli.json('server show', TAG)).toMatchObject({ name: 'ordered', status: 'ACTIVE' });
  });

  it('and acts on it by the tag', async () => {
    await cli.do('server stop', TAG);
    const [event] = await cli.json('server event list', TAG);
    expect(event).toMatchObject({ Action: 'stop' });
  });

  it('and lists one server, also after the request was sent again', async () => {
    expectRefused(await server.client.post('/v3/servers', newServer({ name: 'ordered' }), { tag: TAG }));
    expect(await cli.json('server list')).toEqual([expect.objectContaining({ Name: 'ordered' })]);
  });
});
