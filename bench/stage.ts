import type { ChildProcess } from 'node:child_process';
import { createDatabase, type TestDatabase } from '../test/support/database/database.js';
import { stop } from './pinned.js';
import { startLoad } from './start-file.js';

/** What was started for a run. All of it is ended and removed, also when the run fails. */
export class Stage {
  private readonly processes: ChildProcess[] = [];
  private readonly databases: TestDatabase[] = [];
  private isInterrupted = false;

  /** The process that puts load on the servers. */
  readonly load = this.keep(startLoad());

  /** Remembers a process from its start, to end it. */
  keep(child: ChildProcess): ChildProcess {
    this.processes.push(child);
    if (this.isInterrupted) child.kill();
    return child;
  }

  /** An empty database. */
  async database(kind: 'sqlite' | 'mariadb'): Promise<TestDatabase> {
    const database = await createDatabase(kind);
    this.databases.push(database);
    return database;
  }

  /** Without its processes a run fails, and is closed after. */
  interrupt(): void {
    this.isInterrupted = true;
    for (const child of this.processes) child.kill();
  }

  async close(): Promise<void> {
    for (const child of this.processes.splice(0)) await stop(child);
    for (const database of this.databases.splice(0)) await database.drop();
  }
}
