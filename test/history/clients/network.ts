import { setTimeout as sleep } from 'node:timers/promises';
import type { Replica } from '../grounds/replica.js';
import type { ExchangeEntry } from '../journal/entries.js';
import type { Journal } from '../journal/journal.js';
import type { Random } from '../random.js';
import { type Fate, fateOf } from './fates.js';
import { toldBy } from './told.js';
import type { Message, Reply, Wire } from './wire.js';

/** What the history has to know of a request beside its bytes. */
export type About = Pick<ExchangeEntry, 'client' | 'kind' | 'tag' | 'request' | 'task'>;

/** Longer than a replica takes for any answer, in milliseconds. */
const LONGEST_MS = 15_000;

/** What a proxy takes for "come again", and asks the next one. */
const NOT_NOW = [502, 503, 504];

/** Stands between clients and replicas as proxies do, and writes down each exchange with a replica. */
export class Network {
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly replicas: readonly Replica[],
    private readonly journal: Journal,
    private readonly wire: Wire,
  ) {}

  /** Brings a request to a replica at random, and does to it what chance says; `null`: nothing came back. */
  async send(message: Message, about: About, random: Random): Promise<Reply | null> {
    const isSend = about.kind === 'send';
    const fate = fateOf(isSend, random);
    const first = random.between(0, this.replicas.length - 1);
    const ms = random.between(1, 400);
    // A version prefix is no part of a request.
    const path = random.chance(0.3) ? message.path.replace(/^\/v3\//, '/v2.1/') : message.path;
    const reply = await this.meet(fate, first, ms, { ...message, path }, about);
    return fate === 'answer lost' || fate === 'cut' ? null : reply;
  }

  /** Brings a request to one replica, without loss. */
  direct(replica: Replica, message: Message, about: About, isFinal = false): Promise<Reply | null> {
    return this.exchange(replica, message, about, { fate: 'pass', cutMs: LONGEST_MS, isFinal });
  }

  /** Waits until nothing is on its way any more. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private async meet(fate: Fate, first: number, ms: number, message: Message, about: About) {
    const to = (n: number, cutMs = LONGEST_MS) =>
      this.exchange(this.replica(first + n), message, about, { fate, cutMs, isFinal: false });
    switch (fate) {
      case 'pass':
      case 'answer lost':
        return to(0);
      case 'cut':
        return to(0, ms);
      case 'never sent':
        return null;
      case 'late':
        void this.keep(sleep(ms * 10).then(() => to(0)));
        return null;
      case 'twice':
        return (await Promise.all([to(0), to(0)]))[0];
      case 'at two replicas':
        return (await Promise.all([to(0), to(1)]))[1];
      case 'next replica':
        return this.proxied(ms * 5, to);
    }
  }

  /** As a proxy does that may send again what is not idempotent: one answer for the client, whoever gave it. */
  private async proxied(patienceMs: number, to: (n: number) => Promise<Reply | null>) {
    for (let n = 0; ; n += 1) {
      const exchange = to(n);
      if (n === this.replicas.length - 1) return exchange;
      const reply = await Promise.race([exchange, sleep(patienceMs, null)]);
      if (reply !== null && !NOT_NOW.includes(reply.status)) return reply;
    }
  }

  private async exchange(
    replica: Replica,
    message: Message,
    about: About,
    { fate, cutMs, isFinal }: { fate: Fate; cutMs: number; isFinal: boolean },
  ): Promise<Reply | null> {
    const { journal } = this;
    const [id, start] = [journal.nextId(), journal.now()];
    const reply = await this.keep(this.wire(replica, message, cutMs));
    const times = { id, start, end: journal.now() };
    journal.write({
      is: 'exchange',
      ...about,
      ...times,
      replica: replica.number,
      fate,
      isFinal,
      ...toldBy(reply),
    });
    return reply;
  }

  private keep<T>(work: Promise<T>): Promise<T> {
    const kept = work.finally(() => this.underWay.delete(kept));
    this.underWay.add(kept);
    return kept;
  }

  private replica(n: number): Replica {
    return this.replicas[n % this.replicas.length] as Replica;
  }
}
