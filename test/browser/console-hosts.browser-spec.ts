import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { BUILT_PAGE } from '../../src/console/built-page.js';
import { TasksConsoleModule } from '../../src/console/index.js';
import { startChromium } from '../support/chromium.js';
import { ConsolePage } from '../support/console-page.js';
import { type HostRequest, type LibraryHost, startHost } from '../support/library/library-host.js';

/** A host's guard: `tenant/name` in a header of its own, or in what browsers ask people for. */
@Injectable()
class UserGuard implements CanActivate {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const request = http.getRequest<HostRequest & { headers: Record<string, string | undefined> }>();
    const { authorization, 'x-user': given } = request.headers;
    const [basic = ''] = Buffer.from(authorization?.replace(/^Basic /, '') ?? '', 'base64')
      .toString()
      .split(':', 1);
    const [tenant, name] = (given ?? basic).split('/');
    if (!tenant || !name) {
      if (given === undefined)
        this.adapterHost.httpAdapter.setHeader(http.getResponse(), 'WWW-Authenticate', 'Basic realm="shop"');
      throw new UnauthorizedException('Who are you?');
    }
    request.user = { tenant, name };
    return true;
  }
}

/** Puts the page that is built in the place of the one that stands for it; gives what puts that back. */
function useBuiltPage(): () => void {
  const file = join(import.meta.dirname, '..', '..', 'dist', 'console', 'built-page.js');
  const text = readFileSync(file, 'utf8');
  const built = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as typeof BUILT_PAGE;
  const page = BUILT_PAGE as Record<string, string>;
  const before = { ...page };
  Object.assign(page, built);
  return () => {
    for (const name of Object.keys(built)) delete page[name];
    Object.assign(page, before);
  };
}

const LINKS = { order: 'https://shop.example/orders/{id}' };

describe.each(['express', 'fastify'] as const)('the console of a host on %s', (platform) => {
  let host: LibraryHost;
  let browser: Browser;
  let putBack: () => void;
  beforeAll(async () => {
    putBack = useBuiltPage();
    host = await startHost({
      platform,
      controller: { path: 'tasks', decorators: [UseGuards(UserGuard)] },
      imports: [
        TasksConsoleModule.forRoot({ token: { header: 'X-User' }, links: LINKS }),
        TasksConsoleModule.forRoot({ path: 'staff/console', decorators: [UseGuards(UserGuard)] }),
      ],
    });
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.close();
    putBack();
  });

  const order = (tag: string, user: string) =>
    host.client.post('/orders', { item: 'ink' }, { tag, token: null, headers: { 'X-User': user } });

  it('shows what the tasks controller shows, to whom it shows it', async () => {
    await order('order 1', 'shop/ann');
    await order('order 1', 'shop/ann');
    await order('order 2', 'other/bob');
    const console = await ConsolePage.open(browser, `${host.client.url}/console`);
    await console.signInByToken('shop/ann');
    await console.search('order');
    await console.link('order order 1').click();
    await console.shows('Accepted, and it ended well.');
    await console.shows('Sent again');
    const link = console.page.locator('dd a[href^="https://shop.example/orders/"]');
    expect(await link.getAttribute('href')).toMatch(/\/orders\/\d+$/);
    expect(await console.button('Look now').count()).toBe(0);
    await console.link('← All tasks').click();
    await console.link('order order 1').waitFor();
    expect(await console.rows.count()).toBe(1);
    expect(console.problems).toEqual([]);
    await console.close();
  });

  it('refuses a wrong token, and says what the host says', async () => {
    const console = await ConsolePage.open(browser, `${host.client.url}/console`);
    await console.page.getByLabel('Token', { exact: true }).fill('nobody');
    await console.button('Sign in').click();
    await console.shows('Who are you?');
    await console.close();
  });

  it('may be behind the host’s guards, and its users are then those of the browser', async () => {
    await order('order 3', 'staff/eve');
    const refused = await host.client.get('/staff/console', { token: null });
    expect(refused.status).toBe(401);
    for (const file of ['app.js', 'settings.json'])
      expect((await host.client.get(`/staff/console/${file}`, { token: null })).status).toBe(401);

    const username = 'staff/eve';
    const console = await ConsolePage.open(browser, `${host.client.url}/staff/console`, { username });
    await console.link('order order 3').click();
    await console.shows('Accepted, and it ended well.');
    expect(await console.button('Sign out').count()).toBe(0);
    expect(console.problems).toEqual([]);
    await console.close();
  });
});
