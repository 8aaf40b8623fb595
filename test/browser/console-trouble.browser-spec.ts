import axe, { type AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { startChromium } from '../support/chromium.js';
import { ConsolePage } from '../support/console-page.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { IdentityClient } from '../support/server/identity.js';
import { ServerProcess } from '../support/server/server-process.js';
import { createServer, newServer } from '../support/server/servers.js';
import { type WrittenTask, writeTasks } from '../support/server/written-tasks.js';

/** Markup that does nothing, and would be seen if it were taken for markup. */
const MARKUP = '<b class="marked">bold</b><img src="x" alt="marked"><svg></svg>';

describe('the console, whatever happens', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let browser: Browser;
  let url: string;

  const start = (port = '0') =>
    ServerProcess.start({
      DATABASE_URL: database.url,
      EMBEDDED_TASK_MS: '50',
      PORT: port,
      CONSOLE: 'full',
    });

  beforeAll(async () => {
    database = await createDatabase();
    server = await start();
    url = `${server.client.url}/console`;
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await database?.drop();
  });

  const open = (token: string, hash = '') => ConsolePage.signedIn(browser, url, token, { hash });

  it('keeps what it shows while the server is away, and goes on by itself', async () => {
    await createServer(server.client, {}, { token: 'alice:away', tag: 'before' });
    const console = await open('alice:away');
    await console.link('create before').waitFor();
    await server.kill();
    await console.shows(/The server does not answer/);
    expect(await console.link('create before').count()).toBe(1);

    server = await start(String(server.port));
    await createServer(server.client, {}, { token: 'alice:away', tag: 'after' });
    await console.link('create after').waitFor();
    await console.page.getByText(/The server does not answer/).waitFor({ state: 'detached' });
    expect(console.problems).toEqual([]);
    await console.close();
  });

  it('asks people to sign in again when their token has expired, and shows the same view', async () => {
    const identity = new IdentityClient(`${server.client.url}/identity/v3`);
    const token = await identity.token({ user: 'alice', project: 'expired' });
    await createServer(server.client, {}, { token, tag: 'mine' });
    const console = await open(token);
    await console.link('create mine').click();
    await console.heading('Timeline').waitFor();
    await identity.revoke(token);
    identity.close();
    await console.shows('Your sign-in has ended.');
    await console.signInByPassword('alice', 'any', 'expired');
    await console.heading('create mine').waitFor();

    await console.button('Sign out').click();
    await console.heading('Sign in').waitFor();
    expect(await console.page.evaluate(() => sessionStorage.length + localStorage.length)).toBe(0);
    await console.page.reload();
    await console.heading('Sign in').waitFor();
    await console.close();
  });

  it('asks nothing while nobody sees it, nor when people have stopped it', async () => {
    const console = await open('alice:seen');
    const { page } = console;
    await page.clock.install();
    await page.reload();
    await console.shows('No request has been recorded yet.');
    let questions = 0;
    page.on('request', (request) => (questions += Number(request.url().includes('/v3/'))));
    await console.button('Live').click();
    await createServer(server.client, {}, { token: 'alice:seen', tag: 'new' });
    await page.clock.fastForward('01:00');
    expect(questions).toBe(0);

    await page.evaluate(() =>
      Object.defineProperty(document, 'hidden', { get: () => true, configurable: true }),
    );
    await console.button('Live').click();
    await page.clock.fastForward('01:00');
    expect(questions).toBe(0);
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { get: () => false });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await console.link('create new').waitFor();
    await console.close();
  });

  it('shows markup in tags, users, faults and reasons as text', async () => {
    const tag = `${MARKUP} tag`;
    const state = 'failure' as const;
    writeTasks(database, [
      { tag, state, projectId: 'markup', userId: '<i>user</i>', faultMessage: `${MARKUP} fault` },
    ]);
    await server.client.post('/v3/servers', newServer({ name: '', imageRef: MARKUP }), {
      token: 'alice:markup',
      tag: 'second',
    });
    await server.client.post(
      '/v3/tasks/action',
      { abandon: { tag: 'given up', reason: MARKUP } },
      { token: 'alice:markup' },
    );
    const console = await open('alice:markup', `#/tasks?q=${encodeURIComponent('<b class')}`);
    await console.rows.first().waitFor();
    expect(await console.rows.first().innerText()).toContain(`${MARKUP} tag`);
    expect(await console.rows.first().innerText()).toContain('<i>user</i>');
    await console.link(/create <b/).click();
    await console.heading(`create ${tag}`).waitFor();
    await console.shows(`${MARKUP} fault`);
    await console.page.goto(`${url}#/tasks?q=given`);
    await console.link('abandon given up').click();
    await console.shows(MARKUP);
    await console.page.goto(`${url}#/tasks?q=${encodeURIComponent(MARKUP)}none`);
    await console.shows(/No task begins with/);
    expect(await console.page.locator('.marked, main i, main svg, main img').count()).toBe(0);
    expect(console.problems).toEqual([]);
    await console.close();
  });

  it('pages through 100,000 tasks, and finds one of them', async () => {
    const tasks = function* (): Generator<WrittenTask> {
      for (let n = 0; n < 100_000; n += 1) yield { tag: `order ${n}`, projectId: 'many' };
    };
    writeTasks(database, tasks());
    const console = await open('alice:many');
    await console.link('create order 99999').waitFor();
    expect(await console.rows.count()).toBe(50);
    await console.link(/^success 1,000\+$/).waitFor();
    for (const [from, to] of [
      [99_949, 99_900],
      [99_899, 99_850],
    ]) {
      await console.link('Older').click();
      await console.link(`create order ${from}`).waitFor();
      await console.link(`create order ${to}`).waitFor();
    }
    await console.page.goBack();
    await console.link('create order 99949').waitFor();
    await console.link('Newest').click();
    await console.link('create order 99999').waitFor();

    await console.search('order 4711');
    await console.link(/^create order 4711$/).waitFor();
    // 4711, 47110 to 47119.
    expect(await console.rows.count()).toBe(11);
    await console.close();
  });

  it('says that a search has not come to its end, and finds the whole tag all the same', async () => {
    const tasks = function* (): Generator<WrittenTask> {
      yield { tag: 'web', projectId: 'crowd' };
      for (let n = 0; n < 10_000; n += 1) yield { tag: `web ${n}`, projectId: 'crowd' };
      for (let n = 0; n < 3000; n += 1) yield { tag: `db ${n}`, projectId: 'crowd' };
    };
    writeTasks(database, tasks());
    const console = await open('alice:crowd');
    await console.search('web');
    await console.shows('Whose whole tag is “web”');
    expect(await console.page.getByText('may be sent again').count()).toBe(0);
    await console.link(/^create web$/).waitFor();
    expect(await console.rows.count()).toBe(1);

    await console.link('Look through older ones').click();
    await console.link('create web 9999').waitFor();
    await console.close();
  });

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each([1280, 360])('has no serious finding of axe, %d pixels wide', async (width) => {
      const token = 'admin:axe';
      await createServer(server.client, {}, { token, tag: `fine ${colorScheme} ${width}` });
      const [uuid] = writeTasks(database, [
        { tag: 'lost', state: 'unknown', projectId: 'axe', userId: 'admin' },
        {
          tag: 'lost',
          state: 'failure',
          projectId: 'axe',
          userId: 'admin',
          faultMessage: 'No host was found.',
        },
        { tag: 'pending', state: 'pending', projectId: 'axe', userId: 'admin' },
        { tag: 'under way', state: 'processing', projectId: 'axe', userId: 'admin' },
      ]);
      const console = await ConsolePage.open(browser, url, { colorScheme, width });
      await console.heading('Sign in').waitFor();
      expect(await findings(console)).toEqual([]);
      await console.signInByToken(token);
      await console.rows.nth(4).waitFor();
      expect(await findings(console)).toEqual([]);
      // Nothing is wider than the screen.
      expect(await console.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);

      await console.page.goto(`${url}#/tasks/${uuid}`);
      await console.heading('Why is it open?').waitFor();
      expect(await console.page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
      expect(await findings(console)).toEqual([]);
      await console.button('Resolve').click();
      await console.page.getByRole('dialog').waitFor();
      expect(await findings(console)).toEqual([]);
      await console.page.keyboard.press('Escape');
      expect(await console.page.evaluate(() => document.activeElement?.textContent)).toBe('Resolve');
      expect(await console.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await console.close();
    });
  });
});

/** What axe finds that is serious, as `rule: element`. The driver brings axe along; the page could not load it. */
async function findings({ page }: ConsolePage): Promise<string[]> {
  await page.evaluate(`${axe.source};0`);
  return page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }
    ).axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}
