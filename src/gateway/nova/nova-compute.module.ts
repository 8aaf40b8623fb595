import { Global, Module } from '@nestjs/common';
import { ComputeService } from '../../compute/compute.service.js';
import { ApiVersions } from '../../openstack/api-versions.js';
import { RelayedRequestsController } from '../relayed-requests.controller.js';
import { VersionDocuments } from '../version-documents.js';
import { NovaClockCheck } from './clock/nova-clock.check.js';
import { NovaClock } from './clock/nova-clock.js';
import { NovaClockMetrics } from './clock/nova-clock.metrics.js';
import { ForwardMetrics } from './forward/forward.metrics.js';
import { NotificationsCheck } from './notifications/notifications.check.js';
import { NotificationMetrics } from './notifications/notifications.metrics.js';
import { NovaNotifications } from './notifications/nova-notifications.js';
import { NovaClient } from './nova-client.js';
import { NovaComputeService } from './nova-compute.service.js';
import { NovaVersions } from './nova-versions.js';
import { NovaCheck } from './nova.check.js';
import { NovaObserver } from './observation/nova-observer.js';
import { ForeignServers } from './observation/recovery/foreign-servers.js';
import { RecordedTasks } from './observation/recovery/recorded-tasks.js';
import { PassThrough } from './pass-through/pass-through.js';
import { NovaReader } from './reader/nova-reader.js';
import { ServerListController } from './server-list.controller.js';
import { NovaUpstream } from './upstream/nova-upstream.js';

/** A real Nova behind this server: requests on servers are forwarded to it, all others are passed through. */
@Global()
@Module({
  providers: [
    NovaUpstream,
    NovaClient,
    VersionDocuments,
    PassThrough,
    ForwardMetrics,
    NovaReader,
    NovaClock,
    NovaClockMetrics,
    NovaClockCheck,
    ForeignServers,
    RecordedTasks,
    NovaObserver,
    NotificationMetrics,
    NovaNotifications,
    NotificationsCheck,
    NovaCheck,
    { provide: ComputeService, useClass: NovaComputeService },
    { provide: ApiVersions, useClass: NovaVersions },
  ],
  controllers: [ServerListController, RelayedRequestsController],
  exports: [
    ComputeService,
    ApiVersions,
    PassThrough,
    VersionDocuments,
    NovaCheck,
    NovaClockCheck,
    NotificationsCheck,
  ],
})
export class NovaComputeModule {}
