import { Logger } from '@nestjs/common';
import { type ChannelModel, connect } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { Task } from '../../src/tasks/task.entity.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { newServer, untilEnded } from '../support/server/servers.js';
import { describeWith, SERVICES } from '../support/services/services.js';
import { until } from '../support/until.js';

const CALL = { token: 'alice:audited', headers: { 'User-Agent': 'a-client/1.0' } };
const ADMIN = { token: 'admin:ops' };

/** Makes one event of each kind, and one that is refused. */
async function decide({ client, app }: TestApp): Promise<{ first: any; abandoned: any }> {
  const create = (more: object) =>
    client.post('/v3/servers', newServer(), { ...CALL, tag: 'twice', ...more });
  expect((await create({})).status).toBe(202);
  expect((await create({})).status).toBe(409);
  const asked = { headers: { ...CALL.headers, 'Task-duplicates': 'answer' } };
  expect((await create(asked)).status).toBe(202);
  const first = await untilEnded(client, 'twice', CALL);
  const { server } = first.resource;
  const act = () =>
    client.post(`/v3/servers/${server}/action`, { reboot: { type: 'SOFT' } }, { ...CALL, tag: 'act' });
  expect([(await act()).status, (await act()).status]).toEqual([202, 409]);
  const { json } = await client.post('/v3/tasks/action', { abandon: { tag: 'given up' } }, CALL);
  await app
    .get(DataSource)
    .getRepository(Task)
    .update({ uuid: first.uuid }, { state: 'unknown', nextLook: null });
  const resolve = { uuid: first.uuid, accepted: true, state: 'success' };
  expect((await client.post('/v3/tasks/action', { resolve }, CALL)).status).toBe(403);
  expect((await client.post('/v3/tasks/action', { resolve }, ADMIN)).status).toBe(200);
  // These are no decisions of Tasktag's own.
  await client.get('/v3/servers/twice/tasks', CALL);
  expect((await client.post('/v3/servers', newServer({ flavorRef: 'none' }), CALL)).status).toBe(400);
  return { first, abandoned: json.task };
}

/** What an event tells apart from its form. */
const kindOf = ({ action, outcome, reason, target, initiator, attachments }: any) => [
  attachments[0].content.decision,
  action,
  outcome,
  reason.reasonCode,
  target.typeURI,
  initiator.id,
  attachments[0].content.task,
  attachments[0].content.tag,
];

const kindsOf = ({ first, abandoned }: { first: any; abandoned: any }) => {
  const tasks = 'service/compute/tasks/action';
  return [
    ['refused', 'create', 'failure', '409', 'service/compute/servers', 'alice', first.uuid, 'twice'],
    ['answered', 'create', 'success', '202', 'service/compute/servers', 'alice', first.uuid, 'twice'],
    [
      'refused',
      'update/reboot',
      'failure',
      '409',
      'service/compute/servers/server/action',
      'alice',
      expect.any(String),
      'act',
    ],
    ['abandon', 'update/abandon', 'success', '200', tasks, 'alice', abandoned.uuid, 'given up'],
    ['resolve', 'update/resolve', 'failure', '403', tasks, 'alice', first.uuid, null],
    ['resolve', 'update/resolve', 'success', '200', tasks, 'admin', first.uuid, 'twice'],
  ];
};

describe('an audit in the log', () => {
  it('has a line in the form of keystonemiddleware for each decision of Tasktag, and no token', async () => {
    const lines: any[] = [];
    const log = jest.spyOn(Logger.prototype, 'log').mockImplementation((line) => void lines.push(line));
    const test = await startApp({ AUDIT: 'log' });
    try {
      const made = await decide(test);
      const events = await until('the last line', () => {
        const found = lines.filter(({ event_type: type }) => type === 'audit.http.response');
        return found.length >= 6 && found.map(({ payload }) => payload);
      });
      expect(events.map(kindOf)).toEqual(kindsOf(made));
      const uuid = expect.stringMatching(/^[\da-f-]{36}$/);
      const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+0000$/);
      expect(events[0]).toEqual({
        typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
        eventType: 'activity',
        id: uuid,
        eventTime: time,
        action: 'create',
        outcome: 'failure',
        reason: { reasonType: 'HTTP', reasonCode: '409' },
        initiator: {
          typeURI: 'service/security/account/user',
          id: 'alice',
          name: 'unknown',
          project_id: 'audited',
          host: { address: '127.0.0.1', agent: 'a-client/1.0' },
          credential: { token: 'xxxxxxxx', identity_status: 'Confirmed' },
          request_id: expect.stringMatching(/^req-/),
        },
        target: { typeURI: 'service/compute/servers', id: 'nova', name: 'nova' },
        observer: { id: 'target' },
        requestPath: '/v3/servers',
        tags: [expect.stringMatching(/^correlation_id\?value=[\da-f-]{36}$/)],
        attachments: [
          {
            typeURI: 'application/json',
            name: 'tasktag',
            content: { decision: 'refused', task: made.first.uuid, tag: 'twice' },
          },
        ],
        reporterchain: [{ role: 'modifier', reporterTime: time, reporter: { id: 'target' } }],
      });
      expect(JSON.stringify(lines)).not.toContain('alice:audited');
    } finally {
      log.mockRestore();
      await test.close();
    }
  });

  it('is not there by default', async () => {
    const log = jest.spyOn(Logger.prototype, 'log');
    const test = await startApp();
    try {
      await decide(test);
      expect(log.mock.calls.filter(([line]) => typeof line === 'object')).toEqual([]);
    } finally {
      log.mockRestore();
      await test.close();
    }
  });
});

