import { Logger } from '@nestjs/common';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { type NotificationSource, nameOf, reasonOf, withHeartbeat } from './notification-source.js';

/** How long the server keeps the queue without a consumer, in milliseconds. */
const EXPIRES_MS = 3_600_000;

/** The most messages in the queue; beyond that the oldest are dropped. They are only hints. */
const MAX_LENGTH = 100_000;

/** The most messages on their way to this process. */
const PREFETCH = 100;

/** How often a message is tried: for about ten minutes. One that still fails is dropped. */
const MAX_ATTEMPTS = 120;

/** How long connecting may take, in milliseconds, and closing. */
const CONNECT_MS = 10_000;
const CLOSE_MS = 2000;

/**
 * Consumes the notifications of one message bus, from a queue that all replicas share, as long as it runs. When
 * something goes wrong, it logs that once, and starts again.
 *
 * The exchange is never declared here. It is Nova's, and a differing declaration would keep Nova from publishing to it.
 */
export class NotificationBus {
  /** Host, port and virtual host. */
  readonly name: string;
  private readonly logger = new Logger(NotificationBus.name);
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private reason: string | null = 'it is not connected yet';

  /** @param receive takes a message; if it rejects, the message is given to it again after a while */
  constructor(
    private readonly source: NotificationSource,
    private readonly receive: (content: Buffer) => Promise<void>,
  ) {
    this.name = nameOf(source.url);
  }

  /** Why no messages are consumed; `null` while all is well. */
  get trouble(): string | null {
    return this.reason;
  }

  start(): void {
    this.running = this.consumeOnAndOn();
  }

  /**
   * Resolves when the received messages are acknowledged and the connection is closed; soon, even if the server hangs.
   */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.race([this.running, sleep(CLOSE_MS, undefined, { ref: false })]);
  }

  private async consumeOnAndOn(): Promise<void> {
    const { retryMs, maxRetryMs } = this.source;
    const { signal } = this.stopping;
    let delay = retryMs;
    while (!signal.aborted) {
      try {
        await this.consume(() => (delay = retryMs));
      } catch (error) {
        this.isDown(reasonOf(error, this.source));
      }
      await sleep(delay, undefined, { signal }).catch(() => undefined);
      delay = Math.min(delay * 2, maxRetryMs);
    }
    this.reason = 'it was stopped';
  }

  /**
   * Consumes until it is stopped.
   *
   * @throws Error when the connection, the channel or the queue ends before
   */
  private async consume(isUp: () => void): Promise<void> {
    const { signal } = this.stopping;
    const connection = await connect(withHeartbeat(this.source.url), {
      timeout: CONNECT_MS,
      clientProperties: { connection_name: 'tasktag' },
    });
    let fail!: (error: Error) => void;
    const failure = new Promise<never>((_, reject) => (fail = reject));
    failure.catch(() => undefined);
    connection.on('error', fail);
    connection.on('close', (error) => fail(error ?? new Error('the connection was closed')));
    try {
      const channel = await connection.createChannel();
      channel.on('error', fail);
      // Not at once: if the connection closes, its own event, which has the reason, comes after its channels' events.
      channel.on('close', () => setImmediate(fail, new Error('the channel was closed')));
      if (signal.aborted) return;
      const { consumerTag } = await orFailure(this.setUp(channel, fail));
      isUp();
      this.isWell();
      for (;;) {
        await orFailure(sleep(this.source.bindAgainMs, undefined, { signal }).catch(() => undefined));
        if (signal.aborted) break;
        // If the exchange is deleted and declared again, its bindings are gone without any event.
        await orFailure(this.bind(channel));
      }
      await channel.cancel(consumerTag);
      await channel.close();
    } finally {
      await close(connection);
    }

    async function orFailure<T>(work: Promise<T>): Promise<T> {
      work.catch(() => undefined);
      return Promise.race([failure, work]);
    }
  }

  private async setUp(channel: Channel, fail: (error: Error) => void) {
    const { exchange, queue } = this.source;
    // Before the queue, so that no queue is made that no message can reach.
    await channel.checkExchange(exchange);
    await channel.assertQueue(queue, { durable: true, expires: EXPIRES_MS, maxLength: MAX_LENGTH });
    await this.bind(channel);
    await channel.prefetch(PREFETCH);
    return channel.consume(queue, (message) => {
      if (message === null) return fail(new Error(`the queue ${queue} was deleted`));
      this.take(message.content)
        .then((isTaken) => {
          if (isTaken) channel.ack(message);
        })
        // The channel has closed meanwhile: the message will be delivered again.
        .catch(() => undefined);
    });
  }

  /**
   * The server keeps a message until it is recorded: while the database is down none is lost, and no more than
   * `PREFETCH` of them wait here.
   *
   * @returns false when the process stops first
   */
  private async take(content: Buffer): Promise<boolean> {
    const { signal } = this.stopping;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.receive(content);
        return true;
      } catch (error) {
        if (attempt >= MAX_ATTEMPTS) {
          this.logger.error(error);
          return true;
        }
        await sleep(this.source.maxRetryMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return false;
      }
    }
  }

  private async bind(channel: Channel): Promise<void> {
    const { exchange, queue, topic } = this.source;
    for (const priority of ['info', 'warn', 'error'])
      await channel.bindQueue(queue, exchange, `${topic}.${priority}`);
  }

  private isWell(): void {
    this.reason = null;
    this.logger.log(`Notifications of ${this.name} arrive`);
  }

  private isDown(reason: string): void {
    if (reason !== this.reason && !this.stopping.signal.aborted)
      this.logger.warn(`No notifications of ${this.name}: ${reason}`);
    this.reason = reason;
  }
}

/** Closes a connection, without waiting long for a server that does not answer. */
async function close(connection: ChannelModel): Promise<void> {
  const closed = connection.close().catch(() => undefined);
  await Promise.race([closed, sleep(CLOSE_MS, undefined, { ref: false })]);
}
