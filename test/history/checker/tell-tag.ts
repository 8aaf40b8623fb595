import type { Entry, ExchangeEntry, SeenTask } from '../journal/entries.js';
import { historyOf } from './history.js';
import type { Violation } from './property.js';

/** The history of one tag, readable: what was sent and asked in the order of time, what was broken meanwhile. */
export function tellTag(entries: Entry[], { property, tag, says, exchanges: shown }: Violation): string[] {
  const { tags, faults } = historyOf(entries);
  const history = tags.find((other) => other.tag === tag);
  const head = `${property}, tag ${JSON.stringify(tag)}: ${says}`;
  if (history === undefined) return [head];
  const { exchanges, effects } = history;
  const [from, to] = [Math.min(...exchanges.map(({ start }) => start)), lastOf(exchanges)];
  const lines = exchanges.map((exchange) => ({
    start: exchange.start,
    line: `${shown.includes(exchange.id) ? '>' : ' '} ${tellExchange(exchange)}`,
  }));
  const meanwhile = faults
    .filter(({ start, end }) => start <= to && end >= from)
    .map(({ what, start, end }) => ({ start, line: `  ${times(start, end)}  *** ${what}` }));
  const inOrder = [...lines, ...meanwhile].sort((one, other) => one.start - other.start);
  return [
    head,
    ...withoutRepeats(inOrder.map(({ line }) => line)),
    ...effects.map(
      ({ action, id, server, task }) => `  in the cloud: ${action} ${id} on ${server}, task ${task}`,
    ),
  ];
}

/** Questions that nobody answers may be many in a row. */
function withoutRepeats(lines: string[]): string[] {
  const isDull = (line: string | undefined) =>
    line !== undefined && !line.startsWith('>') && line.includes(' ask ') && line.includes(': no answer');
  return lines.flatMap((line, n) => {
    if (!isDull(line) || !isDull(lines[n - 1])) return [line];
    return isDull(lines[n + 1]) ? [] : ['  … no answer', line];
  });
}

/** Of what happened before the reading at the end, if anything did. */
function lastOf(exchanges: ExchangeEntry[]): number {
  const before = exchanges.filter(({ isFinal }) => !isFinal);
  return Math.max(...(before.length > 0 ? before : exchanges).map(({ end }) => end));
}

function tellExchange(exchange: ExchangeEntry): string {
  const { id, client, kind, replica, start, end, fate, status, isRefusal, message, task } = exchange;
  const what = { send: 'SEND', tag: 'ask by tag', query: 'ask by query', uuid: `ask ${task}` }[kind];
  const told = status === null ? 'no answer' : `${status}${isRefusal ? ' refused' : ''}`;
  const tasks = exchange.tasks.map(tellTask).join('; ');
  const network = fate === 'pass' ? '' : ` [${fate}]`;
  const more = [exchange.server, tasks, isRefusal ? null : message].filter(Boolean).join(' ');
  return `${times(start, end)}  #${id} ${client} ${what} at replica ${replica}${network}: ${told} ${more}`;
}

function tellTask({ uuid, task, state, accepted, resource, fault }: SeenTask): string {
  const verdict = accepted === null ? '' : accepted ? ', accepted' : ', not accepted';
  const of = resource['server'] === undefined ? '' : ` of ${resource['server']}`;
  return `${task} ${uuid} ${state}${verdict}${of}${fault === null ? '' : ` (${fault.code} ${fault.message.slice(0, 80)})`}`;
}

function times(start: number, end: number): string {
  return `${seconds(start)}-${seconds(end)}`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3).padStart(8);
}
