import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyHttpOptions, LogController } from 'fastify';
import type { Server } from 'node:http';
import { AppModule } from './app.module.js';
import { Audit } from './audit/audit.js';
import { isWorker } from './cluster/worker.js';
import type { Settings } from './config/settings.js';
import { DrainingAdapter } from './draining-adapter.js';
import { type Gateway, gatewayFor } from './gateway-for.js';
import { createLogger } from './logging/logger.js';
import { NestLogger } from './logging/nest-logger.js';
import { logRequests } from './logging/request-log.js';
import { RequestMetrics } from './metrics/request.metrics.js';
import { BODY_LIMIT, takeBodiesAsBytes } from './openstack/body-parser.js';
import { answerBrokenHttp, refuseMissingHost } from './openstack/broken-http.js';
import { FaultFilter } from './openstack/fault.filter.js';
import { ownHeaders, sendOwnHeaders } from './openstack/own-headers.js';
import { readProxyHeaders } from './openstack/proxy-headers.js';
import { newRequestId } from './openstack/request-id.js';
import { routingUrl } from './openstack/urls/api-url.js';
import { refuseUnsafeEndpoints } from './openstack/urls/unsafe-endpoint.js';
import { urlOf } from './openstack/urls/url-of.js';
import { OperatorServer } from './operator/operator-server.js';
import { serveOpenApi } from './serve-openapi.js';
import { hasTag } from './tasks/requests/reading/request-tag.js';
import { TASKS_OPTIONS, type TasksOptions } from './tasks/tasks.options.js';
import { RequestTracing } from './tracing/request-tracing.js';

/** How long a request may take to arrive completely, in milliseconds. */
const REQUEST_MS = 60_000;

/** The same while the server stops. */
const DRAIN_REQUEST_MS = 10_000;

/** How long recording may then take, before and after, in milliseconds. */
const DRAIN_RECORD_MS = 20_000;

function passOthersToNova(
  app: NestFastifyApplication,
  { passOthers, PassThrough, VersionDocuments }: Gateway,
): void {
  const options = app.get<TasksOptions>(TASKS_OPTIONS);
  passOthers(app.getHttpAdapter().getInstance(), {
    passThrough: app.get(PassThrough),
    versionDocuments: app.get(VersionDocuments),
    hasTag: (request) => hasTag(request, options),
  });
}

/**
 * The stand-alone server, ready to listen: its database is open and up to date.
 *
 * @throws UnusableDatabaseError when the database cannot keep the promises
 */
export async function createApp(settings: Settings): Promise<NestFastifyApplication> {
  const logger = createLogger(settings.LOG_LEVEL, isWorker(settings) ? process.pid : undefined);
  const filter = new FaultFilter();
  const options: FastifyHttpOptions<Server> = {
    loggerInstance: logger,
    // `logRequests` writes one line instead of Fastify's two.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: newRequestId,
    requestIdHeader: false,
    bodyLimit: BODY_LIMIT,
    rewriteUrl: (request) => routingUrl(urlOf(request)),
    // A tag of 255 bytes has up to 765 characters in a path.
    routerOptions: { maxParamLength: 1000, ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) =>
      filter.answer(error, request, reply.headers(ownHeaders(request.id))),
    clientErrorHandler: answerBrokenHttp,
    http: { requireHostHeader: false },
    // Ends connections of clients that stop sending; Fastify by itself would keep them open.
    requestTimeout: REQUEST_MS,
    // Clients still connected when the server stops get their answers: other replicas take new connections.
    return503OnClosing: false,
  };
  const gateway = await gatewayFor(settings);
  const adapter = new DrainingAdapter(options, {
    requestMs: DRAIN_REQUEST_MS,
    answerMs: settings.NOVA_TIMEOUT_MS + DRAIN_REQUEST_MS + DRAIN_RECORD_MS,
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(settings, gateway),
    adapter,
    {
      logger: new NestLogger(logger),
      bodyParser: false,
      abortOnError: false,
    },
  );

  const fastify = adapter.getInstance();
  takeBodiesAsBytes(fastify);
  await app.get(RequestTracing).observe(fastify);
  sendOwnHeaders(fastify);
  if (settings.ENABLE_PROXY_HEADERS_PARSING) readProxyHeaders(fastify);
  refuseMissingHost(fastify);
  refuseUnsafeEndpoints(fastify);
  logRequests(fastify);
  if (settings.COMPUTE === 'nova' && gateway) passOthersToNova(app, gateway);
  app.get(RequestMetrics).observe(fastify);
  app.get(Audit).observe(fastify);
  app.get(OperatorServer).serveOn(fastify);
  app.useGlobalFilters(filter);
  app.enableShutdownHooks();
  serveOpenApi(app, settings);
  await app.init();
  return app;
}
