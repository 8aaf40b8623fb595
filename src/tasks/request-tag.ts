import { assertTag, readTag, type Tag } from './tag.js';
import { nodeRequest, type TasksOptions } from './tasks.options.js';

/**
 * The tag of a request: that of its header, else the one that stands elsewhere; `null` without one.
 *
 * @throws InvalidTagError
 */
export function requestTag(
  request: unknown,
  options: Pick<TasksOptions, 'tagHeader' | 'otherTag'>,
): Tag | null {
  const inHeader = readTag(nodeRequest(request), options.tagHeader);
  if (inHeader !== null) return inHeader;
  const other = options.otherTag(request);
  if (other !== null) assertTag(other, 'The tag of the request');
  return other;
}

/** Whether a request has a tag, also one that is not valid. */
export function hasTag(request: unknown, options: Pick<TasksOptions, 'tagHeader' | 'otherTag'>): boolean {
  try {
    return requestTag(request, options) !== null;
  } catch {
    return true;
  }
}
