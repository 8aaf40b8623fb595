import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../../src/app.setup.js';
import { loadSettings } from '../../../src/config/load-settings.js';
import type { TestDatabase } from '../database/database.js';
import { keptDatabase } from '../database/kept-databases.js';
import { Client } from '../network/http.js';

/** A server in this process, on a database of its own. */
export interface TestApp {
  app: NestFastifyApplication;
  client: Client;
  database: TestDatabase;
  /** Stops the server and starts another one on the same database. */
  restart: (settings?: Record<string, string>) => Promise<void>;
  close: () => Promise<void>;
}

/** Operations are quick in tests, but not over before the answer is looked at. */
const DEFAULTS = { PORT: '0', EMBEDDED_TASK_MS: '50', LOG_LEVEL: 'silent' };

/** Starts a server; `settings` are environment variables. */
export async function startApp(settings: Record<string, string> = {}): Promise<TestApp> {
  const database = await keptDatabase('server');
  const test = { database, ...(await listen(database, settings)) } as TestApp;
  test.restart = async (others = settings) => {
    test.client.close();
    await test.app.close();
    Object.assign(test, await listen(database, others));
  };
  test.close = async () => {
    test.client.close();
    await test.app.close();
    await database.drop();
  };
  return test;
}

async function listen(database: TestDatabase, settings: Record<string, string>) {
  const app = await createApp(loadSettings({ ...DEFAULTS, DATABASE_URL: database.url, ...settings }));
  await app.listen(0, '127.0.0.1');
  return { app, client: new Client(await app.getUrl()) };
}
