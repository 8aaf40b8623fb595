import { Client } from '../network/http.js';

/** What a client shows to get a token; see `POST /v3/auth/tokens` of Keystone. */
export interface SignIn {
  user: string;
  /** @default the name of the user */
  password?: string;
  /** `null` for a token without a project. */
  project: string | null;
}

/** A Keystone to get tokens from, at the URL of its API. */
export class IdentityClient {
  private readonly client: Client;

  constructor(readonly url: string) {
    this.client = new Client(url);
  }

  /** Gets a token by a password. */
  token({ user, password = user, project }: SignIn): Promise<string> {
    const domain = { id: 'default' };
    return this.authenticate({
      identity: { methods: ['password'], password: { user: { name: user, domain, password } } },
      scope: project === null ? 'unscoped' : { project: { name: project, domain } },
    });
  }

  /** Gets a token by whatever may be shown for one. */
  async authenticate(auth: object): Promise<string> {
    const answer = await this.call('POST', '/auth/tokens', null, { body: { auth } });
    return answer.headers['x-subject-token'] as string;
  }

  async revoke(token: string): Promise<void> {
    await this.call('DELETE', '/auth/tokens', token, { headers: { 'X-Subject-Token': token } });
  }

  /** What Keystone says of a token to its owner. */
  async show(token: string): Promise<any> {
    const answer = await this.call('GET', '/auth/tokens', token, { headers: { 'X-Subject-Token': token } });
    return answer.json.token;
  }

  /** @throws Error on an answer that is not 2xx */
  async call(
    method: string,
    path: string,
    token: string | null,
    more: { body?: object; headers?: Record<string, string> } = {},
  ) {
    const answer = await this.client.call(method, new URL(this.url).pathname + path, { token, ...more });
    if (answer.status < 200 || answer.status > 299)
      throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer;
  }

  close(): void {
    this.client.close();
  }
}
