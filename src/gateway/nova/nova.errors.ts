import { ApiError } from '../../errors/api-error.js';
import { ServiceUnavailable } from '../../openstack/faults.js';

/** Nova could not be reached, so it has not received the request. */
export function novaGone(): ApiError {
  return new ServiceUnavailable(
    'The compute service cannot be reached. The request was not sent to it; send it again later.',
  );
}

/** The request was not sent because too much time had passed since it was recorded. */
export function notSentInTime(): ApiError {
  return new ServiceUnavailable(
    'The server was delayed, so the request was not sent to the compute service; send it again.',
  );
}

/** The HTTP library's codes for an answer that takes too long, or stops for too long. */
const TIMEOUTS = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

/**
 * Nova received the request, or a part of it, and gave no answer.
 *
 * @param reason the code of the error
 */
export function novaSilent(reason: string): ApiError {
  const message = TIMEOUTS.includes(reason)
    ? 'The compute service did not answer in time.'
    : 'The connection to the compute service broke before it answered; the request may have been carried out.';
  return new ApiError('NO_ANSWER', 504, message);
}

/** Nova's version document would silently lead a client away from the tag of its endpoint. */
export function tagWouldBeLost(): ApiError {
  return new ApiError(
    'TAG_WOULD_BE_LOST',
    502,
    "The compute service's version document has no link that the tag of this endpoint could be put into, and who follows " +
      'it would go on without the tag. Send the tag as the header Task-tag, or ask the operator of the gateway.',
  );
}

/** Nova did not answer a request that was recorded: its task will show the outcome. */
export function outcomeUnknown(taskUrl: string): ApiError {
  return new ApiError(
    'OUTCOME_UNKNOWN',
    504,
    'The compute service did not answer, so it is not known yet whether the request was accepted. ' +
      `Do not send it again; look it up at ${taskUrl}`,
  );
}
