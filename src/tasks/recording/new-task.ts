import type { FingerprintInput } from '../fingerprint/fingerprint.js';
import type { OtherTag } from '../other-tag.js';
import type { Tag } from '../tag.js';

/** A request that is about to be carried out. */
export interface NewTask {
  projectId: string;
  userId: string;
  tag: Tag | null;
  /** What the tag means. @default 'tag' */
  tagMeans?: 'tag' | OtherTag['means'];
  /** The parts that are compared with other requests; `null` without a tag, and with a label. */
  description: FingerprintInput | null;
  /** The beginning of its key, if it has no tag and is to be found by what it asks for. @default none */
  requestKey?: string;
  task: string;
  resource: Record<string, string> | null;
  requestId: string | null;
  globalRequestId: string | null;
  /** Whether its handler ends it in its own transaction. @default false */
  sameTransaction?: boolean;
}
