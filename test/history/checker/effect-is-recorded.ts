import { effectsOf } from './history.js';
import { namesOf, ofEachTag } from './property.js';

/** Promise 1, as far as it can be seen from outside: the record is there, and stays. */
export const effectIsRecorded = ofEachTag(
  'effect is recorded',
  'Whatever the cloud did has its task in the reading at the end.',
  (tag) => {
    const last = tag.exchanges.filter(({ isFinal, status }) => isFinal && status !== null);
    if (last.length === 0) return [];
    return tag.requests.flatMap((request) => {
      const effects = effectsOf(tag, request);
      const isRecorded = last.some(({ tasks }) => tasks.some(({ task }) => task === request.action));
      return effects.length === 0 || isRecorded
        ? []
        : [{ says: `${namesOf(effects)} has no task`, exchanges: last }];
    });
  },
);
