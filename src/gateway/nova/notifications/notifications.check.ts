import { Injectable } from '@nestjs/common';
import { DependencyCheck } from '../../../health/dependency-check.js';
import { NovaNotifications } from './nova-notifications.js';

/** Whether notifications arrive from every message bus. Without them tasks are still followed, but more slowly. */
@Injectable()
export class NotificationsCheck extends DependencyCheck {
  readonly name = 'notifications';

  override readonly isOptional = true;

  constructor(private readonly notifications: NovaNotifications) {
    super();
  }

  check(): Promise<void> {
    const troubles = this.notifications.buses
      .filter(({ trouble }) => trouble !== null)
      .map(({ name, trouble }) => `${name}: ${trouble}`);
    return troubles.length === 0 ? Promise.resolve() : Promise.reject(new Error(troubles.join('; ')));
  }
}
