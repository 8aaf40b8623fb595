import { createConnection, type Connection } from 'mysql2/promise';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ServerProcess } from '../server/server-process.js';
import { until } from '../until.js';

const run = promisify(execFile);

/** The nodes of the cluster. */
export type Node = 1 | 2 | 3;

const NODES: Node[] = [1, 2, 3];

/** A real Galera cluster of three nodes, which can be cut off from each other; `galera-lab` of GALERA_LAB_HOME. */
export class Galera {
  private readonly port = Number(process.env['GALERA_LAB_PORT'] ?? 14000);

  private constructor(
    /** An empty database, at all nodes. */
    private readonly database: string,
  ) {}

  /** Starts the cluster where it does not run, and waits until it is whole. */
  static async up(): Promise<Galera> {
    const galera = new Galera(`tasktag_test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`);
    await galera.heal();
    await galera.at(1, `CREATE DATABASE ${galera.database} CHARACTER SET utf8mb4`, '');
    return galera;
  }

  /** A `DATABASE_URL` at a node. */
  url(node: Node, database = this.database): string {
    return `mysql://root@127.0.0.1:${this.port + node}/${database}`;
  }

  /** A connection to a node, past the program under test. */
  connect(node: Node): Promise<Connection> {
    return createConnection(this.url(node));
  }

  /** What a statement gives at a node; of the test's own database, when all that was committed before has arrived there. */
  async at<Row extends object>(node: Node, sql: string, database?: string): Promise<Row[]> {
    const connection = await createConnection(this.url(node, database));
    try {
      if (database === undefined) await connection.query('SET SESSION wsrep_sync_wait = 1');
      const [rows] = await connection.query(sql);
      return rows as Row[];
    } finally {
      connection.destroy();
    }
  }

  /** A whole server in a process of its own, at one node. */
  server(node: Node, settings: Record<string, string> = {}): Promise<ServerProcess> {
    return ServerProcess.start({ DATABASE_URL: this.url(node), EMBEDDED_TASK_MS: '50', ...settings });
  }

  /** Cuts a node off from the others, and waits until it knows. */
  async isolate(node: Node): Promise<void> {
    await this.lab('isolate', String(node));
    await until(`node ${node} to be alone`, async () => (await this.state(node)) === 'non-Primary', 60_000);
  }

  /** Lets a node find the others again, and waits until it takes statements. */
  async rejoin(node: Node): Promise<void> {
    await this.lab('join', String(node));
    await until(`node ${node} to be back`, () => this.takesStatements(node), 60_000);
  }

  /** Makes the cluster whole, whatever was done to it. */
  async heal(): Promise<void> {
    for (const node of NODES) await this.lab('thaw', String(node)).catch(() => undefined);
    for (const node of NODES) await this.lab('join', String(node)).catch(() => undefined);
    const isWhole = () => this.lab('up').catch((error: Error) => void (this.trouble = error.message));
    await until('the cluster', isWhole, 60_000).catch((error: Error) => {
      throw new Error(`${error.message}: ${this.trouble}`);
    });
  }

  async close(): Promise<void> {
    await this.heal();
    await this.at(1, `DROP DATABASE ${this.database}`, '');
  }

  private trouble = '';

  private async state(node: Node): Promise<string | undefined> {
    const [row] = await this.at<{ Value: string }>(node, "SHOW STATUS LIKE 'wsrep_cluster_status'", '');
    return row?.Value;
  }

  private async takesStatements(node: Node): Promise<boolean> {
    const rows = await this.at(node, 'SELECT COUNT(*) FROM mysql.user', '').catch(() => []);
    return rows.length > 0 && (await this.state(node)) === 'Primary';
  }

  private async lab(...command: string[]): Promise<string> {
    const { stdout } = await run(join(process.env['GALERA_LAB_HOME'] ?? '', 'galera-lab'), command, {
      env: { GALERA_LAB_DIR: join(tmpdir(), 'tasktag-galera'), ...process.env },
    });
    return stdout;
  }
}
