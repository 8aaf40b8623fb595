import { isAccepted, sendsOf } from './history.js';
import { ofEachTag } from './property.js';

/** Promise 2, by what the answers said. */
export const acceptedOnce = ofEachTag(
  'accepted once',
  'Of all copies of a request at most one is answered as carried out.',
  (tag) =>
    tag.requests.flatMap((request) => {
      const accepted = sendsOf(tag, request).filter(isAccepted);
      return accepted.length > 1
        ? [{ says: `${request.request} was accepted ${accepted.length} times`, exchanges: accepted }]
        : [];
    }),
);
