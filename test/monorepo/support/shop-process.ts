import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { Client } from '../../support/network/http.js';

/** The environment of an application. */
export interface ShopEnvironment {
  DATABASE_URL: string;
  PARTNER_URL: string;
  RAW_BODY?: 'on' | 'off';
}

/** Brings the database up to date, as is done before an application is started; gives what was run. */
export function migrate(program: string, environment: ShopEnvironment): string[] {
  const output = execFileSync(process.execPath, [program], {
    cwd: dirname(program),
    env: { ...environment },
    encoding: 'utf8',
  });
  return output.split('\n').filter((line) => line !== '');
}

/** An application of the monorepo in a process of its own. */
export class ShopProcess {
  client!: Client;
  /** All that it has written. */
  output = '';

  private constructor(private readonly child: ChildProcess) {}

  /** Starts it and waits until it listens. */
  static async start(program: string, environment: ShopEnvironment): Promise<ShopProcess> {
    const child = spawn(process.execPath, [program], {
      cwd: dirname(program),
      env: { ...environment, PORT: '0', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const shop = new ShopProcess(child);
    const url = await new Promise<string>((resolve, reject) => {
      const take = (chunk: Buffer) => {
        shop.output += chunk.toString();
        const [, found] = /^listening on (\S+)$/m.exec(shop.output) ?? [];
        if (found !== undefined) resolve(found);
      };
      child.stdout.on('data', take);
      child.stderr.on('data', take);
      child.once('exit', (code) => reject(new Error(`The shop ended with ${code}: ${shop.output}`)));
    });
    shop.client = new Client(url, { keepAlive: false });
    return shop;
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to end, and gives the code that it has ended with. */
  stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill(signal);
      await exit;
    }
    this.client.close();
    return this.child.exitCode;
  }
}
