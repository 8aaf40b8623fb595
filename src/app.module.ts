import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AuditModule } from './audit/audit.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Settings } from './config/settings.js';
import { DatabaseModule } from './database/database.module.js';
import type { Gateway } from './gateway-for.js';
import type { DependencyCheck } from './health/dependency-check.js';
import { HealthModule } from './health/health.module.js';
import { callerOf } from './identity/caller.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { ALSO_JSON } from './openstack/json-body.guard.js';
import { globalRequestId } from './openstack/request-id.js';
import { fingerprintUrl } from './openstack/urls/api-url.js';
import { origin } from './openstack/urls/links.js';
import { urlOf } from './openstack/urls/url-of.js';
import { OperatorModule } from './operator/operator.module.js';
import { SCHEMA } from './schema.js';
import { consoleModules } from './serve-console.js';
import { ServersModule } from './servers/servers.module.js';
import { knownTagFrom } from './servers/tag-from/tag-from.guard.js';
import { SimulatedKeystoneModule } from './simulator/keystone/simulated-keystone.module.js';
import { SimulatedNovaModule } from './simulator/nova/simulated-nova.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { TracingModule } from './tracing/tracing.module.js';
import { TrackingModule } from './tracking/tracking.module.js';

/** How long a request may take apart from the compute service's part, in milliseconds. */
const RECORDING_MS = 30_000;

/** Puts the rooms together according to the settings. */
@Module({})
export class AppModule {
  /** @param gateway what `gatewayFor` gives for the settings */
  static forRoot(settings: Settings, gateway: Gateway | null): DynamicModule {
    const isGateway = settings.COMPUTE === 'nova';
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(settings),
        DatabaseModule.forRoot(SCHEMA),
        TasksModule.forRoot<FastifyRequest>({
          isDataSourceOwn: true,
          unrecorded: isGateway ? settings.DATABASE_DOWN : 'refuse',
          requester: callerOf,
          // The fault filter answers in Nova's shape.
          exception: (error) => error,
          tagReuse: settings.TAG_REUSE,
          retentionMs: settings.TASK_RETENTION ?? null,
          // The compute service can be asked about slow requests as well; but not whether an answer will still arrive.
          heartbeat: settings.LOST_ANSWERS === 'answer',
          lostAnswersMs: settings.LOST_ANSWERS === 'answer' ? settings.LOST_ANSWERS_WITHIN : null,
          drainMs: settings.NOVA_TIMEOUT_MS + RECORDING_MS,
          requestUrl: (_url, request) => fingerprintUrl(urlOf(request)),
          jsonTypes: ALSO_JSON,
          otherTag: (request) => urlOf(request).endpoint?.tag ?? knownTagFrom(request) ?? null,
          requestIds: (request) => ({
            // Nova gives requests ids of its own, which its answers contain.
            requestId: isGateway ? null : request.id,
            globalRequestId: globalRequestId(request),
          }),
          subject: ({ server }) => server ?? null,
          taskUrl: (request, uuid) => `${origin(request)}/v3/tasks/${uuid}`,
        }),
        settings.IDENTITY === 'keystone' && gateway
          ? gateway.KeystoneIdentityModule
          : SimulatedKeystoneModule,
        ServersModule,
        isGateway && gateway ? gateway.NovaComputeModule : SimulatedNovaModule,
        TrackingModule,
        TracingModule,
        HealthModule.forRoot(gateway === null ? [] : checksFor(settings, gateway)),
        MetricsModule,
        AuditModule.forRoot(settings),
        OperatorModule,
        ...consoleModules(settings, gateway),
      ],
    };
  }
}

/** The dependencies of the server besides its database. */
function checksFor(
  { COMPUTE, IDENTITY, NOTIFICATIONS_URL }: Settings,
  gateway: Gateway,
): Type<DependencyCheck>[] {
  return [
    ...(IDENTITY === 'keystone' ? [gateway.KeystoneCheck] : []),
    ...(COMPUTE === 'nova' ? [gateway.NovaCheck, gateway.NovaClockCheck] : []),
    ...(COMPUTE === 'nova' && NOTIFICATIONS_URL !== undefined ? [gateway.NotificationsCheck] : []),
  ];
}
