import type { Entry, ExchangeEntry } from '../journal/entries.js';
import { PROPERTIES } from './check.js';
import type { Violation } from './property.js';
import { tellTag } from './tell-tag.js';

/** How many violations of one property are told as a story; all are counted. */
const TOLD = 3;

/** What happened, and what did not hold, for people. */
export function report(entries: Entry[], violations: Violation[]): string {
  return [...happened(entries), '', ...held(violations), ...stories(entries, violations)].join('\n');
}

function happened(entries: Entry[]): string[] {
  const run = entries.find((entry) => entry.is === 'run');
  const exchanges = entries.filter((entry) => entry.is === 'exchange');
  const sends = exchanges.filter(({ kind }) => kind === 'send');
  const faults = entries.filter((entry) => entry.is === 'fault');
  const plant = run?.plant == null ? '' : `, with a planted fault: ${run.plant}`;
  return [
    `${run?.ground}, seed ${run?.seed}: ${run?.seconds} s, ${run?.clients} clients${plant}`,
    `requests    ${count(entries.filter((entry) => entry.is === 'request').map(({ action }) => action))}`,
    `sent        ${sends.length}: ${count(sends.map(answerOf))}`,
    `asked       ${exchanges.length - sends.length}: ${count(exchanges.filter(({ kind }) => kind !== 'send').map(answerOf))}`,
    `network     ${count(exchanges.map(({ fate }) => fate))}`,
    `faults      ${count(faults.map(({ what }) => what.replace(/ \d+$/, ''))) || 'none'}`,
    `in the cloud ${count(entries.filter((entry) => entry.is === 'effect').map(({ action }) => action))}`,
  ];
}

function answerOf({ status, isRefusal }: ExchangeEntry): string {
  return status === null ? 'no answer' : isRefusal ? '409 refused' : String(status);
}

function held(violations: Violation[]): string[] {
  return PROPERTIES.map(({ name, says }) => {
    const { length } = violations.filter(({ property }) => property === name);
    return `${length === 0 ? 'holds' : `BROKEN ${length} times`}: ${name}. ${says}`;
  });
}

function stories(entries: Entry[], violations: Violation[]): string[] {
  return PROPERTIES.flatMap(({ name }) =>
    violations
      .filter(({ property }) => property === name)
      .slice(0, TOLD)
      .flatMap((violation) => ['', ...tellTag(entries, violation)]),
  );
}

function count(names: string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([name, times]) => `${times} ${name}`)
    .join(', ');
}
