import type { Answer, Call, Client } from '../network/http.js';
import type { SignIn } from '../server/identity.js';
import { until } from '../until.js';
import type { Lab } from './gateway.js';

let users = 0;

/** A user of a test's own in the project alpha: what others do there meanwhile is not mixed up with what it does. */
export class LabUser {
  private constructor(
    private readonly lab: Lab,
    private readonly id: string,
    /** How it signs in. */
    readonly signIn: SignIn,
  ) {}

  /** @param project where it is; alpha without */
  static async in(lab: Lab, project?: { id: string; name: string }): Promise<LabUser> {
    const admin = await lab.token(ADMIN);
    const { id: projectId, name: projectName } =
      project ?? ((await lab.identity.show(await lab.token())).project as { id: string; name: string });
    const name = `tasktag-test-${process.pid}-${Date.now()}-${(users += 1)}`;
    const user = { name, password: name, domain_id: 'default' };
    const { json } = await lab.identity.call('POST', '/users', admin, { body: { user } });
    const { json: found } = await lab.identity.call('GET', '/roles?name=member', admin);
    const role = `/projects/${projectId}/users/${json.user.id}/roles/${found.roles[0].id}`;
    await lab.identity.call('PUT', role, admin);
    return new LabUser(lab, json.user.id as string, { user: name, project: projectName });
  }

  call(more: Call = {}): Promise<Call> {
    return this.lab.call(more, this.signIn);
  }

  /** Its servers, also those that no test knows of. */
  async servers(query = ''): Promise<any[]> {
    const call = await this.lab.call({}, ADMIN);
    const path = `/v2.1/servers/detail?all_tenants=1&user_id=${this.id}${query}`;
    return (await this.lab.nova.get(path, call)).json.servers;
  }

  /** Its servers of one create, by their common name, in order. */
  async named(name: string): Promise<any[]> {
    const servers = await this.servers(`&name=${encodeURIComponent(`^${name}(-[0-9]+)?$`)}`);
    return servers.sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** An ACTIVE server, made without the gateway. */
  async activeServer(more: object = {}): Promise<string> {
    const body = await this.lab.newServer(more);
    const id = this.lab.keep(await this.lab.nova.post('/v2.1/servers', body, await this.call()));
    await this.lab.untilStatus(id, 'ACTIVE');
    return id;
  }

  /** A task as a gateway shows it. */
  async task(client: Client, uuid: string): Promise<any> {
    const { json } = await client.get(`/v3/tasks/${uuid}`, await this.call());
    return json?.task;
  }

  untilState(client: Client, uuid: string, states: string[], timeoutMs = 30_000): Promise<any> {
    return until(
      `task ${uuid} to be ${states.join(' or ')}`,
      async () => {
        const task = await this.task(client, uuid);
        return states.includes(task?.state as string) && task;
      },
      timeoutMs,
    );
  }

  untilEnded(client: Client, uuid: string, timeoutMs = 30_000): Promise<any> {
    return this.untilState(client, uuid, ['success', 'failure'], timeoutMs);
  }

  /** Removes the user with all of its servers. */
  async remove(): Promise<void> {
    const call = await this.lab.call({}, ADMIN);
    for (const { id } of await this.servers()) await this.lab.nova.delete(`/v2.1/servers/${id}`, call);
    await this.lab.identity.call('DELETE', `/users/${this.id}`, call.token as string);
  }
}

const ADMIN = { user: 'admin', project: 'admin' };

/** The task that a 504 of the gateway's own sends its client to. */
export function taskToAsk(answer: Answer): string {
  const uuid = /\/v3\/tasks\/([0-9a-f-]{36})/.exec(answer.text)?.[1];
  if (uuid === undefined) throw new Error(`No task is named: ${answer.status} ${answer.text}`);
  return uuid;
}