const dropped = async ({ client }: TestApp) => {
  const { text } = await client.get('/metrics', { token: null });
  return Number(/^tasktag_audit_dropped_total (\d+)$/m.exec(text)?.[1]);
};

describe('an audit by notifications, without a message bus', () => {
  it('holds up and fails no request, and counts what it drops', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const test = await startApp({ AUDIT: 'notification', NOTIFICATIONS_URL: 'amqp://127.0.0.1:1/' });
    try {
      await decide(test);
      expect(await dropped(test)).toBe(0);
      const again = () => test.client.post('/v3/servers', newServer(), { ...CALL, tag: 'twice' });
      for (let n = 0; n < 20; n += 1) {
        const answers = await Promise.all(Array.from({ length: 50 }, again));
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([409]));
      }
      await until('the drops', async () => (await dropped(test)) === 6);
      expect(warn.mock.calls.filter(([line]) => String(line).includes('dropped'))).toHaveLength(1);
    } finally {
      await test.close();
      warn.mockRestore();
    }
  });
});

describeWith('RabbitMQ', 'an audit by notifications', () => {
  let rabbitmq: ChannelModel;
  beforeAll(async () => {
    rabbitmq = await connect(SERVICES.RabbitMQ);
  });
  afterAll(() => rabbitmq.close());

  it('publishes the events in the envelope of oslo.messaging, on the topic of keystonemiddleware', async () => {
    const channel = await rabbitmq.createChannel();
    const exchange = `tasktag-test-${randomUUID()}`;
    await channel.assertExchange(exchange, 'topic', { durable: false });
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, exchange, 'notifications.info');
    const messages: any[] = [];
    await channel.consume(queue, (message) => void (message && messages.push(message)), { noAck: true });

    const test = await startApp({
      AUDIT: 'notification',
      NOTIFICATIONS_URL: SERVICES.RabbitMQ,
      NOTIFICATIONS_EXCHANGE: exchange,
    });
    try {
      const made = await decide(test);
      const ours = () =>
        messages
          .map(({ properties, content }) => ({ properties, envelope: JSON.parse(content.toString()) }))
          .map((message) => ({ ...message, inner: JSON.parse(message.envelope['oslo.message']) }))
          .filter(({ inner }) => inner.publisher_id === 'tasktag');
      const got = await until('the events', () => ours().length >= 6 && ours());
      expect(got.map(({ inner }) => kindOf(inner.payload))).toEqual(kindsOf(made));
      const [{ properties, envelope, inner }] = got as [(typeof got)[number]];
      expect(properties).toMatchObject({
        contentType: 'application/json',
        contentEncoding: 'utf-8',
        deliveryMode: 2,
      });
      expect(envelope['oslo.version']).toBe('2.0');
      expect(inner).toMatchObject({
        message_id: expect.stringMatching(/^[\da-f-]{36}$/),
        publisher_id: 'tasktag',
        event_type: 'audit.http.response',
        priority: 'INFO',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/),
      });
      expect(await dropped(test)).toBe(0);
      await channel.unbindQueue(queue, exchange, 'notifications.info');
      await test.client.post('/v3/servers', newServer(), { ...CALL, tag: 'twice' });
      await until('what no queue takes', async () => (await dropped(test)) === 1);
    } finally {
      await test.close();
      await channel.deleteExchange(exchange);
      await channel.close();
    }
  });
});
