import { v7 as uuidv7 } from 'uuid';
import type { ObservedTask } from '../../../src/compute/compute.service.js';
import { loadSettings } from '../../../src/config/load-settings.js';
import { readAccount } from '../../../src/gateway/keystone/keystone-account.js';
import { KeystoneSession } from '../../../src/gateway/keystone/keystone-session.js';
import { NovaClock } from '../../../src/gateway/nova/clock/nova-clock.js';
import { NovaObserver } from '../../../src/gateway/nova/observation/nova-observer.js';
import { ForeignServers } from '../../../src/gateway/nova/observation/recovery/foreign-servers.js';
import type { RecordedTasks } from '../../../src/gateway/nova/observation/recovery/recorded-tasks.js';
import { NovaReader } from '../../../src/gateway/nova/reader/nova-reader.js';
import { type Answer, Client } from '../network/http.js';
import { IdentityClient } from '../server/identity.js';
import { until } from '../until.js';
import { LAB_KEYSTONE, LAB_NOVA, LAB_SETTINGS } from './lab.js';

const VERSION = '2.93';
const NANO = '42';
const MICRO = '84';
const NAME = `observed-${process.pid}`;

/** What other tasks have of the requests that a search finds. */
export interface OtherTasks {
  undecided: ObservedTask[];
  /** Request ids that no task has; without: all are of no task. */
  free?: string[];
  /** Servers of other tasks. @default none */
  knownServers?: string[];
}

/** The lab's Nova with an observer of its own, and without a gateway: requests go straight to it. */
export class ObservedNova {
  others: OtherTasks = { undecided: [] };
  private readonly nova = new Client(LAB_NOVA, { keepAlive: false });
  private readonly flavors: string[] = [];
  private readonly servers = new Set<string>();
  private tokens = { user: '', admin: '' };
  private image = '';
  user = { userId: '', projectId: '' };
  private reader!: NovaReader;
  private keystone!: KeystoneSession;

  async start(): Promise<void> {
    const identity = new IdentityClient(LAB_KEYSTONE);
    const user = await identity.token({ user: 'alice', project: 'alpha' });
    this.tokens = { user, admin: await identity.token({ user: 'tasktag', project: 'service' }) };
    const token = await identity.show(user);
    this.user = { userId: token.user.id, projectId: token.project.id };
    identity.close();
    this.keystone = new KeystoneSession(readAccount(this.settings()));
    this.reader = new NovaReader(this.settings(), this.keystone);
    const images = await this.call('GET', '/images', undefined, { version: '2.1' });
    this.image = images.json.images.find(({ name }: { name: string }) => name === 'tiny').id;
  }

  /** Removes what the test has made. */
  async stop(): Promise<void> {
    for (const id of this.servers) await this.admin('DELETE', `/servers/${id}`);
    for (const id of this.flavors) await this.admin('DELETE', `/flavors/${id}`);
    const { json } = await this.call('GET', `/images?name=${NAME}`, undefined, { version: '2.1' });
    for (const { id } of json.images)
      await this.call('DELETE', `/images/${id}`, undefined, { version: '2.1' });
    await this.reader.onModuleDestroy();
    this.nova.close();
  }

  /**
   * @param settings environment variables beside those of the lab
   * @param laterMs how much later it is for the observer, in milliseconds
   */
  observer(settings: Record<string, string> = {}, laterMs = 0): NovaObserver {
    const tasks = {
      undecided: () => Promise.resolve(this.others.undecided),
      serversOfTasks: () => Promise.resolve(new Set(this.others.knownServers)),
      requestIdsOfTasks: (_place: object, ids: string[]) => {
        const free = this.others.free ?? ids;
        return Promise.resolve(new Set(ids.filter((id) => !free.includes(id))));
      },
    } as unknown as RecordedTasks;
    return new NovaObserver(
      this.reader,
      new NovaClock(this.reader),
      tasks,
      this.settings(settings),
      new ForeignServers(),
      () => Date.now() + laterMs,
    );
  }

  /** What one observer says of one task now. */
  async look(task: ObservedTask, settings: Record<string, string> = {}, laterMs = 0): Promise<any> {
    const [observation] = await this.observer(settings, laterMs).observe([task]);
    return observation?.outcome;
  }

