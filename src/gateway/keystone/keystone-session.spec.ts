import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../../../test/support/until.js';
import { KeystoneSession } from './keystone-session.js';
import { KeystoneUnavailable, OwnCredentialsRefused } from './keystone.errors.js';

const HOUR = 3_600_000;

/** As much of Keystone as a session sees, which can be told to misbehave. */
class SmallKeystone {
  logins = 0;
  questions: string[] = [];
  /** Tokens that are valid. */
  readonly valid = new Set<string>();
  loginStatus = 201;
  questionStatus = 200;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v3`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private answer({ method, headers }: IncomingMessage, response: ServerResponse): void {
    if (method === 'POST') return this.issue(response);
    const token = String(headers['x-auth-token']);
    this.questions.push(token);
    response.writeHead(this.valid.has(token) ? this.questionStatus : 401, {
      location: 'http://127.0.0.1:1/',
    });
    response.end('{}');
  }

  private issue(response: ServerResponse): void {
    this.logins++;
    const id = `own-${this.logins}`;
    this.valid.add(id);
    const issuedAt = new Date(0).toISOString();
    const token = { user: { id: 'u' }, issued_at: issuedAt, expires_at: new Date(HOUR).toISOString() };
    response.writeHead(this.loginStatus, { 'x-subject-token': id });
    response.end(JSON.stringify({ token }));
  }
}

describe('the session with Keystone', () => {
  let keystone: SmallKeystone;
  let session: KeystoneSession;
  let now: number;
  beforeEach(async () => {
    keystone = new SmallKeystone();
    now = 5 * HOUR;
    const account = { url: await keystone.start(), auth: { password: 'secret' }, description: 'the user me' };
    session = new KeystoneSession(account, () => now);
  });
  afterEach(() => keystone.stop());

  function ask() {
    return session.get('/auth/tokens', {});
  }

  it('gets one token for all who wait, and keeps it', async () => {
    await Promise.all([ask(), ask(), ask()]);
    await ask();
    expect(keystone.logins).toBe(1);
    expect(keystone.questions).toEqual(['own-1', 'own-1', 'own-1', 'own-1']);
  });

  it('renews the token before it ends', async () => {
    await ask();
    now += 0.9 * HOUR - 1;
    await ask();
    expect(keystone.logins).toBe(1);
    now += 1;
    await ask();
    await until('a new token', async () => (await session.token()) === 'own-2');
  });

  it('waits for nobody as long as its token is good', async () => {
    await ask();
    keystone.loginStatus = 503;
    now += 0.95 * HOUR;
    expect(await session.token()).toBe('own-1');
    now += 0.04 * HOUR;
    await expect(ask()).rejects.toThrow(KeystoneUnavailable);
    keystone.loginStatus = 201;
    now += 1000;
    await ask();
    expect(keystone.questions.at(-1)).not.toBe('own-1');
  });

  it('does not ask for a token for each request while Keystone gives none', async () => {
    keystone.loginStatus = 503;
    await expect(ask()).rejects.toThrow(KeystoneUnavailable);
    await expect(ask()).rejects.toThrow(KeystoneUnavailable);
    expect(keystone.logins).toBe(1);
  });

  it('renews a token that is refused, once for all, and asks again', async () => {
    await ask();
    keystone.valid.clear();
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(keystone.logins).toBe(2);
  });

  it('gives up when a new token is refused, too', async () => {
    keystone.questionStatus = 401;
    await expect(ask()).rejects.toThrow(KeystoneUnavailable);
    expect(keystone.questions).toHaveLength(2);
  });

  it('does not try refused credentials again and again', async () => {
    keystone.loginStatus = 401;
    await expect(ask()).rejects.toThrow(OwnCredentialsRefused);
    await expect(ask()).rejects.toThrow(OwnCredentialsRefused);
    expect(keystone.logins).toBe(1);
    keystone.loginStatus = 201;
    now += 30_000;
    expect(await ask()).toMatchObject({ status: 200 });
  });

  it.each([500, 503, 429])('takes %i for no answer', async (status) => {
    keystone.questionStatus = status;
    await expect(ask()).rejects.toThrow(KeystoneUnavailable);
  });

  it('does not follow a redirect', async () => {
    keystone.questionStatus = 302;
    expect(await ask()).toMatchObject({ status: 302 });
  });

  it.each([200, 404, 302])('takes %i for no token', async (status) => {
    keystone.loginStatus = status;
    await expect(ask()).rejects.toThrow(KeystoneUnavailable);
  });

  it('says why it failed, without the secret', async () => {
    keystone.stop();
    const error = await ask().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KeystoneUnavailable);
    expect((error as KeystoneUnavailable).reason).toMatch(/does not answer: ECONNREFUSED$/);
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('checks that Keystone answers', async () => {
    keystone.valid.add('undefined');
    await session.check();
    keystone.stop();
    await expect(session.check()).rejects.toThrow(KeystoneUnavailable);
  });
});
