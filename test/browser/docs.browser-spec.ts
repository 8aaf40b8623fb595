import type { Browser, Locator, Page } from 'playwright-core';
import { startChromium } from '../support/chromium.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { ServerProcess } from '../support/server/server-process.js';

describe('Swagger UI at /docs', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let browser: Browser;
  let page: Page;
  /** What went wrong on the page, and requests that left the server. */
  const complaints: string[] = [];

  beforeAll(async () => {
    database = await createDatabase();
    server = await ServerProcess.start({ DATABASE_URL: database.url, EMBEDDED_TASK_MS: '50' });
    browser = await startChromium();
    page = await browser.newPage();
    page.on('pageerror', ({ message }) => complaints.push(message));
    await page.route('**/*', async (route) => {
      const url = route.request().url();
      if (url.startsWith(`${server.client.url}/`)) return route.continue();
      complaints.push(`The page asked for ${url}`);
      await route.abort();
    });
    await page.goto(`${server.client.url}/docs`);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await database.drop();
  });

  it('shows the create first, and needs no sign-in', async () => {
    const first = page.locator('.opblock').first();
    await first.waitFor();
    expect(await first.locator('.opblock-summary').innerText()).toMatch(/POST\s+\/v3\/servers\s/);
    expect(await page.locator('.btn.authorize').getAttribute('class')).toContain('locked');
  });

  it('takes a tagged create, shows the tag in the answer, and refuses the same again', async () => {
    const create = await open('POST', '/v3/servers');
    await create.locator('tr[data-param-name="Task-tag"] input').fill('from the page');
    expect(await execute(create)).toBe('202');
    expect(await answer(create)).toContain('task-tag: from the page');

    expect(await execute(create)).toBe('409');
    expect(await answer(create)).toContain('That request is already accepted');
  });

  it('finds the task by the tag', async () => {
    const tasks = await open('GET', '/v3/servers/{key}/tasks');
    await tasks.locator('tr[data-param-name="key"] input').fill('from the page');
    expect(await execute(tasks)).toBe('200');
    const shown = await answer(tasks);
    expect(shown).toContain('"task": "create"');
    expect(shown).toContain('"tag": "from the page"');
  });

  it('finds the server by the tag', async () => {
    const show = await open('GET', '/v3/servers/{id}');
    await show.locator('tr[data-param-name="id"] input').fill('from the page');
    expect(await execute(show)).toBe('200');
    expect(await answer(show)).toContain('"name": "vm1"');
  });

  it('asked nothing of another host, and met no error', () => {
    expect(complaints).toEqual([]);
  });

  async function open(method: string, path: string): Promise<Locator> {
    const operation = page
      .locator(`.opblock-${method.toLowerCase()}`)
      .filter({ has: page.locator(`.opblock-summary-path[data-path="${path}"]`) });
    await operation.locator('.opblock-summary-control').click();
    await operation.locator('.execute').waitFor();
    return operation;
  }

  /** Presses Execute; gives the status of the answer, which is not the one of the answer before. */
  async function execute(operation: Locator): Promise<string> {
    const answered = page.waitForResponse((response) => response.url().includes('/v3/'));
    await operation.locator('.execute').click();
    const status = String((await answered).status());
    const shown = operation.locator('.live-responses-table .response-col_status', { hasText: status });
    await shown.waitFor();
    return status;
  }

  function answer(operation: Locator): Promise<string> {
    return operation.locator('.live-responses-table').innerText();
  }
});
