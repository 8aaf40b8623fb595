import type Database from 'better-sqlite3';
import { DataSource } from 'typeorm';
import { openOwn } from '../own-connections/own-connections.js';

describe('a data source of its own over SQLite’s one connection', () => {
  it.each([0, 1])('leaves foreign keys as the host has set them: %d', async (setting) => {
    const host = await new DataSource({ type: 'better-sqlite3', database: ':memory:' }).initialize();
    const { databaseConnection } = host.driver as unknown as { databaseConnection: Database.Database };
    databaseConnection.pragma(`foreign_keys = ${setting}`);
    await openOwn(host, { entities: [], connections: 1 });
    expect(databaseConnection.pragma('foreign_keys', { simple: true })).toBe(setting);
    await host.destroy();
  });
});
