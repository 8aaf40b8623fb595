import { type Answer, type Call, Client } from '../network/http.js';
import { startApp, type TestApp } from '../server/app.js';
import { IdentityClient, type SignIn } from '../server/identity.js';
import { until } from '../until.js';
import { LAB_KEYSTONE, LAB_NOTIFICATIONS, LAB_NOVA, LAB_SERVICE_TOKEN_ROLES, LAB_SETTINGS } from './lab.js';

const ADMIN: SignIn = { user: 'admin', project: 'admin' };

let queues = 0;

/** Settings of a gateway in front of the lab's Nova, with a queue of its own for notifications. */
export function gatewaySettings(more: Record<string, string> = {}): Record<string, string> {
  queues += 1;
  return {
    ...LAB_SETTINGS,
    COMPUTE: 'nova',
    NOVA_URL: LAB_NOVA,
    SERVICE_TOKEN_ROLES: LAB_SERVICE_TOKEN_ROLES,
    NOTIFICATIONS_URL: LAB_NOTIFICATIONS,
    NOTIFICATIONS_QUEUE: `tasktag-test-${process.pid}-${Date.now()}-${queues}`,
    ...more,
  };
}

/** What a test of the gateway works with. */
export class Lab {
  /** Nova itself, without the gateway. */
  readonly nova = new Client(LAB_NOVA, { keepAlive: false });
  readonly identity = new IdentityClient(LAB_KEYSTONE);
  private readonly servers = new Set<string>();
  private readonly flavors = new Set<string>();
  private readonly tokens = new Map<string, Promise<string>>();
  private image: Promise<string> | undefined;

  /** A token, the same one each time. */
  token(signIn: SignIn = { user: 'alice', project: 'alpha' }): Promise<string> {
    const key = JSON.stringify(signIn);
    const token = this.tokens.get(key) ?? this.identity.token(signIn);
    this.tokens.set(key, token);
    return token;
  }

  /** A call of a user's, alice's unless another one is named. */
  async call(more: Call = {}, signIn?: SignIn): Promise<Call> {
    return { token: await this.token(signIn), version: '2.60', ...more };
  }

  /** The body of a create: a server without networks, which is there in a second. */
  async newServer(more: object = {}): Promise<{ server: Record<string, unknown> }> {
    this.image ??= this.findImage();
    return {
      server: {
        name: `tasktag-test-${process.pid}`,
        imageRef: await this.image,
        flavorRef: await this.flavor('m1.nano'),
        networks: 'none',
        ...more,
      },
    };
  }

  /** The id of a flavor by its name. */
  async flavor(name: string): Promise<string> {
    const { json } = await this.nova.get('/v2.1/flavors', await this.call());
    return json.flavors.find((flavor: { name: string }) => flavor.name === name).id as string;
  }

  /** Has a server that an answer names removed in the end. */
  keep(answer: Answer): string {
    const id = answer.json?.server?.id as string;
    if (id === undefined) throw new Error(`No server was made: ${answer.status} ${answer.text}`);
    this.keepId(id);
    return id;
  }

  /** Has a server removed in the end. */
  keepId(id: string): void {
    this.servers.add(id);
  }

  /** A flavor that fits on no host. */
  async hugeFlavor(): Promise<string> {
    const flavor = { name: `huge-${process.pid}-${Math.random()}`, ram: 50_000_000, vcpus: 1, disk: 0 };
    const { json } = await this.nova.post('/v2.1/flavors', { flavor }, await this.call({}, ADMIN));
    this.flavors.add(json.flavor.id as string);
    return json.flavor.id as string;
  }

  /** An ACTIVE server, made without the gateway. */
  async activeServer(more: object = {}): Promise<string> {
    const id = this.keep(
      await this.nova.post('/v2.1/servers', await this.newServer(more), await this.call()),
    );
    await this.untilStatus(id, 'ACTIVE');
    return id;
  }

  /** What Nova says of a server. */
  async server(id: string, signIn?: SignIn): Promise<any> {
    const { json } = await this.nova.get(`/v2.1/servers/${id}`, await this.call({ version: '2.90' }, signIn));
    return json.server;
  }

  untilStatus(id: string, status: string, signIn?: SignIn): Promise<any> {
    return until(`${id} to be ${status}`, async () => {
      const server = await this.server(id, signIn);
      return server?.status === status && server['OS-EXT-STS:task_state'] === null && server;
    });
  }

  /** The servers of alice's project that have this name. */
  async named(name: string): Promise<{ id: string }[]> {
    const { json } = await this.nova.get(`/v2.1/servers?name=^${name}$`, await this.call());
    return json.servers;
  }

  async close(): Promise<void> {
    const call = await this.call({}, ADMIN);
    for (const id of this.servers) await this.nova.delete(`/v2.1/servers/${id}`, call);
    for (const id of this.flavors) await this.nova.delete(`/v2.1/flavors/${id}`, call);
    this.nova.close();
    this.identity.close();
  }

  private async findImage(): Promise<string> {
    const { json } = await this.nova.get('/v2.1/images', await this.call({ version: '2.1' }));
    return json.images.find((image: { name: string }) => image.name === 'tiny').id as string;
  }
}

/** A gateway in front of the lab's Nova, in this process. */
export function startGateway(more: Record<string, string> = {}): Promise<TestApp> {
  return startApp(gatewaySettings(more));
}

/** Waits until the newest task of a tag has ended, and gives it. */
export function untilTaskEnds(client: Client, tag: string, call: Call, timeoutMs = 30_000): Promise<any> {
  return until(
    `the end of ${tag}`,
    async () => {
      const { json } = await client.get(`/v3/tasks?tag=${encodeURIComponent(tag)}`, { token: call.token });
      const [task] = json?.tasks ?? [];
      return (task?.state === 'success' || task?.state === 'failure') && task;
    },
    timeoutMs,
  );
}
