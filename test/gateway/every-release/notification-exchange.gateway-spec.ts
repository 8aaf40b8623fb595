import { Logger } from '@nestjs/common';
import { NotificationBus } from '../../../src/gateway/nova/notifications/notification-bus.js';
import { LAB_NOTIFICATIONS } from '../../support/openstack/lab.js';
import { NovaBus } from '../../support/openstack/nova-bus.js';
import { until } from '../../support/until.js';

jest.setTimeout(90_000);

describe("notifications of an exchange of Nova's message bus", () => {
  const bus = new NovaBus();
  beforeAll(async () => {
    // They tell of every trouble that these tests make.
    Logger.overrideLogger(false);
    await bus.connect();
  });
  afterAll(() => bus.close());

  let ours: NotificationBus;
  let queue: string;
  let exchange: string;
  let received: number;
  let failures: number;
  beforeEach(async () => {
    await bus.open();
    exchange = queue = bus.newQueue();
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
    ours = new NotificationBus(source, async () => {
      received++;
      if (received <= failures) await Promise.reject(new Error('A message that cannot be recorded now'));
    });
  });
  afterEach(async () => {
    await ours.stop();
    await bus.channel.deleteExchange(exchange);
    await bus.clear();
  });

  async function declare(): Promise<void> {
    // As Nova does.
    await bus.channel.assertExchange(exchange, 'topic', { durable: false, autoDelete: false });
  }

  async function untilReceived(): Promise<void> {
    const before = received;
    await until('a message', () => {
      bus.publish('t', 'x', exchange);
      return received > before;
    });
  }

  it('are given again as long as they cannot be recorded, and then no more', async () => {
    failures = 3;
    await declare();
    ours.start();
    await until('the queue', () => ours.trouble === null);
    bus.publish('t', 'x', exchange);
    await until('the message to be taken', async () => {
      const { messageCount, consumerCount } = await bus.channel.checkQueue(queue);
      return received === 4 && messageCount === 0 && consumerCount === 1;
    });
  });

  it('that is not there are waited for, and it is not declared', async () => {
    ours.start();
    await until('the first attempt', () => ours.trouble?.startsWith(`there is no exchange ${exchange} yet`));
    await declare();
    await until('the queue', () => ours.trouble === null);
    await untilReceived();
  });

  it('that is deleted and declared again arrive again', async () => {
    await declare();
    ours.start();
    await until('the queue', () => ours.trouble === null);
    await untilReceived();
    await bus.channel.deleteExchange(exchange);
    await declare();
    await untilReceived();
  });

  it('are waited for while the queue has other properties', async () => {
    await declare();
    await bus.channel.assertQueue(queue, { durable: false });
    ours.start();
    await until('the refusal', () =>
      ours.trouble?.startsWith(`the queue ${queue} exists with other properties`),
    );
    await bus.channel.deleteQueue(queue);
    await until('the queue', () => ours.trouble === null);
    await untilReceived();
  });

  it('arrive again when the queue was deleted', async () => {
    await declare();
    ours.start();
    await until('the queue', () => ours.trouble === null);
    await bus.channel.deleteQueue(queue);
    await untilReceived();
  });
});
