import type { ExchangeEntry } from '../journal/entries.js';
import { sendsOf } from './history.js';
import { ofEachTag } from './property.js';

export const refusedHasAFirst = ofEachTag(
  'refused has a first',
  'A copy is refused only when another one was sent before, and was not told as rejected by then.',
  (tag) =>
    tag.requests.flatMap((request) => {
      const sends = sendsOf(tag, request);
      const refused = sends.filter(({ isRefusal }) => isRefusal);
      return refused.flatMap((refusal) => {
        const others = sends.filter(({ id, start }) => id !== refusal.id && start < refusal.end);
        if (others.length === 0)
          return [{ says: `${request.request} was refused, and was the first one`, exchanges: [refusal] }];
        const rejected = rejectedBefore(refusal, tag.exchanges);
        return rejected === undefined
          ? []
          : [
              {
                says: `${request.request} was refused, though its task had been rejected`,
                exchanges: [rejected, refusal],
              },
            ];
      });
    }),
);

function rejectedBefore(refusal: ExchangeEntry, exchanges: ExchangeEntry[]): ExchangeEntry | undefined {
  const [first] = refusal.tasks;
  return exchanges.find(
    ({ end, tasks }) =>
      end < refusal.start && tasks.some(({ uuid, accepted }) => uuid === first?.uuid && accepted === false),
  );
}
