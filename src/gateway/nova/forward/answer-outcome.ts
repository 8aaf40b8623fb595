import { isDoneWhenAnswered } from '../../../compute/actions/nova-actions.js';
import type { ComputeRequest } from '../../../compute/compute.service.js';
import { isRequestId } from '../../../openstack/request-id.js';
import type { Fault, Outcome, Resource } from '../../../tasks/task.states.js';
import { fieldsOf } from '../../fields-of.js';
import { WHY_OPEN } from '../observation/why-open.js';
import { headerOf } from '../upstream/headers.js';
import type { UpstreamAnswer } from '../upstream/whole-answer.js';

type Fields = Record<string, unknown>;

type AnsweredRequest = Pick<ComputeRequest, 'task' | 'serverId' | 'subresourceId' | 'body'>;

/** The words of keystonemiddleware when it has not let the request in (auth_token/__init__.py). */
const KEYSTONE_DOWN = 'The Keystone service is temporarily unavailable.';

/**
 * Too large, too many, headers too long: a server that has begun the work does not answer this, and one that does has
 * not let the request pass, whether it is Nova or a proxy before it.
 */
const NEVER_BEGUN = [413, 429, 431];

/** Nova's API has stopped waiting for one of its other services, which may still carry out the request. */
const GAVE_UP_WAITING = 'MessagingTimeout';

/**
 * The outcome of a request according to its answer. With a few exceptions, only answers from Nova's own stack count;
 * they have a request id. An error of Nova's own, or a load balancer's page, leaves open whether it was carried out.
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
  if (requestId === null) return { state: 'unknown', why: WHY_OPEN.answeredByAnother };
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
  // For an attached volume, Nova records the action only later: it is as if there were no answer.
  const goesOn = request.task === 'attach_volume' && answer.body.includes(GAVE_UP_WAITING);
  const why = WHY_OPEN.answeredWithError;
  return goesOn ? { state: 'unknown', why } : { state: 'unknown', requestId, why };
}

/** The request id that Nova gave a request; `null` for an answer from elsewhere. */
export function requestIdOf({ rawHeaders }: UpstreamAnswer): string | null {
  // Load balancers set the other header, `X-OpenStack-Request-ID`, as well.
  const id = headerOf(rawHeaders, 'x-compute-request-id');
  return id !== undefined && isRequestId(id) ? id : null;
}

function isKeystoneDown({ status, body }: UpstreamAnswer): boolean {
  return status === 503 && body.includes(KEYSTONE_DOWN);
}

/** The object that the request acts on, according to the answer or the URL. */
function resourceOf(answer: UpstreamAnswer, request: AnsweredRequest): Resource | null {
  const body = jsonOf(answer);
  const server = request.serverId ?? idIn(body['server'], 'id');
  const other = otherResource(request, body, answer);
  if (server !== null) return { server, ...other };
  // A create may ask for its reservation instead; the servers are found later.
  const reservation = idIn(body, 'reservation_id');
  return reservation === null ? null : { reservation };
}

function otherResource(
  { task, subresourceId, body: sent }: AnsweredRequest,
  body: Fields,
  { rawHeaders }: UpstreamAnswer,
): Resource {
  switch (task) {
    case 'createImage':
    case 'createBackup': {
      // Before microversion 2.45 the image is given only by its URL.
      const location = headerOf(rawHeaders, 'location')?.split('/').at(-1) ?? null;
      return named('image', idIn(body, 'image_id') ?? location);
    }
    case 'attach_interface':
      return {
        ...named('network', idIn(body['interfaceAttachment'], 'net_id')),
        ...named('port', idIn(body['interfaceAttachment'], 'port_id')),
      };
    case 'attach_volume': {
      // From microversion 2.101 on the answer is empty.
      const attachment = body['volumeAttachment'] ?? fieldsOf(sent)['volumeAttachment'];
      return named('volume', idIn(attachment, 'volumeId'));
    }
    case 'attach_share':
      return named('share', idIn(fieldsOf(sent)['share'], 'share_id'));
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

/** Nova's own words, if the answer has Nova's form. */
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
