import type { TaggedResult } from '../../../src/client/index.js';
import type { Ground } from '../grounds/ground.js';
import type { RequestEntry } from '../journal/entries.js';
import type { Journal } from '../journal/journal.js';
import { Random } from '../random.js';
import { sendByKit } from './kit.js';
import type { KnownRequests } from './known-requests.js';
import type { Network } from './network.js';
import type { Message } from './wire.js';

/** What all clients share. */
export interface Stage {
  ground: Ground;
  network: Network;
  journal: Journal;
  known: KnownRequests;
  seed: number;
  /** Aborted when no new request may be begun. */
  over: AbortSignal;
}

/** What is done with a server in turn; each action once, so that the cloud's data tells which request did it. */
const LIVES = [
  [],
  ['reboot'],
  ['os-stop'],
  ['pause', 'unpause'],
  ['os-stop', 'os-start'],
  ['reboot', 'os-stop'],
];

const BODIES: Readonly<Record<string, object>> = { reboot: { reboot: { type: 'HARD' } } };

/** Bytes that a tag may have, and that are written in more than one way on their road. */
const ODD = ['', '', '', ' é', ' 100%', ' a+b', ' "日本"', ' %41'];

/**
 * One server's story, from its create on: each step only when the one before is done, and under a tag of its own; but
 * now and then one tag stands for the first and the last step, as it may stand for a group.
 */
export class Story {
  private readonly random: Random;
  /** Of the create. */
  private tag = '';

  constructor(
    private readonly stage: Stage,
    private readonly client: string,
    /** Not used by any other story on the ground. */
    private readonly name: string,
  ) {
    this.random = Random.of(stage.seed, name);
  }

  async play(): Promise<void> {
    const { ground } = this.stage;
    const isWrong = this.random.chance(0.06);
    const expected = isWrong ? 'rejected' : 'accepted';
    this.tag = this.newTag('create');
    const message = ground.create(this.name, expected);
    const server = await this.step('create', this.name, expected, message, this.tag);
    if (server === null) return;
    const life = this.random.pick(LIVES);
    // A server that runs cannot be resumed.
    if (this.random.chance(0.1)) await this.action(server, 'resume', 'rejected');
    for (const action of life) if (!(await this.action(server, action))) return;
    const tag = this.random.chance(0.2) ? this.tag : undefined;
    if (this.random.chance(0.6)) await this.delete(server, tag);
  }

  private async action(server: string, key: string, expected: RequestEntry['expected'] = 'accepted') {
    const { headers } = this.stage.ground;
    const body = JSON.stringify(BODIES[key] ?? { [key]: null });
    const path = `/v3/servers/${server}/action`;
    const message: Message = { method: 'POST', path, headers, body };
    return (await this.step(key.replace(/^os-/, ''), server, expected, message)) !== null;
  }

  private async delete(server: string, tag?: string): Promise<void> {
    const { headers } = this.stage.ground;
    const message: Message = { method: 'DELETE', path: `/v3/servers/${server}`, headers };
    await this.step('delete', server, 'accepted', message, tag);
  }

  private newTag(action: string): string {
    return `${this.name} ${action}${this.random.pick(ODD)}`;
  }

  /** @returns the server, when the step was done well */
  private async step(
    action: string,
    server: string,
    expected: RequestEntry['expected'],
    message: Message,
    tag = this.newTag(action),
  ): Promise<string | null> {
    const { stage, random } = this;
    if (stage.over.aborted) return null;
    const name = `${this.name} ${action}`;
    const entry: RequestEntry = { is: 'request', request: name, tag, action, server, expected };
    stage.known.add({ ...entry, message });
    stage.journal.write(entry);
    // Several programs may follow the recipe for one tag at the same time.
    const drivers = random.chance(0.2) ? random.between(2, 3) : 1;
    const results = await Promise.all(
      Array.from({ length: drivers }, (_, n) =>
        sendByKit(
          stage.network,
          n === 0 ? this.client : `${this.client}, program ${n + 1}`,
          { ...entry, message },
          Random.of(stage.seed, name, n),
        ),
      ),
    );
    const task = results.map(taskOf).find((found) => found?.state === 'success');
    stage.known.learn(
      tag,
      results.flatMap((result) => taskOf(result)?.uuid ?? []),
    );
    return expected === 'accepted' ? (task?.resource['server'] ?? null) : null;
  }
}

function taskOf(result: TaggedResult) {
  return 'task' in result ? result.task : undefined;
}
