import { uuidBytes } from '../../storage/bytes.js';
import { idRanges, isUuidPrefix, type Range, uuidRange } from '../../storage/id-ranges.js';
import { REQUEST } from '../../storage/packed-ids.js';
import { toText } from '../../url/percent-encoding.js';

/** The longest search, in bytes: as long as the longest tag. */
export const MAX_SEARCH_BYTES = 255;

/** The ranges of what is searched. */
export interface SearchRanges {
  /** Of tags, and of ids: of subjects, requests and users. */
  ids: Range[];
  /** Of tasks' uuids; `null`: none begins so. */
  uuid: Range | null;
}

/**
 * A task's uuid is searched in any case, and also as the id of the request under which this server sends it on.
 *
 * @param search a byte string that is not empty
 */
export function rangesOf(search: string): SearchRanges {
  const text = toText(search);
  const uuid = (text.startsWith(REQUEST) ? text.slice(REQUEST.length) : text).toLowerCase();
  return { ids: idRanges(search), uuid: isUuidPrefix(uuid) ? uuidRange(uuid) : null };
}

/** Whether a uuid is in a range. */
export function isUuidWithin(uuid: string, [from, before]: Range): boolean {
  const bytes = uuidBytes(uuid);
  return bytes.compare(from) >= 0 && bytes.compare(before) < 0;
}
