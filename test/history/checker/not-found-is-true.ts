import type { ExchangeEntry } from '../journal/entries.js';
import { looksOf } from './history.js';
import { ofEachTag } from './property.js';

/** Promise 4, for all that was ever shown: a task that anybody has seen is there for everybody who asks later. */
export const notFoundIsTrue = ofEachTag(
  'not found is true',
  'A task that was shown once is never missing later, neither from the tag nor by its uuid.',
  (tag) => {
    const shown = firstShown(tag.exchanges);
    const byUuid = tag.exchanges.filter(({ kind, status }) => kind === 'uuid' && status === 404);
    return [...looksOf(tag), ...byUuid].flatMap((look) => {
      const present = new Set(look.tasks.map(({ uuid }) => uuid));
      for (const [uuid, first] of shown) {
        const isAsked = look.kind !== 'uuid' || look.task === uuid;
        if (!isAsked || present.has(uuid) || first.end >= look.start) continue;
        const says = `replica ${look.replica} says that there is no task ${uuid}, which replica ${first.replica} had shown`;
        return [{ says, exchanges: [first, look] }];
      }
      return [];
    });
  },
);

/** Of each task the exchange that was over first of those that show it. */
function firstShown(exchanges: ExchangeEntry[]): Map<string, ExchangeEntry> {
  const shown = new Map<string, ExchangeEntry>();
  for (const exchange of exchanges)
    for (const { uuid } of exchange.tasks)
      if (exchange.end < (shown.get(uuid)?.end ?? Infinity)) shown.set(uuid, exchange);
  return shown;
}
