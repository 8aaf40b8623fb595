import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { type ConfirmChannel, connect } from 'amqplib';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Counter, Registry } from 'prom-client';
import { Settings } from '../config/settings.js';
import {
  type NotificationSource,
  nameOf,
  notificationSources,
  reasonOf,
  withHeartbeat,
} from '../gateway/nova/notifications/notification-source.js';
import type { AuditSink } from './audit.js';
import { AUDIT_EVENT_TYPE, type CadfEvent } from './cadf-event.js';
import { osloMessage } from './oslo-message.js';

/** The topic of keystonemiddleware's audit, with the priority. */
const ROUTING_KEY = 'notifications.info';

/** The most events that wait for the bus; further ones are dropped. */
const MOST_WAITING = 1000;

/** How many are sent before the bus has to confirm them. */
const TOGETHER = 100;

/** How long connecting may take, in milliseconds, and sending what is left when the server stops. */
const CONNECT_MS = 10_000;
const STOP_MS = 2000;

/**
 * Publishes audit events to the first message bus of the settings. Nobody waits for it: events wait here while the bus
 * is away, and are dropped when they are too many, which is counted, and logged once.
 *
 * As with Nova's notifications, the exchange is Nova's, and never declared here.
 */
@Injectable()
export class AuditBus implements AuditSink, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Audit');
  private readonly source: NotificationSource;
  private readonly dropped: Counter;
  private readonly waiting: Buffer[] = [];
  private readonly stopping = new AbortController();
  private wake: () => void = () => undefined;
  private running: Promise<void> = Promise.resolve();
  /** The last reasons that were logged: why none reach the bus, and why some were dropped. */
  private readonly said: { away?: string | undefined; dropped?: string | undefined } = {};

  constructor(settings: Settings, registry: Registry) {
    this.source = notificationSources(settings)[0] as NotificationSource;
    this.dropped = new Counter({
      name: 'tasktag_audit_dropped_total',
      help: 'Audit events that were dropped because the message bus did not take them.',
      registers: [registry],
    });
  }

  take(event: CadfEvent): void {
    if (this.waiting.length >= MOST_WAITING)
      return this.drop(1, 'the message bus does not take them in time');
    this.waiting.push(osloMessage(AUDIT_EVENT_TYPE, event));
    this.wake();
  }

  onApplicationBootstrap(): void {
    this.running = this.publishOnAndOn();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await Promise.race([this.running, sleep(STOP_MS, undefined, { ref: false })]);
    if (this.waiting.length > 0) this.drop(this.waiting.splice(0).length, 'the server stops');
  }

  private async publishOnAndOn(): Promise<void> {
    const { signal } = this.stopping;
    let delay = this.source.retryMs;
    do {
      try {
        await this.publish(() => (delay = this.source.retryMs));
      } catch (error) {
        const reason = reasonOf(error, this.source);
        if (reason !== this.said.away)
          this.logger.warn(`No audit events reach ${nameOf(this.source.url)}: ${reason}`);
        this.said.away = reason;
      }
      await sleep(delay, undefined, { signal }).catch(() => undefined);
      delay = Math.min(delay * 2, this.source.maxRetryMs);
    } while (!signal.aborted);
  }

  /**
   * Publishes until the server stops.
   *
   * @throws Error when the connection or the channel ends before
   */
  private async publish(isUp: () => void): Promise<void> {
    const connection = await connect(withHeartbeat(this.source.url), {
      timeout: CONNECT_MS,
      clientProperties: { connection_name: 'tasktag audit' },
    });
    const failure = once(connection, 'close').then(([error]: unknown[]) => {
      throw (error as Error | undefined) ?? new Error('the connection was closed');
    });
    failure.catch(() => undefined);
    connection.on('error', () => undefined);
    try {
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => undefined);
      channel.on('return', () => this.drop(1, `no queue takes ${ROUTING_KEY}`));
      await Promise.race([failure, channel.checkExchange(this.source.exchange)]);
      isUp();
      this.said.away = this.said.dropped = undefined;
      this.logger.log(`Audit events go to ${nameOf(this.source.url)}`);
      while (this.waiting.length > 0 || !this.stopping.signal.aborted) {
        if (this.waiting.length === 0) await Promise.race([failure, this.untilWoken()]);
        else await Promise.race([failure, this.send(channel)]);
      }
    } finally {
      await Promise.race([
        connection.close().catch(() => undefined),
        sleep(STOP_MS, undefined, { ref: false }),
      ]);
    }
  }

  private untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      if (this.waiting.length > 0 || this.stopping.signal.aborted) resolve();
    });
  }

  /** An event leaves the queue once the bus has it. It may come twice, under the same id. */
  private async send(channel: ConfirmChannel): Promise<void> {
    const some = this.waiting.slice(0, TOGETHER);
    const options = {
      persistent: true,
      mandatory: true,
      contentType: 'application/json',
      contentEncoding: 'utf-8',
    };
    for (const content of some) channel.publish(this.source.exchange, ROUTING_KEY, content, options);
    await channel.waitForConfirms();
    this.waiting.splice(0, some.length);
  }

  private drop(count: number, reason: string): void {
    this.dropped.inc(count);
    if (this.said.dropped !== reason) this.logger.warn(`Audit events are dropped: ${reason}`);
    this.said.dropped = reason;
  }
}
