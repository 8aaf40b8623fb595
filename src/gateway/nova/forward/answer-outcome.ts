import { isRequestId } from '../../../openstack/request-id.js';
import type { Fault, Outcome, Resource } from '../../../tasks/task.states.js';
import type { ComputeRequest } from '../../../compute/compute.service.js';
import { isDoneWhenAnswered } from '../nova-actions.js';
import type { UpstreamAnswer } from '../upstream/exchange.js';
import { headerOf } from '../upstream/headers.js';

type Fields = Record<string, unknown>;

type AnsweredRequest = Pick<ComputeRequest, 'task' | 'serverId' | 'subresourceId' | 'body'>;

/** Words of keystonemiddleware, which then has not let the request in (auth_token/__init__.py). */
const KEYSTONE_DOWN = 'The Keystone service is temporarily unavailable.';

/**
 * Too large, too many, too long a head: nobody says so who has begun the work, and whoever says so has not let the request
 * pass, be it Nova or what stands before it.
 */
const NEVER_BEGUN = [413, 429, 431];

/** Nova's API has stopped waiting for one of its other services, which may still do what it was asked for. */
const GAVE_UP_WAITING = 'MessagingTimeout';

/**
 * What an answer says of a request. Only what Nova's own stack has sent says anything, but for a few refusals: it has a
 * request id. An error of Nova's own, or a load balancer's page, leaves open whether the request was carried out.
 *
 * @param lookAgainAt when to look at a task that goes on, in epoch milliseconds
 */
export function outcomeOfAnswer(
  answer: UpstreamAnswer,
  request: AnsweredRequest,
  lookAgainAt: number,
): Outcome {
  const requestId = requestIdOf(answer);
  const { status } = answer;
  if (NEVER_BEGUN.includes(status))
    return { state: 'rejected', fault: faultOf(answer), ...(requestId !== null && { requestId }) };
  if (requestId === null) return { state: 'unknown' };
  if (status >= 200 && status < 300) {
    const resource = resourceOf(answer, request);
    const accepted = { requestId, ...(resource !== null && { resource }) };
    return isDoneWhenAnswered(request.task)
      ? { state: 'success', ...accepted }
      : { state: 'processing', ...accepted, lookAgainAt };
  }
  if ((status >= 400 && status < 500) || isKeystoneDown(answer)) {
    return { state: 'rejected', requestId, fault: faultOf(answer) };
  }
  // Of a volume that is attached, Nova writes down what it does only then: it is as if there were no answer.
  const goesOn = request.task === 'attach_volume' && answer.body.includes(GAVE_UP_WAITING);
  return goesOn ? { state: 'unknown' } : { state: 'unknown', requestId };
}

/** The request id that Nova gave a request; `null` for an answer that is not Nova's. */
export function requestIdOf({ rawHeaders }: UpstreamAnswer): string | null {
  // The other header, `X-OpenStack-Request-ID`, load balancers set as well.
  const id = headerOf(rawHeaders, 'x-compute-request-id');
  return id !== undefined && isRequestId(id) ? id : null;
}

function isKeystoneDown({ status, body }: UpstreamAnswer): boolean {
  return status === 503 && body.includes(KEYSTONE_DOWN);
}

/** What the answer, or the URL, tells of what the request acts on. */
function resourceOf(answer: UpstreamAnswer, request: AnsweredRequest): Resource | null {
  const body = jsonOf(answer);
  const server = request.serverId ?? idIn(body['server'], 'id');
  const other = otherResource(request, body, answer);
  if (server === null) return null;
  return { server, ...other };
}

function otherResource(
  { task, subresourceId, body: sent }: AnsweredRequest,
  body: Fields,
  { rawHeaders }: UpstreamAnswer,
): Resource {
  switch (task) {
    case 'createImage':
    case 'createBackup': {
      // Before microversion 2.45 the image is named by its address alone.
      const location = headerOf(rawHeaders, 'location')?.split('/').at(-1) ?? null;
      return named('image', idIn(body, 'image_id') ?? location);
    }
    case 'attach_interface':
      return named('network', idIn(body['interfaceAttachment'], 'net_id'));
    case 'attach_volume': {
      // From microversion 2.101 on the answer is empty.
      const attachment = body['volumeAttachment'] ?? fieldsOf(sent)['volumeAttachment'];
      return named('volume', idIn(attachment, 'volumeId'));
    }
    case 'detach_volume':
    case 'swap_volume':
      return named('volume', subresourceId);
    default:
      return {};
  }
}

function named(kind: string, id: string | null): Resource {
  return id === null ? {} : { [kind]: id };
}

/** Nova's own words, where they are in its form. */
function faultOf(answer: UpstreamAnswer): Fault {
  const [fault] = Object.values(jsonOf(answer));
  const message = fieldsOf(fault)['message'];
  const text = typeof message === 'string' ? message : answer.statusText;
  return { code: answer.status, message: text || 'The request was refused.' };
}

function jsonOf({ rawHeaders, body }: UpstreamAnswer): Fields {
  if (!/^application\/json\b/i.test(headerOf(rawHeaders, 'content-type') ?? '')) return {};
  try {
    return fieldsOf(JSON.parse(body.toString('utf8')));
  } catch {
    return {};
  }
}

function idIn(value: unknown, key: string): string | null {
  const id = fieldsOf(value)[key];
  return typeof id === 'string' ? id : null;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
