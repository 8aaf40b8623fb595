import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { GroupedWrites } from './grouped-writes.js';
import { RecorderBusyError } from './recorder-busy.error.js';

interface Item {
  key: string;
  n: number;
}

/** A writer whose groups are answered when the test says so. */
class Writer {
  readonly groups: Item[][] = [];
  readonly open: {
    resolve: (results: PromiseSettledResult<number>[]) => void;
    reject: (e: unknown) => void;
  }[] = [];

  readonly write = (group: Item[]): Promise<PromiseSettledResult<number>[]> => {
    this.groups.push(group);
    return new Promise((resolve, reject) => this.open.push({ resolve, reject }));
  };

  /** Answers the group that is on its way. */
  async answer(): Promise<void> {
    const group = this.groups.at(-1) ?? [];
    this.open.at(-1)?.resolve(group.map(({ n }) => ({ status: 'fulfilled', value: n * 2 })));
    await this.rest();
  }

  /** Until all that can happen without an answer has happened. */
  async rest(): Promise<void> {
    await turn();
    await turn();
  }
}

const item = (n: number, key = String(n)): Item => ({ key, n });

function writes(writer: Pick<Writer, 'write'>, options: object = {}) {
  return new GroupedWrites<Item, number>({
    write: writer.write,
    keyOf: ({ key }) => key,
    maxGroup: 5,
    maxWaiting: 1000,
    limitMs: 10_000,
    ...options,
  });
}

describe('writes that come together', () => {
  it('a lone one goes at once, and those that come meanwhile go together after it', async () => {
    const writer = new Writer();
    const grouped = writes(writer);
    const first = grouped.write(item(1));
    await writer.rest();
    const others = [2, 3, 4].map((n) => grouped.write(item(n)));
    await writer.rest();
    expect(writer.groups).toEqual([[item(1)]]);
    await writer.answer();
    expect(await first).toBe(2);
    expect(writer.groups[1]).toEqual([item(2), item(3), item(4)]);
    await writer.answer();
    expect(await Promise.all(others)).toEqual([4, 6, 8]);
  });

  it('each gets its own result, in any order of arrivals, failures and equal keys; equal keys keep their order', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g') }) },
      { weight: 1, arbitrary: fc.constant('turn' as const) },
    );
    const fate = fc.constantFrom('well', 'well', 'well', 'one fails', 'all fail');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.array(fate), async (steps, fates) => {
        const written: Item[] = [];
        const failed = new Map<number, string>();
        let isUnderWay = false;
        const grouped = writes({
          write: async (group) => {
            expect(isUnderWay).toBe(false);
            expect(group.length).toBeGreaterThan(0);
            expect(group.length).toBeLessThanOrEqual(5);
            expect(new Set(group.map(({ key }) => key)).size).toBe(group.length);
            isUnderWay = true;
            await turn();
            isUnderWay = false;
            written.push(...group);
            const fateOfThis = fates.shift();
            if (fateOfThis === 'all fail') {
              for (const { n } of group) failed.set(n, 'all');
              throw new Error('all');
            }
            return group.map(({ n }, place) => {
              if (fateOfThis !== 'one fails' || place !== 0)
                return { status: 'fulfilled' as const, value: n * 2 };
              failed.set(n, 'one');
              return { status: 'rejected' as const, reason: new Error('one') };
            });
          },
        });
        const results: Promise<PromiseSettledResult<number>>[] = [];
        const given: Item[] = [];
        for (const one of steps) {
          if (one === 'turn') await turn();
          else {
            given.push(item(given.length, one.key));
            results.push(Promise.allSettled([grouped.write(given.at(-1) as Item)]).then(([r]) => r));
          }
        }
        await grouped.drain();
        const all = await Promise.all(results);
        all.forEach((result, n) => {
          if (result.status === 'fulfilled') expect([result.value, failed.has(n)]).toEqual([n * 2, false]);
          else expect((result.reason as Error).message).toBe(failed.get(n));
        });
        // Each once, and those with the same key in the order in which they were given.
        for (const key of new Set(given.map((one) => one.key))) {
          const ofKey = (items: Item[]) => items.filter((one) => one.key === key);
          expect(ofKey(written)).toEqual(ofKey(given));
        }
      }),
    );
  });

  it('past the bound they are refused with a time to try again, and take no room', async () => {
    const writer = new Writer();
    const grouped = writes(writer, { maxWaiting: 3 });
    const accepted = [1, 2, 3].map((n) => grouped.write(item(n)));
    const refused = await grouped.write(item(4)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RecorderBusyError);
    expect(refused).toMatchObject({ status: 503, retryAfter: 1 });
    await writer.rest();
    await writer.answer();
    expect(await Promise.all(accepted)).toEqual([2, 4, 6]);
    expect(writer.groups).toEqual([[item(1), item(2), item(3)]]);
  });

  it('a stop waits for those that are on their way and for those that wait', async () => {
    const writer = new Writer();
    const grouped = writes(writer, { maxGroup: 1 });
    void grouped.write(item(1));
    void grouped.write(item(2));
    let isDrained = false;
    const drained = grouped.drain().then(() => (isDrained = true));
    await writer.rest();
    await writer.answer();
    expect(isDrained).toBe(false);
    await writer.answer();
    await drained;
    expect(writer.groups).toEqual([[item(1)], [item(2)]]);
  });

  it('those that have waited too long are not written any more', async () => {
    let now = 0;
    const writer = new Writer();
    const grouped = writes(writer, { now: () => now });
    const first = grouped.write(item(1));
    await writer.rest();
    const late = grouped.write(item(2)).catch((error: unknown) => error);
    now = 10_001;
    const inTime = grouped.write(item(3));
    await writer.answer();
    expect(await first).toBe(2);
    expect(await late).toBeInstanceOf(RecorderBusyError);
    await writer.answer();
    expect(await inTime).toBe(6);
    expect(writer.groups).toEqual([[item(1)], [item(3)]]);
  });

  it('a group that hangs is given up and holds up no others; after four, none is sent until one ends', async () => {
    const writer = new Writer();
    const grouped = writes(writer, { limitMs: 5, now: () => 0 });
    const code = (n: number) => grouped.write(item(n)).catch((error: { code: string }) => error.code);
    for (const n of [1, 2, 3, 4]) expect(await code(n)).toBe('ETIMEDOUT');
    expect(writer.groups).toHaveLength(4);
    expect(await code(5)).toBe('RECORDER_BUSY');
    expect(writer.groups).toHaveLength(4);

    writer.open[0]?.reject(new Error('the connection is gone at last'));
    await writer.rest();
    expect(await code(6)).toBe('ETIMEDOUT');
    expect(writer.groups).toHaveLength(5);
  });

  it('one that cannot even be sent fails alone, and those after it are written', async () => {
    const grouped = writes({
      write: (group) => {
        if (group.some(({ n }) => n === 1)) throw new Error('cannot be sent');
        return Promise.resolve(group.map(({ n }) => ({ status: 'fulfilled', value: n * 2 })));
      },
    });
    await expect(grouped.write(item(1))).rejects.toThrow('cannot be sent');
    expect(await grouped.write(item(2))).toBe(4);
  });
});
