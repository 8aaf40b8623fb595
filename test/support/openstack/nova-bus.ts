import { type Channel, type ChannelModel, connect } from 'amqplib';
import { Registry } from 'prom-client';
import { v4 as uuidv4 } from 'uuid';
import type { Observation } from '../../../src/compute/compute.service.js';
import { Settings } from '../../../src/config/settings.js';
import { NotificationsCheck } from '../../../src/gateway/nova/notifications/notifications.check.js';
import { NotificationMetrics } from '../../../src/gateway/nova/notifications/notifications.metrics.js';
import { NovaNotifications } from '../../../src/gateway/nova/notifications/nova-notifications.js';
import { ForeignServers } from '../../../src/gateway/nova/observation/recovery/foreign-servers.js';
import { until } from '../until.js';
import { LAB_NOTIFICATIONS } from './lab.js';

/** Notifications as a server has them, and what they have told so far. */
export interface Listener {
  notifications: NovaNotifications;
  registry: Registry;
  told: Observation[];
}

/** Nova's message bus, with listeners and queues that are gone after a test. */
export class NovaBus {
  /** What a test names its own things after. */
  readonly name = `tasktag-test-${process.pid}-${Date.now()}`;
  private connection!: ChannelModel;
  private listeners: Listener[] = [];
  private queues: string[] = [];
  channel!: Channel;

  async connect(): Promise<void> {
    this.connection = await connect(LAB_NOTIFICATIONS);
  }

  /** Before each test. */
  async open(): Promise<void> {
    this.channel = await this.connection.createChannel();
  }

  /** After each test. */
  async clear(): Promise<void> {
    const ended = this.listeners.splice(0);
    await Promise.all(ended.map(({ notifications }) => notifications.beforeApplicationShutdown()));
    for (const queue of this.queues.splice(0)) await this.channel.deleteQueue(queue);
    await this.channel.close();
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /** Listens as a server does. */
  listen(settings: Partial<Settings>): Listener {
    const registry = new Registry();
    const given = { NOTIFICATIONS_URL: LAB_NOTIFICATIONS, NOTIFICATIONS_QUEUE: this.newQueue(), ...settings };
    const notifications = new NovaNotifications(
      Object.assign(new Settings(), given),
      new NotificationMetrics(registry),
      new ForeignServers(),
    );
    const told: Observation[] = [];
    notifications.news.subscribe((observation) => told.push(observation));
    notifications.onApplicationBootstrap();
    const listener = { notifications, registry, told };
    this.listeners.push(listener);
    return listener;
  }

  /** The name of a queue that is deleted when the test is over. */
  newQueue(): string {
    const queue = `${this.name}-${this.queues.length}-${Math.random()}`;
    this.queues.push(queue);
    return queue;
  }

  /** Publishes the end of a task's `os-stop`, as Nova does, under a topic of the test's own. */
  publishEnd(topic: string, uuid: string): void {
    const message = {
      message_id: uuidv4(),
      event_type: 'instance.power_off.end',
      payload: { 'nova_object.data': {} },
      _context_request_id: `req-${uuidv4()}`,
      _context_global_request_id: `req-${uuid}`,
    };
    this.publish(topic, JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(message) }));
  }

  publish(topic: string, content: string | Buffer, exchange = 'nova'): void {
    this.channel.publish(exchange, `${topic}.info`, Buffer.from(content));
  }
}

/** Whether notifications are connected, as `/readyz` has it. */
export function isUp({ notifications }: Listener): Promise<boolean> {
  return new NotificationsCheck(notifications).check().then(
    () => true,
    () => false,
  );
}

export function untilUp(listener: Listener): Promise<boolean> {
  return until('the connection', () => isUp(listener), 40_000);
}

/** The states told of a task. */
export function statesOf(uuid: string, told: Observation[]): string[] {
  return told.filter((observation) => observation.uuid === uuid).map(({ outcome }) => outcome.state);
}
