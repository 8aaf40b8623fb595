import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until.js';
import { LAB_FOLDER } from './lab.js';

/**
 * The database of the lab's Nova, for what its fake driver never has: a live migration that takes a while, and a share.
 * What Nova then does with it is Nova's own.
 */
export class NovaDatabase {
  private constructor(private readonly connection: Connection) {}

  static async open(): Promise<NovaDatabase> {
    const settings = readFileSync(join(LAB_FOLDER, 'etc/nova/nova.conf'), 'utf8');
    const [, url = ''] = /^\[database\]\nconnection = mysql\+pymysql:(\/\/[^?\n]+)/m.exec(settings) ?? [];
    return new NovaDatabase(await createConnection(`mysql:${url}`));
  }

  /** Has the newest live migration of a server go on, as that of a large one does for hours; gives its id. */
  async resumeMigration(server: string): Promise<number> {
    // Nova writes its end after the server is ACTIVE again, and would end the resumed one.
    const migration = await until('the live migration to end', async () => {
      const [[newest]] = await this.connection.query<RowDataPacket[]>(
        "SELECT id, status FROM migrations WHERE instance_uuid = ? AND migration_type = 'live-migration' ORDER BY id DESC",
        [server],
      );
      return newest?.['status'] === 'completed' && newest;
    });
    const id = migration['id'] as number;
    await this.setMigration(server, id, 'running', 'migrating');
    return id;
  }

  /** Ends it again. */
  endMigration(server: string, id: number): Promise<void> {
    return this.setMigration(server, id, 'completed', null);
  }

  /** Gives servers an NFS share. */
  async attachShare(share: string, servers: string[]): Promise<void> {
    for (const server of servers)
      await this.connection.query(
        `INSERT INTO share_mapping (created_at, uuid, instance_uuid, share_id, status, tag, export_location, share_proto)
         VALUES (UTC_TIMESTAMP(), UUID(), ?, ?, 'active', ?, '127.0.0.1:/share', 'NFS')`,
        [server, share, share],
      );
  }

  /** Takes a share from all servers, without a word. */
  async dropShare(share: string): Promise<void> {
    await this.connection.query('DELETE FROM share_mapping WHERE share_id = ?', [share]);
  }

  async close(): Promise<void> {
    await this.connection.end();
  }

  private async setMigration(
    server: string,
    id: number,
    status: string,
    taskState: string | null,
  ): Promise<void> {
    await this.connection.query('UPDATE migrations SET status = ? WHERE id = ?', [status, id]);
    await this.connection.query('UPDATE instances SET task_state = ? WHERE uuid = ?', [taskState, server]);
  }
}
