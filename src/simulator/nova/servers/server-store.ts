import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, In, Not, type Repository } from 'typeorm';
import type { Caller } from '../../../identity/caller.js';
import { Conflict, NotFound } from '../../../openstack/faults.js';
import { isUuid } from '../../../openstack/uuid.js';
import { type Statement, statement } from '../../../storage/statement.js';
import { storageOf } from '../../../storage/storage-of.js';
import { Insertion } from '../../insertion.js';
import { assertFits } from '../../text-column.js';
import { SimulatedServer } from './server.entity.js';

/** How often a change is retried because the server has changed meanwhile. */
export const ATTEMPTS = 20;

/** The answer when the retries did not suffice. */
export function tooBusy(id: string): Conflict {
  return new Conflict(`Instance ${id} is being changed by too many requests at once. Try again.`);
}

/** The answer for a server that is deleted, never existed, or belongs to another project. */
export function noServer(id: string): NotFound {
  return new NotFound(`Instance ${id} could not be found.`);
}

/** Reads servers, and makes the statements that write them; these are committed together with an operation's. */
@Injectable()
export class ServerStore {
  private readonly servers: Repository<SimulatedServer>;
  private readonly insertion: Insertion<SimulatedServer>;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {
    this.servers = dataSource.getRepository(SimulatedServer);
    this.insertion = new Insertion(dataSource, SimulatedServer);
  }

  /**
   * A server of the caller's project; administrators see all.
   *
   * @throws NotFound for a server that is deleted, never existed, or belongs to another project
   */
  async get(id: string, caller: Caller): Promise<SimulatedServer> {
    const server = await this.find(id, caller);
    if (server === null) throw noServer(id);
    return server;
  }

  /** The same; `null` instead of the error. */
  async find(id: string, { projectId, isAdmin }: Caller): Promise<SimulatedServer | null> {
    const server = isUuid(id) ? await this.servers.findOneBy({ id, ...(!isAdmin && { projectId }) }) : null;
    return server?.vmState === 'deleted' ? null : server;
  }

  /** All servers of a project, or of all projects, newest first. */
  list(projectId: string | null, withDeleted: boolean): Promise<SimulatedServer[]> {
    return this.servers.find({
      where: {
        ...(projectId !== null && { projectId }),
        ...(!withDeleted && { vmState: Not('deleted' as const) }),
      },
      order: { createdAt: 'DESC', id: 'DESC' },
    });
  }

  /** Servers by their ids, deleted ones too. */
  async byIds(ids: string[]): Promise<Map<string, SimulatedServer>> {
    const servers = ids.length === 0 ? [] : await this.servers.findBy({ id: In(ids) });
    return new Map(servers.map((server) => [server.id, server]));
  }

  /**
   * Changes a server in a way that is not a task, regardless of its running operations.
   *
   * @throws NotFound as `get` does, Conflict when too many others change it
   */
  async change(
    id: string,
    caller: Caller,
    changesOf: (server: SimulatedServer) => Partial<SimulatedServer>,
  ): Promise<SimulatedServer> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const server = await this.get(id, caller);
      const changes = { updatedAt: Date.now(), ...changesOf(server) };
      if (await storageOf(this.dataSource).commit([this.update(server, changes)]))
        return { ...server, ...changes };
    }
    throw tooBusy(id);
  }

  insert(servers: SimulatedServer[]): Statement {
    for (const { data } of servers) assertFits(data, 'a server');
    return this.insertion.of(servers);
  }

  /** Changes a server that has not changed since it was read. */
  update(server: SimulatedServer, changes: Partial<SimulatedServer>): Statement {
    assertFits(changes.data ?? server.data, 'a server');
    const { id, version } = server;
    const update = this.servers
      .createQueryBuilder()
      .update(SimulatedServer)
      .set({ ...changes, version: version + 1 })
      .where({ id, version });
    return statement(update, 1);
  }
}
