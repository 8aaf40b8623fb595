import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Subject } from 'rxjs';
import type { News } from '../../../compute/compute.service.js';
import { Settings } from '../../../config/settings.js';
import { ForeignServers } from '../observation/recovery/foreign-servers.js';
import { NotificationBus } from './notification-bus.js';
import { newsOf, provesAcceptance } from './notification-news.js';
import { notificationSources } from './notification-source.js';
import { MalformedNotification, type Notification, readNotification } from './notification.js';
import { NotificationMetrics } from './notifications.metrics.js';

/** Messages, and tasks, that are remembered: more than are on their way at any time. */
const REMEMBERED = 10_000;

/**
 * Turns Nova's versioned notifications into news of tasks. All of them are hints: they may be lost, late, doubled or
 * out of order, and with several replicas each receives only some. Without `NOTIFICATIONS_URL` there are none.
 */
@Injectable()
export class NovaNotifications implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** News of tasks, as it arrives. Subscribers must not throw. */
  readonly news = new Subject<News>();

  /** The message buses: none when notifications are not configured. */
  readonly buses: readonly NotificationBus[];

  private readonly logger = new Logger(NovaNotifications.name);
  private readonly messagesSeen = new LRUCache<string, true>({ max: REMEMBERED });
  private readonly tasksSeen = new LRUCache<string, true>({ max: REMEMBERED });

  /** @throws InvalidSettingError for an invalid URL */
  constructor(
    settings: Settings,
    private readonly metrics: NotificationMetrics,
    private readonly foreign: ForeignServers,
  ) {
    this.buses = notificationSources(settings).map(
      (source) => new NotificationBus(source, (content) => this.receive(content)),
    );
    this.metrics.watch(this.buses);
  }

  onApplicationBootstrap(): void {
    for (const bus of this.buses) bus.start();
  }

  /** Before the database is closed, together with tracking: messages that arrive later stay in the queue. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.buses.map((bus) => bus.stop()));
  }

  /**
   * Takes a message of any kind.
   *
   * @returns resolved when its news is recorded, rejected when that failed: then the message may be given again
   */
  async receive(content: Buffer): Promise<void> {
    let notification: Notification;
    try {
      notification = readNotification(content);
    } catch (error) {
      if (!(error instanceof MalformedNotification)) throw error;
      this.metrics.count('malformed');
      this.logger.debug(`A message is ignored: ${error.message}`);
      return;
    }
    this.metrics.count(notification.taskUuid === null ? 'foreign' : 'ours');
    if (notification.taskUuid !== null) await this.tell(notification, notification.taskUuid);
  }

  private async tell(notification: Notification, taskUuid: string): Promise<void> {
    const now = Date.now();
    this.metrics.lag(now - notification.sentAt);
    const { messageId, eventType, data } = notification;
    const { uuid: serverId } = data;
    if (eventType.startsWith('instance.create.') && typeof serverId === 'string')
      this.foreign.sawCreate(serverId, taskUuid);
    if (this.messagesSeen.has(messageId)) return;
    this.messagesSeen.set(messageId, true);
    const isFirst = !this.tasksSeen.has(taskUuid);
    if (provesAcceptance(eventType)) this.tasksSeen.set(taskUuid, true);

    const records: Promise<void>[] = [];
    const recording = (record: Promise<void>) => void records.push(record);
    for (const observation of newsOf(notification, isFirst, now))
      this.news.next({ ...observation, recording });
    try {
      await Promise.all(records);
    } catch (error) {
      this.messagesSeen.delete(messageId);
      if (isFirst) this.tasksSeen.delete(taskUuid);
      throw error;
    }
  }
}
