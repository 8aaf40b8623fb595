import { effectsOf } from './history.js';
import { namesOf, ofEachTag } from './property.js';

/** Promise 2, by what the cloud did. */
export const oneEffect = ofEachTag(
  'one effect',
  'A request has at most one effect in the cloud, however often it was sent.',
  (tag) =>
    tag.requests.flatMap((request) => {
      const effects = effectsOf(tag, request);
      return effects.length > 1
        ? [{ says: `${request.request} was done ${effects.length} times: ${namesOf(effects)}` }]
        : [];
    }),
);
