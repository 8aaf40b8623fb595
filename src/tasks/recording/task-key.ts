import { duplicateKey, fingerprint, ownKey, untaggedKey } from '../fingerprint/fingerprint.js';
import type { NewTask } from './new-task.js';

/** The key that refuses the same request while this one counts as accepted; `null` for one that is never the same. */
export function keyOf(
  { projectId, tag, tagMeans, description, requestKey: key }: NewTask,
  uuid: string,
): string | null {
  if (tag === null) return key === undefined ? null : untaggedKey(key, uuid);
  // Whether it was accepted is still known by whether it has a key.
  if (tagMeans === 'label' || description === null) return ownKey(uuid);
  return duplicateKey(projectId, tag, fingerprint(description));
}
