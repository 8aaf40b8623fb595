import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../../support/until.js';

const run = promisify(execFile);

/** A node that comes back may have to get everything from another one; in milliseconds. */
const WHOLE_MS = 180_000;

/** The commands of the Galera lab, a cluster of three nodes on this machine. */
export class GaleraLab {
  private constructor(private readonly environment: NodeJS.ProcessEnv) {}

  /** The cluster of this test; GALERA_LAB_DIR and GALERA_LAB_PORT may name another one. */
  static get own(): GaleraLab {
    return new GaleraLab({
      GALERA_LAB_DIR: join(tmpdir(), 'tasktag-history-galera'),
      GALERA_LAB_PORT: '15000',
      ...process.env,
    });
  }

  /** Starts what does not run of it, and waits until it is whole. */
  async up(): Promise<void> {
    if (!(await this.isRunning())) await this.command('up');
    await this.whole();
  }

  /** Whether any of its nodes runs. */
  async isRunning(): Promise<boolean> {
    const status = await this.command('status').catch((error: { stdout: string }) => error.stdout);
    return /^node\d pid=/m.test(status);
  }

  /** The command `galera-lab`; see its own help. */
  async command(...words: string[]): Promise<string> {
    const home = process.env['GALERA_LAB_HOME'];
    if (home === undefined || home === '')
      throw new Error('GALERA_LAB_HOME must name the folder of galera-lab');
    const { stdout } = await run(join(home, 'galera-lab'), words, { env: this.environment });
    return stdout;
  }

  /** The URL of a database at a node. */
  async url(node: number, database: string): Promise<string> {
    const urls = await this.command('urls', database);
    return new RegExp(`^node${node} (.+)$`, 'm').exec(urls)?.[1] as string;
  }

  /** Mends whatever is wrong with a node, by whomever, and waits until all three are one cluster. */
  async whole(): Promise<void> {
    await until('a whole cluster', () => this.isWhole(), WHOLE_MS);
  }

  private async isWhole(): Promise<boolean> {
    try {
      await this.command('status');
      return true;
    } catch (error) {
      const { stdout = '' } = error as { stdout?: string };
      const mend = async (is: RegExp, command: string) => {
        for (const [, node] of stdout.matchAll(is))
          await this.command(command, node as string).catch(() => undefined);
      };
      await mend(/^node(\d) .* frozen$/gm, 'thaw');
      await mend(/^node(\d) .*=non-Primary/gm, 'join');
      await mend(/^node(\d) stopped/gm, 'start');
      return false;
    }
  }
}
