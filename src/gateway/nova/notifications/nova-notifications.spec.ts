import { Registry } from 'prom-client';
import type { Observation } from '../../../compute/compute.service.js';
import { Settings } from '../../../config/settings.js';
import { ForeignServers } from '../observation/recovery/foreign-servers.js';
import { NotificationsCheck } from './notifications.check.js';
import { NotificationMetrics } from './notifications.metrics.js';
import { NovaNotifications } from './nova-notifications.js';

const UUID = '01a2075f-79ea-7dd1-b285-4b4605049bb5';

describe('notifications', () => {
  let registry: Registry;
  let notifications: NovaNotifications;
  let news: Observation[];
  let messages = 0;
  beforeEach(() => make('amqp://user:secret@rabbit:5672/cell1'));

  function make(url: string | undefined): void {
    registry = new Registry();
    news = [];
    const settings = Object.assign(new Settings(), { NOTIFICATIONS_URL: url });
    notifications = new NovaNotifications(settings, new NotificationMetrics(registry), new ForeignServers());
    notifications.news.subscribe((observation) => news.push(observation));
  }

  function message(eventType: string, more: object = {}): Buffer {
    const inner = {
      message_id: `message-${messages++}`,
      event_type: eventType,
      payload: { 'nova_object.data': {} },
      timestamp: '2026-11-23 07:47:07.467565',
      _context_request_id: 'req-d7c015d1-b1b7-429e-834b-a8195a1337ac',
      _context_global_request_id: `req-${UUID}`,
      ...more,
    };
    return Buffer.from(JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(inner) }));
  }

  function states(): string[] {
    return news.map(({ outcome }) => outcome.state);
  }

  async function metric(name: string): Promise<Record<string, number>> {
    const found = await registry.getSingleMetric(name)?.get();
    const values = found?.values.map(({ labels, value }) => [Object.values(labels).join(), value] as const);
    return Object.fromEntries(values ?? []);
  }

  it('tell of a task’s acceptance once, however many notifications it causes', async () => {
    for (const action of ['resize_prep', 'resize', 'resize_finish'])
      await notifications.receive(message(`instance.${action}.start`));
    expect(states()).toEqual(['processing']);
    await notifications.receive(
      message('instance.create.start', { _context_global_request_id: `req-${UUID.replace('01a2', '01a3')}` }),
    );
    expect(states()).toEqual(['processing', 'processing']);
  });

  it('tell of the acceptance though something else was heard of the task before', async () => {
    await notifications.receive(message('instance.update'));
    await notifications.receive(message('compute.exception'));
    await notifications.receive(message('instance.rebuild.start'));
    expect(states()).toEqual(['undetermined', 'processing']);
  });

  it('that come twice are told once', async () => {
    const end = message('instance.power_off.end');
    await notifications.receive(end);
    expect(states()).toEqual(['processing', 'undetermined']);
    await notifications.receive(end);
    expect(states()).toEqual(['processing', 'undetermined']);
  });

  it('that could not be recorded are told again when they come again', async () => {
    let fails = true;
    notifications.news.subscribe(({ recording }) =>
      recording?.(fails ? Promise.reject(new Error('no database')) : Promise.resolve()),
    );
    const failed = message('instance.reboot.error');
    await expect(notifications.receive(failed)).rejects.toThrow('no database');
    fails = false;
    await notifications.receive(failed);
    await notifications.receive(failed);
    expect(states()).toEqual(['failure', 'failure']);
  });

  it('that are none are counted and passed over, and the next one is taken', async () => {
    await notifications.receive(Buffer.from('garbage'));
    await notifications.receive(Buffer.alloc(0));
    await notifications.receive(message('instance.update', { payload: null }));
    await notifications.receive(message('instance.power_off.end', { _context_global_request_id: null }));
    expect(news).toEqual([]);
    await notifications.receive(message('instance.power_off.start'));
    expect(states()).toEqual(['processing']);
    expect(await metric('tasktag_notifications_total')).toEqual({ ours: 1, foreign: 1, malformed: 3 });
  });

  it('tell how late they are', async () => {
    const at = (ms: number) => new Date(Date.now() - ms).toISOString().replace('T', ' ').replace('Z', '');
    await notifications.receive(message('instance.update', { timestamp: at(20_000) }));
    await notifications.receive(message('instance.update', { timestamp: at(-20_000) }));
    await notifications.receive(message('instance.update', { timestamp: 'whenever' }));
    const text = await registry.getSingleMetricAsString('tasktag_notification_lag_seconds');
    expect(text).toContain('le="10"} 1\n');
    expect(text).toContain('le="60"} 2\n');
    expect(text).toContain('tasktag_notification_lag_seconds_count 2');
  });

  it('are missed by the check, and by the metrics, until the bus is connected', async () => {
    const check = new NotificationsCheck(notifications);
    await expect(check.check()).rejects.toThrow(/^rabbit:5672\/cell1: it is not connected yet$/);
    expect(await metric('tasktag_notifications_connected')).toEqual({ 'rabbit:5672/cell1': 0 });
    expect(await registry.metrics()).not.toContain('secret');
  });

  it('are not there when they are not configured', async () => {
    make(undefined);
    notifications.onApplicationBootstrap();
    await new NotificationsCheck(notifications).check();
    await notifications.beforeApplicationShutdown();
    expect(notifications.buses).toEqual([]);
    expect(await registry.metrics()).not.toContain('notification');
  });
});
