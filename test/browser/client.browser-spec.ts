import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { LossyProxy } from '../support/network/lossy-proxy.js';
import { ServerProcess } from '../support/server/server-process.js';
import { countServers } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';
import { startChromium } from '../support/chromium.js';

describe('the client kit on a page', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let network: LossyProxy;
  let example: ChildProcess;
  let browser: Browser;
  let url: string;
  /** Creates whose answer is still to be lost. */
  let losses = 0;

  beforeAll(async () => {
    database = await createDatabase();
    server = await ServerProcess.start({ DATABASE_URL: database.url, EMBEDDED_TASK_MS: '50' });
    network = await LossyProxy.to(server.client.url, ({ method }) =>
      method === 'POST' && losses-- > 0 ? 'cut after' : 'pass',
    );
    const file = join(import.meta.dirname, '..', '..', 'examples', 'browser.mjs');
    const env = { PATH: process.env['PATH'], PORT: '0', API_URL: network.url };
    example = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(example.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    url = line.toString().trim();
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    example.kill();
    await network.close();
    await server.stop();
    await database.drop();
  });

  it('finds the server whose answer was lost, by a tag of any characters', async () => {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', ({ message }) => problems.push(message));
    await page.goto(url);
    losses = 1;
    await page.getByRole('button').click();
    const output = page.locator('output');
    await output.filter({ hasText: 'success' }).waitFor();
    expect(await output.innerText()).toMatch(/^accepted: success [0-9a-f-]{36}$/);
    expect(problems).toEqual([]);

    await page.getByRole('button').click();
    await output.filter({ hasText: 'answered: success' }).waitFor();
    const tasks = await tasksOf(server.client);
    expect(tasks.map(({ tag }) => tag)).toEqual(Array(2).fill(expect.stringMatching(/^Bestellung №\d+$/)));
    expect(await countServers(server.client)).toBe(2);
  });
});
