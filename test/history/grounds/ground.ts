import type { Message } from '../clients/wire.js';
import type { Lane } from '../faults/fault.js';
import type { EffectEntry } from '../journal/entries.js';
import type { Journal } from '../journal/journal.js';
import type { Replica } from './replica.js';

/** Where a history happens: replicas, a cloud behind them, and what can break. */
export interface Ground {
  readonly name: string;
  readonly replicas: readonly Replica[];
  /** Each lane breaks one thing at a time. */
  readonly lanes: readonly Lane[];
  /** Headers of all requests. */
  readonly headers: Record<string, string>;
  /** A create that the cloud accepts, or one that it rejects. */
  create(name: string, expected: 'accepted' | 'rejected'): Message;
  /** Makes whole what has been broken, and waits for it. */
  heal(): Promise<void>;
  /** What the cloud has done, by its own data. */
  effects(journal: Journal): Promise<EffectEntry[]>;
  /** Takes the tasks of a tag away from the database, as no promise allows. */
  forget(tag: string): Promise<void>;
  close(): Promise<void>;
}
