import { Logger } from '@nestjs/common';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { Registry } from 'prom-client';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import type { Observation } from '../../../src/compute/compute.service.js';
import { Settings } from '../../../src/config/settings.js';
import { NotificationBus } from '../../../src/gateway/nova/notifications/notification-bus.js';
import { NotificationsCheck } from '../../../src/gateway/nova/notifications/notifications.check.js';
import { NotificationMetrics } from '../../../src/gateway/nova/notifications/notifications.metrics.js';
import { NovaNotifications } from '../../../src/gateway/nova/notifications/nova-notifications.js';
import { ForeignServers } from '../../../src/gateway/nova/observation/recovery/foreign-servers.js';
import { Client } from '../../support/network/http.js';
import { TcpProxy } from '../../support/network/tcp-proxy.js';
import { LAB_KEYSTONE, LAB_NOTIFICATIONS, LAB_NOVA } from '../../support/openstack/lab.js';
import { IdentityClient } from '../../support/server/identity.js';
import { until } from '../../support/until.js';

const NAME = `tasktag-test-${process.pid}-${Date.now()}`;

jest.setTimeout(90_000);

/** A server's notifications, and what they have told so far. */
interface Listener {
  notifications: NovaNotifications;
  registry: Registry;
  told: Observation[];
}

