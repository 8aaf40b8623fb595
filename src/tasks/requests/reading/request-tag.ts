import { nodeRequest } from '../../../http/node-http.js';
import type { OtherTag } from '../../other-tag.js';
import { MissingTagError } from '../../tag.errors.js';
import { assertTag, readTag, type Tag, tagFromText } from '../../tag.js';
import type { TasksOptions } from '../../tasks.options.js';

/** The options that say where a request has its tag. */
type TagSource = Pick<TasksOptions, 'tagHeader' | 'otherTag' | 'tagRequired'>;

/** The tag of a request, and what it means. */
export interface RequestTag extends Omit<OtherTag, 'means'> {
  tag: Tag;
  means: 'tag' | OtherTag['means'];
}

/**
 * The tag of a request: the header's, else the one from `otherTag`; `null` without one.
 *
 * @throws InvalidTagError
 * @throws MissingTagError where a tag is required
 */
export function requestTag(request: unknown, options: TagSource): RequestTag | null {
  const inHeader = readTag(nodeRequest(request), options.tagHeader);
  if (inHeader !== null) return { tag: inHeader, means: 'tag' };
  const other = options.otherTag(request);
  if (other === null) {
    if (options.tagRequired) throw new MissingTagError(options.tagHeader);
    return null;
  }
  const found: RequestTag = typeof other === 'string' ? { tag: other, means: 'tag' } : other;
  assertTag(found.tag, 'The tag of the request');
  return found;
}

/**
 * The tag of a text, such as an id.
 *
 * @throws InvalidTagError
 */
export function tagOfText(text: string): RequestTag {
  const tag = tagFromText(String(text));
  assertTag(tag, 'The tag of the request');
  return { tag, means: 'tag' };
}

/** Whether a request has a tag, even an invalid one. */
export function hasTag(request: unknown, options: TagSource): boolean {
  try {
    return requestTag(request, options) !== null;
  } catch {
    return true;
  }
}
