import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { startChromium } from '../support/chromium.js';
import { ConsolePage } from '../support/console-page.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { LossyProxy } from '../support/network/lossy-proxy.js';
import { Client } from '../support/network/http.js';
import { ServerProcess } from '../support/server/server-process.js';
import { createServer, expectRefused, newServer } from '../support/server/servers.js';
import { writeTasks } from '../support/server/written-tasks.js';

const LINK = 'https://horizon.example/project/instances/{id}/';

describe('the console', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let browser: Browser;
  let url: string;
  const opened: ConsolePage[] = [];

  beforeAll(async () => {
    database = await createDatabase();
    server = await ServerProcess.start({
      DATABASE_URL: database.url,
      EMBEDDED_TASK_MS: '50',
      LOG_LEVEL: 'info',
      CONSOLE: 'full',
      CONSOLE_SERVER_LINK: LINK,
    });
    url = `${server.client.url}/console`;
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await database?.drop();
  });

  const open = async (token: string, hash = '') => {
    const console = await ConsolePage.signedIn(browser, url, token, { hash });
    opened.push(console);
    return console;
  };

  it('tells whose answer was lost how it ended, by search alone', async () => {
    const network = await LossyProxy.to(server.client.url, () => 'cut after');
    const client = new Client(network.url);
    const call = { token: 'alice:story', tag: 'order 4711' };
    await expect(client.post('/v3/servers', newServer(), call)).rejects.toThrow();
    client.close();
    await network.close();

    const console = await ConsolePage.open(browser, url);
    opened.push(console);
    await console.shows('In the simulated cloud: any name and any password, such as alice');
    await console.signInByPassword('alice', 'correct horse', 'story');
    await console.search('order 47');
    await console.link(/create order 4711/).click();
    await console.shows('Accepted, and it ended well.');
    expect(await console.timeline()).toEqual(['Recorded', 'Sent', 'Answered', 'Ended well']);
    const [id] = await console.page.locator('dd code').allInnerTexts();
    expect(await console.page.locator('dd a code').first().locator('..').getAttribute('href')).toBe(
      LINK.replace('{id}', id ?? ''),
    );

    // The client tries again, and the page that is open shows that.
    expectRefused(await server.client.post('/v3/servers', newServer(), call));
    await console.shows('Sent again');
    expect(server.output).not.toMatch(/correct horse|X-Subject-Token/i);
  });

  it('shows each tenant its own, and an administrator all of them', async () => {
    await createServer(server.client, {}, { token: 'alice:one', tag: 'of one' });
    await createServer(server.client, {}, { token: 'bob:two', tag: 'of two' });
    const [alice, bob] = [await open('alice:one'), await open('bob:two')];
    await alice.link('create of one').click();
    await alice.shows('Accepted, and it ended well.');
    await bob.shows('of two');
    expect(await bob.rows.count()).toBe(1);
    expect(await bob.page.getByLabel('All projects').count()).toBe(0);

    await bob.page.goto(alice.page.url());
    await bob.shows(/could not be found/);
    // Nor if the page is told to ask for all projects.
    await bob.page.goto(`${url}#/tasks?all=1`);
    await bob.shows(/Policy doesn't allow/);

    const admin = await open('admin:ops');
    await admin.page.getByLabel('All projects').check();
    await admin.search('of ');
    await admin.link('create of one').click();
    await admin.shows('Accepted, and it ended well.');
    expect(await admin.page.locator('dd').allInnerTexts()).toContain('one');
  });

  it('has its view in the address: for a reload, the way back, and another person', async () => {
    const token = 'alice:address';
    for (const tag of ['first', 'second']) await createServer(server.client, {}, { token, tag });
    await server.client.post('/v3/servers', newServer({ imageRef: 'x' }), { token, tag: 'third' });
    const console = await open(token);
    await console.rows.nth(2).waitFor();
    await console.link(/^failure/).click();
    await console.rows.nth(1).waitFor({ state: 'detached' });
    await console.page.getByLabel('When').selectOption('1h');
    await console.page.waitForURL(/within=1h/);
    await console.page.reload();
    await console.link('create third').waitFor();
    expect(await console.rows.count()).toBe(1);

    const other = await open(token, new URL(console.page.url()).hash);
    await other.link('create third').waitFor();
    expect(await other.rows.count()).toBe(1);

    await console.page.goBack();
    await console.page.goBack();
    await console.rows.nth(2).waitFor();
    await console.page.goForward();
    await console.rows.nth(1).waitFor({ state: 'detached' });
  });

  it('gives what it shows as curl, without the token, and as files', async () => {
    const token = 'alice:export';
    await createServer(server.client, {}, { token, tag: '=1+1,"x"' });
    const console = await open(token, '#/tasks?q=%3D1');
    await console.rows.first().waitFor();
    await console.button('Copy as curl').click();
    const command = await console.page.getByRole('dialog').getByRole('textbox').inputValue();
    expect(command).toBe(`curl -H "X-Auth-Token: $TOKEN" '${server.client.url}/v3/tasks?q=%3D1'`);
    await console.page.keyboard.press('Escape');

    const saved = async (name: string) => {
      const downloading = console.page.waitForEvent('download');
      await console.button(name).click();
      return readFile(await (await downloading).path(), 'utf8');
    };
    expect(await saved('Export CSV')).toContain(`,"'=1+1,""x""",server,`);
    expect(JSON.parse(await saved('Export JSON'))).toEqual([
      expect.objectContaining({ tag: '=1+1,"x"', state: 'success' }),
    ]);
  });

  it('has an open task looked at, and says why it is open', async () => {
    const nextLook = Date.now() + 3_600_000;
    const [uuid] = writeTasks(database, [{ tag: 'stuck', state: 'unknown', projectId: 'open', nextLook }]);
    const console = await open('alice:open', `#/tasks/${uuid}`);
    await console.heading('Why is it open?').waitFor();
    await console.button('Look now').click();
    await console.shows('It is being looked at.');
    // The simulated cloud has got no such request.
    await console.shows('Not accepted');
  });

  it('abandons a tag, and lets administrators resolve, each with a reason', async () => {
    const token = 'alice:decide';
    const user = await open(token, '#/tasks?q=given+up');
    await user.button('Abandon this tag').click();
    await user.page.getByLabel('The reason').fill('sent by mistake');
    await user.button('Abandon').click();
    await user.link('abandon given up').click();
    await user.shows(/The tag was given up/);
    await user.shows(/sent by mistake/);
    const late = await server.client.post('/v3/servers', newServer(), { token, tag: 'given up' });
    expect(late.status).toBe(410);

    const [uuid] = writeTasks(database, [{ tag: 'lost', state: 'unknown', projectId: 'decide' }]);
    await user.page.goto(`${url}#/tasks/${uuid}`);
    await user.heading('Why is it open?').waitFor();
    expect(await user.button('Resolve').count()).toBe(0);
    const admin = await open('admin:decide', `#/tasks/${uuid}`);
    await admin.button('Resolve').click();
    await admin.page.getByLabel('It was accepted, and ended well.').check();
    await admin.page.getByLabel('The reason').fill('I saw the server');
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click();
    await admin.shows('Ended by admin');
    await user.shows(/Accepted, and it ended well. A person has decided so./);
  });

  it('with CONSOLE=read offers no decisions, and with off there is none', async () => {
    const other = await createDatabase();
    const read = await ServerProcess.start({ DATABASE_URL: other.url });
    writeTasks(other, [{ tag: 'lost', state: 'unknown' }]);
    const console = await ConsolePage.signedIn(browser, `${read.client.url}/console`, 'admin:demo');
    await console.link('create lost').click();
    await console.button('Look now').waitFor();
    expect(await console.button('Resolve').count()).toBe(0);
    await console.close();
    await read.stop();

    const off = await ServerProcess.start({ DATABASE_URL: other.url, CONSOLE: 'off' });
    expect(off.output).not.toContain('/console');
    for (const path of ['', '/', '/app.js', '/settings.json', '/auth/tokens'])
      expect((await off.client.get(`/console${path}`)).status).toBe(404);
    await off.stop();
    await other.drop();
  });

  it('is small, and nothing was forbidden or asked of another host all along', async () => {
    const page = await server.client.get('/console', { token: null });
    const names = [...page.text.matchAll(/"\.\/console\/([\w.]+)"/g)].map(([, name]) => name);
    expect(names).toEqual(['icon.svg', 'style.css', 'app.js']);
    let size = gzipSync(page.text).length;
    for (const name of names) {
      const { status, text } = await server.client.get(`/console/${name}`, { token: null });
      expect(status).toBe(200);
      size += gzipSync(text).length;
    }
    expect(size).toBeLessThan(100_000);
    expect(opened.flatMap(({ problems }) => problems)).toEqual([]);
  });
});
