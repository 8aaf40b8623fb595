import type { ExchangeEntry, SeenTask } from '../journal/entries.js';
import { type Finding, ofEachTag } from './property.js';

/** How far a task is. Both ends are as far as it gets, and never change into each other. */
const FAR: Readonly<Record<string, number>> = {
  pending: 0,
  unknown: 1,
  processing: 2,
  success: 3,
  failure: 3,
};

interface Sight {
  exchange: ExchangeEntry;
  task: SeenTask;
}

export const statesMoveForward = ofEachTag(
  'states move forward',
  'What is seen later of a task is never an earlier state, another end, another verdict or another resource.',
  ({ exchanges }) => {
    const sights = new Map<string, Sight[]>();
    for (const exchange of exchanges)
      for (const task of exchange.tasks)
        sights.set(task.uuid, [...(sights.get(task.uuid) ?? []), { exchange, task }]);
    return [...sights.values()].flatMap(findingsOf);
  },
);

/** Each sight against all that were over before it began; what overlaps may come in any order. */
function findingsOf(sights: Sight[]): Finding[] {
  for (const later of sights) {
    for (const earlier of sights) {
      if (earlier.exchange.end >= later.exchange.start) continue;
      const change = wrongChange(earlier.task, later.task);
      if (change === null) continue;
      const says = `task ${later.task.uuid} went from ${change}`;
      return [{ says, exchanges: [earlier.exchange, later.exchange] }];
    }
  }
  return [];
}

function wrongChange(before: SeenTask, after: SeenTask): string | null {
  if (before.task !== after.task) return `${before.task} to ${after.task}`;
  const [from, to] = [FAR[before.state] ?? NaN, FAR[after.state] ?? NaN];
  const isForward = from < to || before.state === after.state;
  if (!isForward) return `${before.state} to ${after.state}`;
  if (before.accepted !== null && before.accepted !== after.accepted)
    return `accepted ${before.accepted} to ${after.accepted}`;
  const changed = Object.keys(before.resource).find((kind) => before.resource[kind] !== after.resource[kind]);
  return changed === undefined
    ? null
    : `${changed} ${before.resource[changed]} to ${after.resource[changed] ?? 'none'}`;
}
