import { isAccepted, looksOf } from './history.js';
import { ofEachTag } from './property.js';

/** Promise 3. */
export const acceptedIsFound = ofEachTag(
  'accepted is found',
  'From the answer of acceptance on, each question by the tag, at each replica, finds the task.',
  (tag) => {
    const actionOf = new Map(tag.requests.map(({ request, action }) => [request, action]));
    const accepted = tag.exchanges.filter((exchange) => exchange.kind === 'send' && isAccepted(exchange));
    return looksOf(tag).flatMap((look) => {
      const missed = accepted.find(
        ({ end, request }) =>
          end < look.start &&
          !look.tasks.some(
            (task) => task.task === actionOf.get(request as string) && task.accepted !== false,
          ),
      );
      if (missed === undefined) return [];
      const late = (look.start - missed.end).toFixed(0);
      const says = `replica ${look.replica} does not find ${missed.request}, accepted by ${missed.replica} ${late} ms before`;
      return [{ says, exchanges: [missed, look] }];
    });
  },
);
