import { DataSource } from 'typeorm';
import { ComputeService } from '../../src/compute/compute.service.js';
import { Retention } from '../../src/tasks/retention/retention.js';
import { Task } from '../../src/tasks/task.entity.js';
import { TASKS_OPTIONS, type TasksOptions } from '../../src/tasks/tasks.options.js';
import { gatewaySettings, Lab, startGateway, untilTaskEnds } from '../support/openstack/gateway.js';
import type { TestApp } from '../support/server/app.js';
import { expectRefused } from '../support/server/servers.js';
import { until } from '../support/until.js';

const HOUR = 3_600_000;
const NEVER = new AbortController().signal;

describe('retention in front of a real Nova', () => {
  const lab = new Lab();
  const tag = `retention ${process.pid} ${Date.now()}`;
  let test: TestApp;
  afterEach(() => test.close());
  afterAll(() => lab.close());

  const later = (ms: number) => {
    test.app.get<TasksOptions>(TASKS_OPTIONS).now = () => Date.now() + ms;
  };
  const sweepAll = async () => {
    while (await test.app.get(Retention).sweep());
  };
  const untilGone = (id: string) =>
    until('Nova to have deleted the server', async () => (await lab.server(id)) === undefined);

  it('keeps a create and its key until its server is deleted', async () => {
    test = await startGateway({ TASK_RETENTION: '1h' });
    const call = await lab.call({ tag });
    const body = await lab.newServer();
    const id = lab.keep(await test.client.post('/v3/servers', body, call));
    await untilTaskEnds(test.client, tag, call);
    const stopTag = `${tag} stop`;
    const stop = () =>
      test.client.post(`/v3/servers/${id}/action`, { 'os-stop': null }, { ...call, tag: stopTag });
    expect((await stop()).status).toBe(202);
    await untilTaskEnds(test.client, stopTag, call);

    later(3 * HOUR);
    await sweepAll();
    expectRefused(await test.client.post('/v3/servers', body, call));
    // Its action left, and Nova itself has to refuse what it has done before.
    expect(await stop()).toMatchObject({ status: 409, text: expect.stringContaining('vm_state stopped') });

    await lab.nova.delete(`/v2.1/servers/${id}`, await lab.call());
    await untilGone(id);
    later(28 * HOUR);
    await sweepAll();
    await sweepAll();
    expect(await test.app.get(DataSource).getRepository(Task).countBy({ subject: id })).toBe(0);
    lab.keep(await test.client.post('/v3/servers', body, call));
  });

  it('takes no server for gone that it may not see, or cannot ask about', async () => {
    test = await startGateway();
    const id = await lab.activeServer();
    const never = id.replace(/^.{8}/, '00000000');
    const existing = () => test.app.get(ComputeService).existingServers([id, never], NEVER);
    expect([...(await existing())]).toEqual([id]);

    // An ordinary user gets 404 or 403 for other projects' servers, whether they exist or not.
    const ordinary = gatewaySettings({ OS_USERNAME: 'bob', OS_PASSWORD: 'bob', OS_PROJECT_NAME: 'beta' });
    await test.restart(ordinary);
    expect([...(await existing())].sort()).toEqual([id, never].sort());

    await test.restart({ ...ordinary, NOVA_URL: 'http://127.0.0.1:1' });
    expect([...(await existing())].sort()).toEqual([id, never].sort());
  });
});
