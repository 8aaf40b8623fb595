import { Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { TcpProxy } from '../../support/network/tcp-proxy.js';
import { LAB_NOTIFICATIONS } from '../../support/openstack/lab.js';
import { isUp, NovaBus, statesOf, untilUp } from '../../support/openstack/nova-bus.js';
import { until } from '../../support/until.js';

jest.setTimeout(90_000);

describe('notifications of a real Nova', () => {
  const bus = new NovaBus();
  beforeAll(async () => {
    // They tell of every trouble that these tests make.
    Logger.overrideLogger(false);
    await bus.connect();
  });
  beforeEach(() => bus.open());
  afterEach(() => bus.clear());
  afterAll(() => bus.close());

  it('are shared by two replicas, and each is told once', async () => {
    const topic = `${bus.name}-shared`;
    const settings = { NOTIFICATIONS_TOPIC: topic, NOTIFICATIONS_QUEUE: bus.newQueue() };
    const [one, other] = [bus.listen(settings), bus.listen(settings)];
    await Promise.all([untilUp(one), untilUp(other)]);
    const uuids = Array.from({ length: 40 }, () => uuidv7());
    for (const uuid of uuids) bus.publishEnd(topic, uuid);
    await until('all of them', () => one.told.length + other.told.length >= 80);
    for (const uuid of uuids)
      expect(statesOf(uuid, [...one.told, ...other.told])).toEqual(['processing', 'undetermined']);
    expect(one.told.length).toBeGreaterThan(0);
    expect(other.told.length).toBeGreaterThan(0);
  });

  it('arrive again after the connection was cut, with those of the time between', async () => {
    const proxy = await TcpProxy.to(LAB_NOTIFICATIONS);
    const topic = `${bus.name}-cut`;
    const listener = bus.listen({ NOTIFICATIONS_URL: proxy.url, NOTIFICATIONS_TOPIC: topic });
    await untilUp(listener);
    await proxy.cut();
    await until('the check to be down', async () => !(await isUp(listener)));
    const between = uuidv7();
    bus.publishEnd(topic, between);
    await proxy.open();
    await untilUp(listener);
    const after = uuidv7();
    bus.publishEnd(topic, after);
    await until('both', () => [between, after].every((uuid) => statesOf(uuid, listener.told).length === 2));
    await listener.notifications.beforeApplicationShutdown();
    await proxy.cut();
  });

  it('arrive again after the connection was silent', async () => {
    const proxy = await TcpProxy.to(`${LAB_NOTIFICATIONS}?heartbeat=1`);
    const topic = `${bus.name}-silent`;
    const listener = bus.listen({ NOTIFICATIONS_URL: proxy.url, NOTIFICATIONS_TOPIC: topic });
    await untilUp(listener);
    proxy.freeze();
    await until('the check to be down', async () => !(await isUp(listener)));
    await proxy.cut();
    await proxy.open();
    await untilUp(listener);
    const uuid = uuidv7();
    bus.publishEnd(topic, uuid);
    await until('it', () => statesOf(uuid, listener.told).length === 2);
    proxy.freeze();
    await listener.notifications.beforeApplicationShutdown();
    await proxy.cut();
  });

  it('arrive though garbage comes between, which does not come again', async () => {
    const topic = `${bus.name}-garbage`;
    const queue = bus.newQueue();
    const listener = bus.listen({ NOTIFICATIONS_TOPIC: topic, NOTIFICATIONS_QUEUE: queue });
    await untilUp(listener);
    bus.publish(topic, 'garbage');
    bus.publish(topic, '');
    bus.publish(topic, '{"oslo.version": "2.0", "oslo.message": "{}"}');
    bus.publish(topic, Buffer.alloc(2_000_000, '{'));
    const uuid = uuidv7();
    bus.publishEnd(topic, uuid);
    await until('the good one', () => statesOf(uuid, listener.told).length === 2);
    await listener.notifications.beforeApplicationShutdown();
    expect(await bus.channel.checkQueue(queue)).toMatchObject({ messageCount: 0, consumerCount: 0 });
    expect(await listener.registry.getSingleMetricAsString('tasktag_notifications_total')).toContain(
      '{event="malformed"} 4',
    );
  });

  it('that come when the server is stopped wait in the queue for the next one', async () => {
    const topic = `${bus.name}-stopped`;
    const settings = { NOTIFICATIONS_TOPIC: topic, NOTIFICATIONS_QUEUE: bus.newQueue() };
    const first = bus.listen(settings);
    await untilUp(first);
    await first.notifications.beforeApplicationShutdown();
    expect(await isUp(first)).toBe(false);
    const uuid = uuidv7();
    bus.publishEnd(topic, uuid);
    const second = bus.listen(settings);
    await until('it', () => statesOf(uuid, second.told).length === 2);
    expect(first.told).toEqual([]);
  });

  it('are waited for at a message bus that is not there, which does not hold up the stop', async () => {
    const proxy = await TcpProxy.to(LAB_NOTIFICATIONS);
    proxy.freeze();
    const unreachable = [proxy.url, 'amqp://guest:guest@127.0.0.1:1'].join(',');
    const listener = bus.listen({ NOTIFICATIONS_URL: unreachable });
    await until('a refused connection', () => listener.notifications.buses[1]?.trouble?.includes('REFUSED'));
    const began = Date.now();
    await listener.notifications.beforeApplicationShutdown();
    expect(Date.now() - began).toBeLessThan(5000);
    await proxy.cut();
  });
});