  /** Looks until the task has ended. */
  end(task: ObservedTask): Promise<any> {
    return until(`the end of ${task.task}`, async () => {
      const outcome = await this.look(task);
      return ['success', 'failure', 'rejected'].includes(outcome.state) && outcome;
    });
  }

  /** Makes servers; the answer of Nova, and the task that the gateway would have recorded. */
  async create(more: object = {}, isMarked = false): Promise<ObservedTask> {
    const task = this.task('create', { state: 'processing', isMarked });
    const server = { name: NAME, imageRef: this.image, flavorRef: NANO, networks: 'none', ...more };
    const answer = await this.call('POST', '/servers', { server });
    const serverId: string | undefined = answer.json.server?.id;
    if (serverId !== undefined) this.servers.add(serverId);
    return { ...task, serverId: serverId ?? null, requestId: requestIdOf(answer) };
  }

  /** Makes a server that is ready. */
  async server(): Promise<string> {
    const task = await this.create();
    await this.end(task);
    return task.serverId as string;
  }

  /** Sends an action; the task that the gateway would have recorded. */
  async act(
    serverId: string,
    name: string,
    body: object,
    as: 'user' | 'admin' = 'user',
  ): Promise<ObservedTask> {
    const task = this.task(name, { state: 'processing', serverId });
    const answer = await this.call('POST', `/servers/${serverId}/action`, body, { as });
    return { ...task, requestId: requestIdOf(answer) };
  }

  /** Makes an image of a server; the task names it, as the gateway's does. */
  async snapshot(serverId: string): Promise<ObservedTask> {
    const task = this.task('createImage', { state: 'processing', serverId });
    const answer = await this.call('POST', `/servers/${serverId}/action`, { createImage: { name: NAME } });
    const resource = { server: serverId, image: answer.json.image_id as string };
    return { ...task, resource, requestId: requestIdOf(answer) };
  }

  async delete(serverId: string): Promise<ObservedTask> {
    const task = this.task('delete', { state: 'processing', serverId });
    return { ...task, requestId: requestIdOf(await this.call('DELETE', `/servers/${serverId}`)) };
  }

  /** A task of the user's that begins now. */
  task(task: string, more: Partial<ObservedTask> = {}): ObservedTask {
    return {
      uuid: uuidv7(),
      task,
      state: 'unknown',
      serverId: null,
      isMarked: false,
      requestId: null,
      resource: null,
      startTime: Date.now(),
      lastUpdated: Date.now(),
      lookedAt: null,
      ...this.user,
      ...more,
    };
  }

  /** A flavor that no host has. */
  async flavorWithoutHost(): Promise<string> {
    const flavor = { name: `${NAME}-${uuidv7()}`, ram: 64, vcpus: 1, disk: 0 };
    const { json } = await this.admin('POST', '/flavors', { flavor });
    const { id } = json.flavor;
    this.flavors.push(id);
    await this.admin('POST', `/flavors/${id}/os-extra_specs`, {
      extra_specs: { 'trait:CUSTOM_NOWHERE': 'required' },
    });
    return id;
  }

  get otherFlavor(): string {
    return MICRO;
  }

  /** The name of what is made, so that it is removed. */
  get name(): string {
    return NAME;
  }

  get imageId(): string {
    return this.image;
  }

  /** What Nova shows of a server to an administrator. */
  async show(serverId: string): Promise<any> {
    return (await this.admin('GET', `/servers/${serverId}`)).json.server;
  }

  private admin(method: string, path: string, body?: object): Promise<Answer> {
    return this.call(method, path, body, { as: 'admin' });
  }

  private call(
    method: string,
    path: string,
    body?: object,
    { as = 'user', version = VERSION }: { as?: 'user' | 'admin'; version?: string } = {},
  ): Promise<Answer> {
    return this.nova.call(method, `/v2.1${path}`, { token: this.tokens[as], version, body });
  }

  private settings(more: Record<string, string> = {}) {
    return loadSettings({ ...LAB_SETTINGS, COMPUTE: 'nova', NOVA_URL: LAB_NOVA, ...more });
  }
}

function requestIdOf({ status, headers, text }: Answer): string {
  if (status >= 300) throw new Error(`Nova answered ${status}: ${text}`);
  return headers['x-compute-request-id'] as string;
}
