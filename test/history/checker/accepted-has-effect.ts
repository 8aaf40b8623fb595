import type { EffectEntry, ExchangeEntry, RequestEntry } from '../journal/entries.js';
import { effectsOf, isAccepted, sendsOf, type TagHistory } from './history.js';
import { type Finding, ofEachTag } from './property.js';

/** What was promised to a client is there, and is the very thing that it was told. */
export const acceptedHasEffect = ofEachTag(
  'accepted has an effect',
  'What was answered as accepted, or shown as a success, is in the cloud under the id that was told.',
  (tag) => tag.requests.flatMap((request) => findingsOf(tag, request)),
);

function findingsOf(tag: TagHistory, request: RequestEntry): Finding[] {
  const effects = effectsOf(tag, request);
  const accepted = sendsOf(tag, request).filter(isAccepted);
  const succeeded = tag.exchanges.filter(({ tasks }) =>
    tasks.some(
      ({ task, state, resource }) =>
        task === request.action && state === 'success' && isOf(request, resource['server']),
    ),
  );
  if (effects.length === 0) {
    const told = [...accepted, ...succeeded].slice(0, 1);
    const says = `${request.request} was told as accepted, and nothing was done`;
    return told.length === 0 ? [] : [{ says, exchanges: told }];
  }
  return request.action === 'create'
    ? [...accepted, ...succeeded].flatMap((exchange) => mistold(exchange, effects)).slice(0, 1)
    : [];
}

/** A create's task does not tell its server's name; a tag has one create at most. */
function isOf({ action, server }: RequestEntry, id: string | undefined): boolean {
  return action === 'create' || id === server;
}

function mistold(exchange: ExchangeEntry, effects: EffectEntry[]): Finding[] {
  const created = exchange.tasks.filter(({ task, state }) => task === 'create' && state === 'success');
  const told = [exchange.server, ...created.map(({ resource }) => resource['server'] ?? null)];
  const wrong = told.find((id) => id !== null && !effects.some(({ server }) => server === id));
  return wrong == null ? [] : [{ says: `it was told as server ${wrong}`, exchanges: [exchange] }];
}
