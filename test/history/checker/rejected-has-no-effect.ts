import { namesOf, ofEachTag } from './property.js';

/** `accepted: false` is final: whoever was told so may send the request again. */
export const rejectedHasNoEffect = ofEachTag(
  'rejected has no effect',
  'What was shown as not accepted was not done by that task.',
  (tag) => {
    const seen = tag.exchanges.flatMap(({ tasks }) => tasks);
    const rejected = new Set(seen.filter(({ accepted }) => accepted === false).map(({ uuid }) => uuid));
    if (rejected.size === 0) return [];
    const told = tag.exchanges.filter(({ tasks }) => tasks.some(({ uuid }) => rejected.has(uuid)));
    return [...new Set(tag.requests.map(({ action }) => action))].flatMap((action) => {
      const effects = tag.effects.filter((effect) => effect.action === action);
      const ofRejected = effects.filter(({ task }) => task !== null && rejected.has(task));
      if (ofRejected.length > 0)
        return [{ says: `done by a task that was rejected: ${namesOf(ofRejected)}`, exchanges: told }];
      // Where the cloud does not know whose it is, it must be that of a task which was not rejected.
      const tasks = new Set(seen.filter(({ task }) => task === action).map(({ uuid }) => uuid));
      const isAllRejected = tasks.size > 0 && [...tasks].every((uuid) => rejected.has(uuid));
      return isAllRejected && effects.length > 0
        ? [{ says: `each task of it was rejected, but there is ${namesOf(effects)}`, exchanges: told }]
        : [];
    });
  },
);
