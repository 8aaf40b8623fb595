import { nodeRequest } from '../../../http/node-http.js';
import { MissingTagError } from '../../tag.errors.js';
import { assertTag, readTag, type Tag } from '../../tag.js';
import type { TasksOptions } from '../../tasks.options.js';

/** The options that say where a request has its tag. */
type TagSource = Pick<TasksOptions, 'tagHeader' | 'otherTag' | 'tagRequired'>;

/**
 * The tag of a request: the header's, else the one from `otherTag`; `null` without one.
 *
 * @throws InvalidTagError
 * @throws MissingTagError where a tag is required
 */
export function requestTag(request: unknown, options: TagSource): Tag | null {
  const inHeader = readTag(nodeRequest(request), options.tagHeader);
  if (inHeader !== null) return inHeader;
  const other = options.otherTag(request);
  if (other !== null) assertTag(other, 'The tag of the request');
  else if (options.tagRequired) throw new MissingTagError(options.tagHeader);
  return other;
}

/** Whether a request has a tag, even an invalid one. */
export function hasTag(request: unknown, options: TagSource): boolean {
  try {
    return requestTag(request, options) !== null;
  } catch {
    return true;
  }
}
