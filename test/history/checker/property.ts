import type { EffectEntry, ExchangeEntry } from '../journal/entries.js';
import type { History, TagHistory } from './history.js';

/** Where a history shows that a property does not hold. */
export interface Violation {
  property: string;
  /** `null`: of no tag that anybody sent. */
  tag: string | null;
  says: string;
  /** The exchanges that show it, by their ids. */
  exchanges: number[];
}

/** Something that holds in each history, if the promises hold. It looks at nothing but the history. */
export interface Property {
  name: string;
  /** What holds, in one sentence. */
  says: string;
  check: (history: History) => Violation[];
}

/** What a property has found, before it is said of which tag. */
export interface Finding {
  says: string;
  exchanges?: ExchangeEntry[];
}

/** A property of each tag by itself. */
export function ofEachTag(name: string, says: string, find: (tag: TagHistory) => Finding[]): Property {
  return {
    name,
    says,
    check: ({ tags }) =>
      tags.flatMap((tag) =>
        find(tag).map((finding) => ({
          property: name,
          tag: tag.tag,
          says: finding.says,
          exchanges: (finding.exchanges ?? []).map(({ id }) => id),
        })),
      ),
  };
}

export function namesOf(effects: EffectEntry[]): string {
  return effects.map(({ action, server, id }) => `${action} ${id} on ${server}`).join(', ');
}
