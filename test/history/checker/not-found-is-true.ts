import type { EffectEntry, ExchangeEntry } from '../journal/entries.js';
import { looksOf } from './history.js';
import { type Finding, ofEachTag } from './property.js';

/**
 * Promise 4. A task that anybody has seen is there for everybody who asks later; so is the task of what the cloud had
 * begun, since nothing is begun before it is recorded, whoever was told.
 */
export const notFoundIsTrue = ofEachTag(
  'not found is true',
  'A task that was shown once, or whose work had begun, is never missing later, neither from the tag nor by its uuid.',
  (tag) => {
    const unseen = looksOf(tag).flatMap((look) => missing(look, tag.effects));
    const shown = firstShown(tag.exchanges);
    const byUuid = tag.exchanges.filter(({ kind, status }) => kind === 'uuid' && status === 404);
    const lost = [...looksOf(tag), ...byUuid].flatMap((look) => {
      const present = new Set(look.tasks.map(({ uuid }) => uuid));
      for (const [uuid, first] of shown) {
        const isAsked = look.kind !== 'uuid' || look.task === uuid;
        if (!isAsked || present.has(uuid) || first.end >= look.start) continue;
        const says = `replica ${look.replica} says that there is no task ${uuid}, which replica ${first.replica} had shown`;
        return [{ says, exchanges: [first, look] }];
      }
      return [];
    });
    return [...lost, ...unseen];
  },
);

/** What had begun before a look, which shows no task of it. */
function missing(look: ExchangeEntry, effects: EffectEntry[]): Finding[] {
  const begun = effects.find(
    ({ action, begunBy }) =>
      begunBy !== null &&
      begunBy < look.start &&
      !look.tasks.some(({ task, accepted }) => task === action && accepted !== false),
  );
  if (begun === undefined) return [];
  const ms = (look.start - (begun.begunBy as number)).toFixed(0);
  const says = `replica ${look.replica} knows nothing of the ${begun.action} that the cloud had begun ${ms} ms before`;
  return [{ says, exchanges: [look] }];
}

/** Of each task the exchange that was over first of those that show it. */
function firstShown(exchanges: ExchangeEntry[]): Map<string, ExchangeEntry> {
  const shown = new Map<string, ExchangeEntry>();
  for (const exchange of exchanges)
    for (const { uuid } of exchange.tasks)
      if (exchange.end < (shown.get(uuid)?.end ?? Infinity)) shown.set(uuid, exchange);
  return shown;
}
