import { until } from '../../../test/support/until.js';
import { Withdrawals, type WithdrawalsOptions } from './withdrawals.js';

/** A table of open tasks whose database may be down. */
class Table {
  readonly open = new Set<string>();
  readonly rejected: string[] = [];
  looks = 0;
  isDown = false;

  withdrawals(options: Partial<WithdrawalsOptions> = {}): Withdrawals {
    return new Withdrawals({
      find: (uuids) => {
        this.looks += 1;
        return this.isDown
          ? Promise.reject(new Error('down'))
          : Promise.resolve(uuids.filter((uuid) => this.open.has(uuid)));
      },
      reject: (uuid) => Promise.resolve(this.open.delete(uuid) && this.rejected.push(uuid)),
      pauseMs: 1,
      ...options,
    });
  }

  looked(times: number): Promise<unknown> {
    const before = this.looks;
    return until(`${times} looks`, () => this.looks >= before + times);
  }
}

describe('requests that are withdrawn', () => {
  it('are rejected when their task is there, comes later, or is seen again after the database was down', async () => {
    const table = new Table();
    const withdrawals = table.withdrawals();
    table.open.add('there').add("somebody else's");
    for (const uuid of ['there', 'later', 'never']) withdrawals.add(uuid);
    await until('the first', () => table.rejected.includes('there'));
    table.isDown = true;
    await table.looked(3);
    table.open.add('later');
    await table.looked(3);
    expect(table.rejected).toEqual(['there']);
    table.isDown = false;
    await until('the second', () => table.rejected.includes('later'));
    await withdrawals.stop();
    expect([...table.open]).toEqual(["somebody else's"]);
  });

  it('are forgotten once they cannot come any more, and only then', async () => {
    const table = new Table();
    const withdrawals = table.withdrawals({ certainMs: 30 });
    table.isDown = true;
    withdrawals.add('never');
    const start = performance.now();
    await until('a while', () => performance.now() - start > 60);
    const looks = table.looks;
    table.isDown = false;
    await table.looked(2);
    expect(table.looks).toBeGreaterThan(looks);
    // Ends by itself, and begins again when there is something to look for.
    await until('the end', () => withdrawals['wanted'].size === 0);
    table.open.add('next');
    withdrawals.add('next');
    await until('the next one', () => table.rejected.includes('next'));
  });

  it('take no more room than they may', async () => {
    const table = new Table();
    const withdrawals = table.withdrawals({ most: 10 });
    table.isDown = true;
    for (let n = 0; n < 30; n += 1) withdrawals.add(`uuid-${n}`);
    for (let n = 0; n < 30; n += 1) table.open.add(`uuid-${n}`);
    table.isDown = false;
    await until('those that are left', () => table.rejected.length === 10);
    expect(table.rejected[0]).toBe('uuid-20');
    await withdrawals.stop();
  });

  it('are looked for once more when the application stops', async () => {
    const table = new Table();
    const withdrawals = table.withdrawals({ pauseMs: 3_600_000 });
    withdrawals.add('late');
    await until('the first look', () => table.looks > 0);
    table.open.add('late');
    await withdrawals.stop();
    expect(table.rejected).toEqual(['late']);
  });
});