describe('notifications of a real Nova', () => {
  let rabbitmq: ChannelModel;
  let channel: Channel;
  let listeners: Listener[];
  let queues: string[];
  beforeAll(async () => {
    // They tell of every trouble that these tests make.
    Logger.overrideLogger(false);
    rabbitmq = await connect(LAB_NOTIFICATIONS);
  });
  beforeEach(async () => {
    channel = await rabbitmq.createChannel();
    listeners = [];
    queues = [];
  });
  afterEach(async () => {
    await Promise.all(listeners.map(({ notifications }) => notifications.beforeApplicationShutdown()));
    for (const queue of queues) await channel.deleteQueue(queue);
    await channel.close();
  });
  afterAll(() => rabbitmq.close());

  function listen(settings: Partial<Settings>): Listener {
    const registry = new Registry();
    const given = { NOTIFICATIONS_URL: LAB_NOTIFICATIONS, NOTIFICATIONS_QUEUE: newQueue(), ...settings };
    const notifications = new NovaNotifications(
      Object.assign(new Settings(), given),
      new NotificationMetrics(registry),
      new ForeignServers(),
    );
    const told: Observation[] = [];
    notifications.news.subscribe((observation) => told.push(observation));
    notifications.onApplicationBootstrap();
    const listener = { notifications, registry, told };
    listeners.push(listener);
    return listener;
  }

  /** The name of a queue that is deleted when the test is over. */
  function newQueue(): string {
    const queue = `${NAME}-${queues.length}-${Math.random()}`;
    queues.push(queue);
    return queue;
  }

  function isUp({ notifications }: Listener): Promise<boolean> {
    const check = new NotificationsCheck(notifications).check();
    return check.then(
      () => true,
      () => false,
    );
  }

  function untilUp(listener: Listener): Promise<boolean> {
    return until('the connection', () => isUp(listener), 40_000);
  }

  /** The states told of a task. */
  function statesOf(uuid: string, told: Observation[]): string[] {
    return told.filter((observation) => observation.uuid === uuid).map(({ outcome }) => outcome.state);
  }

  /** Publishes the end of a task's `os-stop`, as Nova does, under a topic of the test's own. */
  function publishEnd(topic: string, uuid: string, exchange = 'nova'): void {
    const message = {
      message_id: uuidv4(),
      event_type: 'instance.power_off.end',
      payload: { 'nova_object.data': {} },
      _context_request_id: `req-${uuidv4()}`,
      _context_global_request_id: `req-${uuid}`,
    };
    publish(
      topic,
      JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(message) }),
      exchange,
    );
  }

  function publish(topic: string, content: string | Buffer, exchange = 'nova'): void {
    channel.publish(exchange, `${topic}.info`, Buffer.from(content));
  }

  describe('tell of what a request has caused', () => {
    const identity = new IdentityClient(LAB_KEYSTONE);
    const nova = new Client(LAB_NOVA, { keepAlive: false });
    let token: string;
    let image: string;
    let listener: Listener;
    beforeAll(async () => {
      token = await identity.token({ user: 'alice', project: 'alpha' });
      image = (await nova.get('/v2.1/images?name=tiny', { token })).json.images[0].id;
    });
    beforeEach(async () => {
      listener = listen({});
      await untilUp(listener);
    });
    afterAll(() => {
      identity.close();
      nova.close();
    });

    /** Sends a request as the gateway does, and gives the uuid of its task. */
    async function send(method: string, path: string, body?: object) {
      const uuid = uuidv7();
      const headers = { 'X-OpenStack-Request-ID': `req-${uuid}` };
      const answer = await nova.call(method, `/v2.1${path}`, { token, version: '2.60', headers, body });
      return { uuid, answer, requestId: answer.headers['x-openstack-request-id'] };
    }

    function create(flavorRef = '42') {
      const server = { name: NAME, imageRef: image, flavorRef, networks: 'none' };
      return send('POST', '/servers', { server });
    }

    async function expectStartAndEnd({ uuid, answer, requestId }: Awaited<ReturnType<typeof send>>) {
      expect(answer.status).toBeLessThan(300);
      const told = () => listener.told.filter((observation) => observation.uuid === uuid);
      await until('its end', () => told().some(({ outcome }) => outcome.state === 'undetermined'));
      const [first, ...others] = told().map(({ outcome }) => outcome);
      expect(first).toMatchObject({ state: 'processing', requestId });
      expect(others.every(({ state }) => state === 'undetermined')).toBe(true);
    }

    async function untilStatus(id: string, status: string) {
      await until(`${id} to be ${status}`, async () => {
        const { json } = await nova.get(`/v2.1/servers/${id}`, { token });
        return json.server?.status === status;
      });
    }

    it('a server that is created, stopped, started and deleted', async () => {
      const created = await create();
      await expectStartAndEnd(created);
      const { id } = created.answer.json.server;
      await untilStatus(id, 'ACTIVE');
      await expectStartAndEnd(await send('POST', `/servers/${id}/action`, { 'os-stop': null }));
      await untilStatus(id, 'SHUTOFF');
      await expectStartAndEnd(await send('POST', `/servers/${id}/action`, { 'os-start': null }));
      await untilStatus(id, 'ACTIVE');
      await expectStartAndEnd(await send('DELETE', `/servers/${id}`));
      const lag = await listener.registry.getSingleMetricAsString('tasktag_notification_lag_seconds');
      expect(lag).toMatch(/_count [1-9]/);
    });

    it('a server that no host takes', async () => {
      const admin = { token: await identity.token({ user: 'admin', project: 'admin' }) };
      const flavor = { name: NAME, ram: 9_999_999, vcpus: 1, disk: 0 };
      const { json } = await nova.post('/v2.1/flavors', { flavor }, admin);
      try {
        const { uuid, answer } = await create(json.flavor.id);
        expect(answer).toMatchObject({ status: 202 });
        await until('news', () => statesOf(uuid, listener.told).includes('undetermined'));
        expect(statesOf(uuid, listener.told)).not.toContain('processing');
        await nova.delete(`/v2.1/servers/${answer.json.server.id}`, { token });
      } finally {
        await nova.delete(`/v2.1/flavors/${json.flavor.id}`, admin);
      }
    });

    it('and do not call accepted what was refused', async () => {
      const { answer } = await create();
      const { id } = answer.json.server;
      await untilStatus(id, 'ACTIVE');
      const attachment = { interfaceAttachment: { net_id: uuidv4() } };
      const refused = await send('POST', `/servers/${id}/os-interface`, attachment);
      expect(refused.answer.status).toBeGreaterThanOrEqual(400);
      await until('the exception', () => statesOf(refused.uuid, listener.told).length > 0);
      expect(statesOf(refused.uuid, listener.told)).toEqual(['undetermined']);
      await nova.delete(`/v2.1/servers/${id}`, { token });
    });
  });

  it('are shared by two replicas, and each is told once', async () => {
    const topic = `${NAME}-shared`;
    const settings = { NOTIFICATIONS_TOPIC: topic, NOTIFICATIONS_QUEUE: newQueue() };
    const [one, other] = [listen(settings), listen(settings)];
    await Promise.all([untilUp(one), untilUp(other)]);
    const uuids = Array.from({ length: 40 }, () => uuidv7());
    for (const uuid of uuids) publishEnd(topic, uuid);
    await until('all of them', () => one.told.length + other.told.length >= 80);
    for (const uuid of uuids)
      expect(statesOf(uuid, [...one.told, ...other.told])).toEqual(['processing', 'undetermined']);
    expect(one.told.length).toBeGreaterThan(0);
    expect(other.told.length).toBeGreaterThan(0);
  });

  it('arrive again after the connection was cut, with those of the time between', async () => {
    const proxy = await TcpProxy.to(LAB_NOTIFICATIONS);
    const topic = `${NAME}-cut`;
    const listener = listen({ NOTIFICATIONS_URL: proxy.url, NOTIFICATIONS_TOPIC: topic });
    await untilUp(listener);
    await proxy.cut();
    await until('the check to be down', async () => !(await isUp(listener)));
    const between = uuidv7();
    publishEnd(topic, between);
    await proxy.open();
    await untilUp(listener);
    const after = uuidv7();
    publishEnd(topic, after);
    await until('both', () => [between, after].every((uuid) => statesOf(uuid, listener.told).length === 2));
    await listener.notifications.beforeApplicationShutdown();
    await proxy.cut();
  });

  it('arrive again after the connection was silent', async () => {
    const proxy = await TcpProxy.to(`${LAB_NOTIFICATIONS}?heartbeat=1`);
    const topic = `${NAME}-silent`;
    const listener = listen({ NOTIFICATIONS_URL: proxy.url, NOTIFICATIONS_TOPIC: topic });
    await untilUp(listener);
    proxy.freeze();
    await until('the check to be down', async () => !(await isUp(listener)));
    await proxy.cut();
    await proxy.open();
    await untilUp(listener);
    const uuid = uuidv7();
    publishEnd(topic, uuid);
    await until('it', () => statesOf(uuid, listener.told).length === 2);
    proxy.freeze();
    await listener.notifications.beforeApplicationShutdown();
    await proxy.cut();
  });

  it('arrive though garbage comes between, which does not come again', async () => {
    const topic = `${NAME}-garbage`;
    const queue = newQueue();
    const listener = listen({ NOTIFICATIONS_TOPIC: topic, NOTIFICATIONS_QUEUE: queue });
    await untilUp(listener);
    publish(topic, 'garbage');
    publish(topic, '');
    publish(topic, '{"oslo.version": "2.0", "oslo.message": "{}"}');
    publish(topic, Buffer.alloc(2_000_000, '{'));
    const uuid = uuidv7();
    publishEnd(topic, uuid);
    await until('the good one', () => statesOf(uuid, listener.told).length === 2);
    await listener.notifications.beforeApplicationShutdown();
    expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 0, consumerCount: 0 });
    expect(await listener.registry.getSingleMetricAsString('tasktag_notifications_total')).toContain(
      '{event="malformed"} 4',
    );
  });

  it('that come when the server is stopped wait in the queue for the next one', async () => {
    const topic = `${NAME}-stopped`;
    const settings = { NOTIFICATIONS_TOPIC: topic, NOTIFICATIONS_QUEUE: newQueue() };
    const first = listen(settings);
    await untilUp(first);
    await first.notifications.beforeApplicationShutdown();
    expect(await isUp(first)).toBe(false);
    const uuid = uuidv7();
    publishEnd(topic, uuid);
    const second = listen(settings);
    await until('it', () => statesOf(uuid, second.told).length === 2);
    expect(first.told).toEqual([]);
  });

  it('are waited for at a message bus that is not there, which does not hold up the stop', async () => {
    const proxy = await TcpProxy.to(LAB_NOTIFICATIONS);
    proxy.freeze();
    const unreachable = [proxy.url, 'amqp://guest:guest@127.0.0.1:1'].join(',');
    const listener = listen({ NOTIFICATIONS_URL: unreachable });
    await until('a refused connection', () => listener.notifications.buses[1]?.trouble?.includes('REFUSED'));
    const began = Date.now();
    await listener.notifications.beforeApplicationShutdown();
    expect(Date.now() - began).toBeLessThan(5000);
    await proxy.cut();
  });

  describe('of an exchange', () => {
    let bus: NotificationBus;
    let queue: string;
    let exchange: string;
    let received: number;
    let failures: number;
    beforeEach(() => {
      exchange = queue = newQueue();
      received = 0;
      const source = {
        url: LAB_NOTIFICATIONS,
        exchange,
        queue,
        topic: 't',
        retryMs: 50,
        maxRetryMs: 100,
        bindAgainMs: 50,
      };
      failures = 0;
      bus = new NotificationBus(source, async () => {
        received++;
        if (received <= failures) await Promise.reject(new Error('A message that cannot be recorded now'));
      });
    });
    afterEach(async () => {
      await bus.stop();
      await channel.deleteExchange(exchange);
    });

    async function declare(): Promise<void> {
      // As Nova does.
      await channel.assertExchange(exchange, 'topic', { durable: false, autoDelete: false });
    }

    async function untilReceived(): Promise<void> {
      const before = received;
      await until('a message', () => {
        publish('t', 'x', exchange);
        return received > before;
      });
    }

    it('are given again as long as they cannot be recorded, and then no more', async () => {
      failures = 3;
      await declare();
      bus.start();
      await until('the queue', () => bus.trouble === null);
      publish('t', 'x', exchange);
      await until('the message to be taken', async () => {
        const { messageCount, consumerCount } = await channel.checkQueue(queue);
        return received === 4 && messageCount === 0 && consumerCount === 1;
      });
    });

    it('that is not there are waited for, and it is not declared', async () => {
      bus.start();
      await until('the first attempt', () => bus.trouble?.startsWith(`there is no exchange ${exchange} yet`));
      await declare();
      await until('the queue', () => bus.trouble === null);
      await untilReceived();
    });

    it('that is deleted and declared again arrive again', async () => {
      await declare();
      bus.start();
      await until('the queue', () => bus.trouble === null);
      await untilReceived();
      await channel.deleteExchange(exchange);
      await declare();
      await untilReceived();
    });

    it('are waited for while the queue has other properties', async () => {
      await declare();
      await channel.assertQueue(queue, { durable: false });
      bus.start();
      await until('the refusal', () =>
        bus.trouble?.startsWith(`the queue ${queue} exists with other properties`),
      );
      await channel.deleteQueue(queue);
      await until('the queue', () => bus.trouble === null);
      await untilReceived();
    });

    it('arrive again when the queue was deleted', async () => {
      await declare();
      bus.start();
      await until('the queue', () => bus.trouble === null);
      await channel.deleteQueue(queue);
      await untilReceived();
    });
  });
});
