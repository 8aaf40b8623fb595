import { Logger } from '@nestjs/common';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { type NotificationSource, nameOf, reasonOf, withHeartbeat } from './notification-source.js';

/** How long the server keeps the queue when nobody consumes it, in milliseconds. */
const EXPIRES_MS = 3_600_000;

/** Messages that the queue holds at most; then the oldest go. They are hints. */
const MAX_LENGTH = 100_000;

/** Messages that are on their way to this process at most. */
const PREFETCH = 100;

/** How often a message is tried to be taken: for ten minutes or so. What never can be is given up then. */
const MAX_ATTEMPTS = 120;

/** How long connecting may take, in milliseconds, and closing. */
const CONNECT_MS = 10_000;
const CLOSE_MS = 2000;

/**
 * Consumes the notifications of one message bus, from a queue that all replicas share, as long as it runs: whatever
 * goes wrong, it says so once, and begins again.
 *
 * The exchange is never declared. It is Nova's, and Nova could not publish to one that was declared otherwise.
 */
export class NotificationBus {
  /** Host, port and virtual host. */
  readonly name: string;
  private readonly logger = new Logger(NotificationBus.name);
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private reason: string | null = 'it is not connected yet';

  /** @param receive takes a message; one that it rejects is given to it again after a while */
  constructor(
    private readonly source: NotificationSource,
    private readonly receive: (content: Buffer) => Promise<void>,
  ) {
    this.name = nameOf(source.url);
  }

  /** Why nothing is consumed; `null` while all is well. */
  get trouble(): string | null {
    return this.reason;
  }

  start(): void {
    this.running = this.consumeOnAndOn();
  }

  /** Ends when what has arrived is acknowledged, and the connection closed; soon, whatever the server does. */
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
      // Not at once: when it is the connection that closes, that says why, after its channels.
      channel.on('close', () => setImmediate(fail, new Error('the channel was closed')));
      if (signal.aborted) return;
      const { consumerTag } = await orFailure(this.setUp(channel, fail));
      isUp();
      this.isWell();
      for (;;) {
        await orFailure(sleep(this.source.bindAgainMs, undefined, { signal }).catch(() => undefined));
        if (signal.aborted) break;
        // Bindings are gone, and nobody says so, when the exchange was deleted and declared again.
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
    // Before the queue: none is made that nothing can come to.
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
        // The channel has ended meanwhile: the message comes again.
        .catch(() => undefined);
    });
  }

  /**
   * A message is the server's until it is taken: while the database is down it is not lost, and no more than
   * `PREFETCH` of them wait here.
   *
   * @returns false when the stop came before
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

/** Closes a connection, and waits no longer for a server that does not answer. */
async function close(connection: ChannelModel): Promise<void> {
  const closed = connection.close().catch(() => undefined);
  await Promise.race([closed, sleep(CLOSE_MS, undefined, { ref: false })]);
}
