import { ApiError } from '../../errors/api-error.js';
import { ServiceUnavailable } from '../../openstack/faults.js';

/** Nova could not be reached, and so has not got the request. */
export function novaGone(): ApiError {
  return new ServiceUnavailable(
    'The compute service cannot be reached. The request was not sent to it; send it again later.',
  );
}

/** The request was not sent, since too much time had passed since it was recorded. */
export function notSentInTime(): ApiError {
  return new ServiceUnavailable(
    'The server was held up, so the request was not sent to the compute service; send it again.',
  );
}

/** Nova got the request, or a part of it, and gave no answer. */
export function novaSilent(): ApiError {
  return new ApiError('NO_ANSWER', 504, 'The compute service did not answer in time.');
}

/** The same for a request that was recorded: the record will tell. */
export function outcomeUnknown(taskUrl: string): ApiError {
  return new ApiError(
    'OUTCOME_UNKNOWN',
    504,
    'The compute service did not answer, so it is not known yet whether the request was accepted. ' +
      `Do not send it again; ask ${taskUrl}`,
  );
}
