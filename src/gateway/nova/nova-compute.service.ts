import { Injectable, Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { taskOfKey } from '../../compute/actions/nova-actions.js';
import {
  type ComputeAnswer,
  type ComputeRequest,
  ComputeService,
  type Observation,
  type ObservedTask,
} from '../../compute/compute.service.js';
import type { HttpAnswer } from '../../compute/http-answer.js';
import { Settings } from '../../config/settings.js';
import type { ApiError } from '../../errors/api-error.js';
import { faultBody } from '../../openstack/faults.js';
import { parseUrl, type RequestUrl } from '../../openstack/urls/api-url.js';
import { origin } from '../../openstack/urls/links.js';
import { urlOf } from '../../openstack/urls/url-of.js';
import type { Outcome } from '../../tasks/task.states.js';
import { CallTracing } from '../../tracing/call-tracing.js';
import { decodeBytes, encodeBytes, splitUrl } from '../../url/percent-encoding.js';
import { KeystoneSession } from '../keystone/keystone-session.js';
import { existingServers } from './existing-servers.js';
import { outcomeOfAnswer } from './forward/answer-outcome.js';
import { ForwardMetrics } from './forward/forward.metrics.js';
import { forwardedRequest } from './forward/forwarded-request.js';
import { isRefusedForMarker } from './forward/refused-marker.js';
import { NovaNotifications } from './notifications/nova-notifications.js';
import { NovaClient, relayed } from './nova-client.js';
import { notSentInTime, novaGone, novaSilent, outcomeUnknown } from './nova.errors.js';
import { NovaObserver } from './observation/nova-observer.js';
import { WHY_OPEN } from './observation/why-open.js';
import { NovaReader } from './reader/nova-reader.js';
import { sendWithinMs } from './send-limit.js';
import { NovaUpstream, type UpstreamRequest } from './upstream/nova-upstream.js';
import { NoAnswer, TOO_LATE, type UpstreamAnswer, wholeAnswer } from './upstream/whole-answer.js';

/** How long after its answer a task is first looked at, in milliseconds: notifications are usually faster. */
const FIRST_LOOK_MS = { withNotifications: 5000, without: 1000 };

/** A real Nova. Requests are forwarded to it, once each; their outcomes are looked up in it. */
@Injectable()
export class NovaComputeService extends ComputeService {
  readonly judgesTokens = true;

  private readonly logger = new Logger(NovaComputeService.name);

  private readonly serviceTokenRoles: readonly string[];

  constructor(
    private readonly settings: Settings,
    private readonly upstream: NovaUpstream,
    private readonly client: NovaClient,
    private readonly session: KeystoneSession,
    private readonly observer: NovaObserver,
    private readonly notifications: NovaNotifications,
    private readonly metrics: ForwardMetrics,
    private readonly reader: NovaReader,
    private readonly tracing: CallTracing,
  ) {
    super();
    this.serviceTokenRoles = settings.SERVICE_TOKEN_ROLES.split(',').map((role) => role.trim());
  }

  get news() {
    return this.notifications.news;
  }

  async submit(request: ComputeRequest): Promise<ComputeAnswer> {
    const serviceToken = await this.session.serviceToken(this.serviceTokenRoles);
    const forwarded = forwardedRequest(request, serviceToken, this.settings.NOVA_MARKER);
    const end = this.metrics.start(request.task);
    try {
      const sentAt = Date.now();
      const sendBy = request.recordedAt + sendWithinMs(this.settings);
      const answer = await this.sendOnce(request, forwarded, { serviceToken, sendBy });
      const outcome = outcomeOfAnswer(answer, request, this.firstLook());
      end(outcome.state);
      return { ...relayed(answer), outcome: { ...outcome, sentAt } };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      const failed = this.notAnswered(error, request);
      end(failed.outcome.state);
      return failed;
    }
  }

  observe(tasks: ObservedTask[]): Promise<Observation[]> {
    return this.observer.observe(tasks);
  }

  existingServers(ids: string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    return existingServers(this.reader, ids, signal);
  }

  showServer(id: string, http: FastifyRequest): Promise<HttpAnswer> {
    const url = urlOf(http);
    // On a look-up of tasks, a preference is this server's to follow.
    return this.client.get(http, serverUrl(id, url), ...(asksForServer(url) ? [] : ['prefer']));
  }

  show(id: string, part: string, http: FastifyRequest): Promise<object | null> {
    const { version = 'v2.1', projectId = null } = urlOf(http).api ?? {};
    const server = `/${version}${projectId === null ? '' : `/${projectId}`}/servers/${id}`;
    return this.client.read(http, parseUrl(part === '' ? server : `${server}/${part}`));
  }

  taskOfAction(key: string): string | null {
    return taskOfKey(key);
  }

  /**
   * Sends a request, and once more without its marker if Nova has refused it because of that: nothing was done, and
   * without this server the request would not have been refused.
   */
  private async sendOnce(
    request: ComputeRequest,
    forwarded: UpstreamRequest,
    { serviceToken, sendBy }: { serviceToken: string | null; sendBy: number },
  ): Promise<UpstreamAnswer> {
    const send = (sent: UpstreamRequest) =>
      this.tracing.trace('nova', sent, (traced) => wholeAnswer(this.upstream, traced, { sendBy }));
    const answer = await send(forwarded);
    if (!isRefusedForMarker(answer, forwarded)) return answer;
    try {
      const plain = forwardedRequest(request, serviceToken, 'none');
      return await send(plain);
    } catch (error) {
      if (error instanceof NoAnswer && !error.wasSent) return answer;
      throw error;
    }
  }

  private firstLook(): number {
    const { withNotifications, without } = FIRST_LOOK_MS;
    return Date.now() + (this.settings.NOTIFICATIONS_URL === undefined ? without : withNotifications);
  }

  private notAnswered(
    { wasSent, reason }: NoAnswer,
    { taskUuid, isRecorded, http }: ComputeRequest,
  ): ComputeAnswer {
    this.logger.warn(`Task ${taskUuid} ${wasSent ? 'was not answered by' : 'did not reach'} Nova: ${reason}`);
    if (!wasSent) {
      const gone = reason === TOO_LATE ? notSentInTime() : novaGone();
      return fault(gone, {
        state: 'rejected',
        fault: { code: gone.status, message: gone.message },
        sentAt: null,
      });
    }
    const silent = isRecorded ? outcomeUnknown(`${origin(http)}/v3/tasks/${taskUuid}`) : novaSilent(reason);
    return fault(silent, { state: 'unknown', why: WHY_OPEN.notAnswered });
  }
}

function fault({ status, message }: ApiError, outcome: Outcome): ComputeAnswer {
  return { status, headers: {}, body: faultBody(status, message), outcome };
}

/** The URL of a server below the version and the project of another URL; of that very server, the URL as it stands. */
function serverUrl(id: string, url: RequestUrl): RequestUrl {
  const { api } = url;
  const [path, query] = splitUrl(api?.rest ?? '');
  const isAsked = asksForServer(url);
  if (api === null || (isAsked && decodeBytes(path.split('/')[2] ?? '') === id)) return url;
  const { version, projectId } = api;
  const server = `/${version}${projectId === null ? '' : `/${projectId}`}/servers/${encodeBytes(id)}`;
  return parseUrl(isAsked && query !== '' ? `${server}?${query}` : server);
}

/** Whether a request asks for a server itself, and not for its tasks. */
function asksForServer({ api }: RequestUrl): boolean {
  const [path] = splitUrl(api?.rest ?? '');
  const [, , , ...more] = path.split('/');
  return more.every((segment) => segment === '');
}
