import type { Client } from '../network/http.js';
import { until } from '../until.js';
import type { Account } from './heat.js';

/** The user's side of Heat: stacks of servers, by heat-api. */
export class Stacks {
  constructor(
    private readonly heat: Client,
    private readonly account: Account,
  ) {}

  /** Makes a stack and waits for its end; gives its status, such as `CREATE_COMPLETE`. */
  async create(name: string, resources: object): Promise<string> {
    await this.begin(name, resources);
    return this.untilEnded(name, 'CREATE');
  }

  /** Asks for a stack, and does not wait. */
  async begin(name: string, resources: object): Promise<void> {
    await this.send('POST', '', { stack_name: name, template: template(resources), timeout_mins: 5 });
  }

  async update(name: string, resources: object): Promise<string> {
    await this.send('PUT', await this.path(name), { template: template(resources), timeout_mins: 5 });
    return this.untilEnded(name, 'UPDATE');
  }

  async suspend(name: string): Promise<string> {
    await this.send('POST', `${await this.path(name)}/actions`, { suspend: null });
    return this.untilEnded(name, 'SUSPEND');
  }

  async resume(name: string): Promise<string> {
    await this.send('POST', `${await this.path(name)}/actions`, { resume: null });
    return this.untilEnded(name, 'RESUME');
  }

  async delete(name: string): Promise<string> {
    return this.deleteAt(await this.path(name));
  }

  /** Deletes all that are there, whatever state they are in. */
  async deleteAll(): Promise<void> {
    const { json } = await this.call('GET', '');
    for (const { stack_name, id } of json.stacks) await this.deleteAt(`/${stack_name}/${id}`);
  }

  /** The resources of a stack, with those of the stacks in it. */
  async resources(name: string): Promise<any[]> {
    const { json } = await this.call('GET', `${await this.path(name)}/resources?nested_depth=2`);
    return json.resources;
  }

  private async deleteAt(path: string): Promise<string> {
    const { status, text } = await this.call('DELETE', path);
    // The list may still have one that has just gone.
    if (status === 404) return 'DELETE_COMPLETE';
    if (status >= 300) throw new Error(`DELETE of a stack: ${status} ${text}`);
    return this.untilEnded(path.slice(1), 'DELETE');
  }

  /** The status that an action of a stack has ended with, such as `CREATE_FAILED`. */
  private async untilEnded(nameOrPath: string, action: string): Promise<string> {
    return until(
      `${action} of ${nameOrPath} to end`,
      async () => {
        const { json, status } = await this.call('GET', `/${nameOrPath}`);
        if (status === 404 && action === 'DELETE') return 'DELETE_COMPLETE';
        const is = json?.stack?.stack_status as string | undefined;
        if (is === undefined) return false;
        if (is.endsWith('_FAILED')) return `${is}: ${json.stack.stack_status_reason}`;
        return is === `${action}_COMPLETE` && is;
      },
      120_000,
    );
  }

  /** heat-api takes `{name}` for reading only; anything else needs `{name}/{id}`. */
  private async path(name: string): Promise<string> {
    const { json } = await this.call('GET', `/${name}`);
    return `/${name}/${json.stack.id}`;
  }

  private async send(method: string, path: string, body?: object): Promise<void> {
    const { status, text } = await this.call(method, path, body);
    if (status >= 300) throw new Error(`${method} of a stack: ${status} ${text}`);
  }

  /** A name alone is answered with a redirection to the name and the id. */
  private async call(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; text: string; json: any }> {
    const call = { token: this.account.token, ...(body !== undefined && { body }) };
    const answer = await this.heat.call(method, `/v1/${this.account.project}/stacks${path}`, call);
    if (answer.status !== 302) return answer;
    const { pathname } = new URL(answer.headers['location'] as string);
    return this.heat.call(method, pathname, call);
  }
}

function template(resources: object) {
  return { heat_template_version: '2018-08-31', resources };
}
