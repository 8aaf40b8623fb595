import type { Heat } from '../support/openstack/heat.js';
import { server } from '../support/openstack/heat-cloud.js';
import type { Stacks } from '../support/openstack/stacks.js';
import type { End, Order, Player } from './player.js';

/** Heat as a client of Nova: a stack with one server. To start it again is to start its engine, and to update the stack. */
export class HeatPlayer implements Player {
  private stack = '';
  private killed: (() => void) | undefined;
  private isKilled = false;

  constructor(
    private readonly heat: Heat,
    private readonly stacks: Stacks,
  ) {}

  async create({ name }: Order): Promise<End> {
    this.stack = name;
    const killed = new Promise<End>((resolve) => (this.killed = () => resolve('killed')));
    return Promise.race([this.stacks.create(name, resources(name)).then(inAWord), killed]);
  }

  async again({ name }: Order): Promise<End> {
    if (this.isKilled) await this.heat.startEngine();
    this.isKilled = false;
    return inAWord(await this.stacks.update(name, resources(name)));
  }

  async kill(): Promise<void> {
    this.isKilled = true;
    this.killed?.();
    await this.heat.killEngine();
  }

  async remove(): Promise<End> {
    return inAWord(await this.stacks.delete(this.stack));
  }

  close(): Promise<void> {
    return this.heat.close();
  }
}

function resources(name: string) {
  return { vm: server(name) };
}

/** `CREATE_FAILED: Resource CREATE failed: …` is `CREATE_FAILED`. */
function inAWord(status: string): End {
  const [word = ''] = status.split(':');
  return word.endsWith('_COMPLETE') ? 'ok' : word;
}
