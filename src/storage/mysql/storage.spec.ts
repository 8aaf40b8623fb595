import type { DataSource } from 'typeorm';
import { storageOf } from '../storage-of.js';

const DEADLOCK = Object.assign(new Error('deadlock'), { code: 'ER_LOCK_DEADLOCK', sqlState: '40001' });

/** A database that undoes the first transactions for the sake of others, and then changes some rows. */
function database(deadlocks: number, affected: number): { source: DataSource; tries: () => number } {
  let tries = 0;
  const answer = (sql: string, told: (error: Error | null, result?: object) => void) => {
    const isDeadlock = sql === 'UPDATE' && (tries += 1) <= deadlocks;
    told(isDeadlock ? DEADLOCK : null, { affectedRows: affected, serverStatus: 0 });
  };
  const connection = {
    query: (sql: string, _: unknown, told: Parameters<typeof answer>[1]) => answer(sql, told),
    release: () => undefined,
    destroy: () => undefined,
  };
  const driver = { obtainMasterConnection: () => Promise.resolve(connection) };
  const logger = { logQuery: () => undefined };
  return {
    source: { options: { type: 'mariadb' }, driver, logger } as unknown as DataSource,
    tries: () => tries,
  };
}

describe('statements that are committed all or not at all', () => {
  const statements = [{ sql: 'UPDATE', parameters: [], mustChange: 1 }];

  it('go again when they have lost a deadlock: that is no news of the rows', async () => {
    const { source, tries } = database(2, 1);
    expect(await storageOf(source).commit(statements)).toBe(true);
    expect(tries()).toBe(3);
  });

  it('do not go again when somebody was faster', async () => {
    const { source, tries } = database(0, 0);
    expect(await storageOf(source).commit(statements)).toBe(false);
    expect(tries()).toBe(1);
  });

  it('say so when they lose each time', async () => {
    await expect(storageOf(database(Infinity, 1).source).commit(statements)).rejects.toBe(DEADLOCK);
  });
});
