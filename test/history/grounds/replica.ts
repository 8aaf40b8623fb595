import { ServerProcess } from '../../support/server/server-process.js';
import { until } from '../../support/until.js';

/** How long a replica may need to come up again after what it needs is there, in milliseconds. */
const START_MS = 90_000;

/** One server process of several, which is killed, and started again at the same port. */
export class Replica {
  /** 0 until it has been started once. */
  port = 0;
  private past = '';
  private process: ServerProcess | null = null;

  constructor(
    readonly number: number,
    private readonly settings: Record<string, string>,
  ) {}

  /** Starts it, as often as it needs: its database may be away. */
  async start(): Promise<void> {
    await until(
      `replica ${this.number}`,
      async () => {
        try {
          this.process = await ServerProcess.start({ ...this.settings, PORT: String(this.port) });
          this.port = this.process.port;
          return true;
        } catch (error) {
          this.past += `${(error as Error).message}\n`;
          return false;
        }
      },
      START_MS,
    );
  }

  /** What it wrote, also before it was killed. */
  get log(): string {
    return this.past + (this.process?.output ?? '');
  }

  async kill(): Promise<void> {
    this.past = this.log;
    await this.process?.kill();
    this.process = null;
  }

  freeze(): void {
    this.process?.pause();
  }

  thaw(): void {
    this.process?.resume();
  }
}
