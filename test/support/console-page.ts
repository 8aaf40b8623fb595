import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

/** How a user's browser is set up. */
export interface Looks {
  colorScheme?: 'light' | 'dark';
  width?: number;
  /** Whom the browser names when a page asks for it, by HTTP authentication. */
  username?: string;
}

/** The console in a browser of its own, as one user has it. */
export class ConsolePage {
  /** What went wrong on the page: errors, what its policy forbade, and requests to other hosts. */
  readonly problems: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  /** Opens it at an address; `url` is the console's own. */
  static async open(
    browser: Browser,
    url: string,
    { hash = '', colorScheme = 'light', width = 1280, username }: Looks & { hash?: string } = {},
  ): Promise<ConsolePage> {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
      ...(username !== undefined && { httpCredentials: { username, password: 'any' } }),
    });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    const console = new ConsolePage(context, page);
    page.on('pageerror', ({ message }) => console.problems.push(message));
    page.on('console', (message) => {
      if (/content security policy|trustedhtml/i.test(message.text())) console.problems.push(message.text());
    });
    const { origin } = new URL(url);
    page.on('request', (request) => {
      if (!/^(blob|data):/.test(request.url()) && new URL(request.url()).origin !== origin)
        console.problems.push(`The page asked for ${request.url()}`);
    });
    await page.goto(url + hash);
    return console;
  }

  /** Opens it, and signs in with a token such as `alice:demo`. */
  static async signedIn(
    browser: Browser,
    url: string,
    token: string,
    more: Looks & { hash?: string } = {},
  ): Promise<ConsolePage> {
    const console = await ConsolePage.open(browser, url, more);
    await console.signInByToken(token);
    return console;
  }

  async signInByToken(token: string): Promise<void> {
    await this.heading('Sign in').waitFor();
    if (await this.button('Token').isVisible()) await this.button('Token').click();
    await this.page.getByLabel('Token', { exact: true }).fill(token);
    await this.button('Sign in').click();
    await this.heading('Sign in').waitFor({ state: 'detached' });
  }

  async signInByPassword(user: string, password: string, project: string): Promise<void> {
    await this.page.getByLabel('User', { exact: true }).fill(user);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByLabel('Project', { exact: true }).fill(project);
    await this.button('Sign in').click();
    await this.heading('Sign in').waitFor({ state: 'detached' });
  }

  /** Types into the search box, without pressing Enter, until the page searches for it. */
  async search(text: string): Promise<void> {
    await this.page.getByRole('searchbox').fill(text);
    await this.page.waitForURL((url) => new URLSearchParams(url.hash.split('?')[1]).get('q') === text);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  link(name: string | RegExp): Locator {
    return this.page.getByRole('link', { name });
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { name });
  }

  /** Waits until a text is shown. */
  async shows(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** The rows of the list. */
  get rows(): Locator {
    return this.page.locator('tbody tr');
  }

  /** The events of a task's timeline, as text. */
  async timeline(): Promise<string[]> {
    return this.page.locator('.timeline li b').allInnerTexts();
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
