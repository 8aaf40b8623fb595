import type { EffectEntry, Entry, ExchangeEntry, FaultEntry, RequestEntry } from '../journal/entries.js';

/** All that happened under one tag. Tags have nothing to do with each other, so each is checked by itself. */
export interface TagHistory {
  tag: string;
  requests: RequestEntry[];
  /** In the order of their start. */
  exchanges: ExchangeEntry[];
  effects: EffectEntry[];
}

/** A whole run, sorted by tags. */
export interface History {
  tags: TagHistory[];
  /** What the cloud did though no request asked for it. */
  strayEffects: EffectEntry[];
  faults: FaultEntry[];
}

export function historyOf(entries: Entry[]): History {
  const tags = new Map<string, TagHistory>();
  const byTarget = new Map<string, RequestEntry>();
  const of = (tag: string): TagHistory => {
    const known = tags.get(tag) ?? { tag, requests: [], exchanges: [], effects: [] };
    tags.set(tag, known);
    return known;
  };
  const history: History = { tags: [], strayEffects: [], faults: [] };
  for (const entry of entries) {
    if (entry.is === 'request') {
      of(entry.tag).requests.push(entry);
      byTarget.set(`${entry.action} ${entry.server}`, entry);
    }
    if (entry.is === 'exchange') of(entry.tag).exchanges.push(entry);
    if (entry.is === 'fault') history.faults.push(entry);
  }
  for (const entry of entries) {
    if (entry.is !== 'effect') continue;
    const request = byTarget.get(targetOf(entry));
    if (request === undefined) history.strayEffects.push(entry);
    else of(request.tag).effects.push(entry);
  }
  for (const { exchanges } of tags.values()) exchanges.sort((one, other) => one.start - other.start);
  history.tags = [...tags.values()];
  return history;
}

/** The effects of one of a tag's requests. */
export function effectsOf({ effects }: TagHistory, { action, server }: RequestEntry): EffectEntry[] {
  return effects.filter((effect) => targetOf(effect) === `${action} ${server}`);
}

/** The copies of one of a tag's requests. */
export function sendsOf({ exchanges }: TagHistory, { request }: RequestEntry): ExchangeEntry[] {
  return exchanges.filter((exchange) => exchange.kind === 'send' && exchange.request === request);
}

/** What asks for all tasks of the tag, and was told which there are. */
export function looksOf({ exchanges }: TagHistory): ExchangeEntry[] {
  return exchanges.filter(
    ({ kind, status }) => (kind === 'tag' || kind === 'query') && (status === 200 || status === 404),
  );
}

export function isAccepted({ status }: ExchangeEntry): boolean {
  return status !== null && status >= 200 && status <= 299;
}

function targetOf({ action, name, server }: EffectEntry): string {
  return `${action} ${action === 'create' ? name : server}`;
}
