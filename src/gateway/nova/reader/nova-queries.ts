import { NovaRefused, OutOfTime } from './nova-reader.errors.js';
import type { NovaReader } from './nova-reader.js';
import {
  type ActionView,
  fields,
  list,
  type MigrationView,
  readAction,
  readMigration,
  readServer,
  type ServerView,
  text,
} from './nova-views.js';

/** The microversion of all queries: events have their details, also for deleted servers; an older Nova omits some. */
const MICROVERSION = 84;

/** How long a list goes on to its next page, in milliseconds: the same look needs other answers, too. */
const LIST_MS = 8000;

/** Servers of one page. */
const PAGE = 500;

/** The parameters of a list of servers. */
export interface ServerFilter {
  /** Epoch milliseconds; with it, deleted servers are listed too. */
  changesSince?: number;
  projectId?: string;
  /** Servers with any of these tags. */
  tags?: string[];
  /** Servers of any of these reservations. */
  reservationIds?: string[];
}

/** Nova queries for observing, with a time limit. Each throws NovaUnavailable, NovaRefused or OutOfTime. */
export class NovaQueries {
  private readonly actionLists = new Map<string, Promise<ActionView[]>>();

  /** @param until epoch milliseconds after which no query is started */
  constructor(
    private readonly reader: NovaReader,
    private readonly until: number,
    private readonly now: () => number,
  ) {}

  /** @returns `null` for a server that is deleted or never existed */
  async server(id: string): Promise<ServerView | null> {
    const body = await this.get(`/servers/${encodeURIComponent(id)}`);
    if (body === null) await this.confirmGone(id);
    return body === null ? null : readServer(fields(body)['server']);
  }

  /** A deleted server, as long as Nova remembers it. */
  async deletedServer(id: string): Promise<ServerView | null> {
    const query = new URLSearchParams({ all_tenants: '1', deleted: 'true', uuid: id });
    const body = await this.get(`/servers/detail?${query}`);
    return readServer(list(fields(body)['servers'])[0]);
  }

  /**
   * Servers of all projects.
   *
   * @param maxMs time after which the list is left incomplete, in milliseconds
   */
  async servers(
    filter: ServerFilter,
    maxMs = LIST_MS,
  ): Promise<{ servers: ServerView[]; isComplete: boolean; pages: number }> {
    const servers: ServerView[] = [];
    const query = queryOf(filter);
    const stopAt = this.now() + maxMs;
    for (let pages = 1; ; pages++) {
      const body = fields(await this.get(`/servers/detail?${query}`));
      const page = list(body['servers'])
        .map(readServer)
        .filter((server) => server !== null);
      servers.push(...page);
      const last = page.at(-1);
      const hasNext = list(body['servers_links']).some((link) => text(fields(link)['rel']) === 'next');
      if (!hasNext || last === undefined) return { servers, isComplete: true, pages };
      if (this.now() >= stopAt) return { servers, isComplete: false, pages };
      query.set('marker', last.id);
    }
  }

  /** The effect of a request on a server, with its events; `null` if Nova has no record. */
  async action(serverId: string, requestId: string): Promise<ActionView | null> {
    const path = `/servers/${encodeURIComponent(serverId)}/os-instance-actions/${encodeURIComponent(requestId)}`;
    return readAction(fields(await this.get(path))['instanceAction']);
  }

  /** The actions on a server, newest first, without events. */
  actions(serverId: string): Promise<ActionView[]> {
    const known = this.actionLists.get(serverId) ?? this.listActions(serverId);
    this.actionLists.set(serverId, known);
    return known;
  }

  /** The moves of a server, in Nova's order. */
  async migrations(serverId: string): Promise<MigrationView[]> {
    const body = await this.get(`/os-migrations?instance_uuid=${encodeURIComponent(serverId)}`);
    return list(fields(body)['migrations']).map(readMigration);
  }

  /** Status of an image in Nova's words, such as `ACTIVE` or `SAVING`; `null` for one that does not exist. */
  async imageStatus(id: string): Promise<string | null> {
    // Nova shows images up to microversion 2.35.
    const body = await this.get(`/images/${encodeURIComponent(id)}`, 1);
    return text(fields(fields(body)['image'])['status']);
  }

  /** The most metadata items that a user's server may have; 0 if Nova does not say. */
  async metadataQuota(projectId: string, userId: string): Promise<number> {
    const path = `/os-quota-sets/${encodeURIComponent(projectId)}?user_id=${encodeURIComponent(userId)}`;
    try {
      const quota = fields(fields(await this.get(path))['quota_set'])['metadata_items'];
      if (typeof quota !== 'number') return 0;
      return quota < 0 ? Infinity : quota;
    } catch (error) {
      if (error instanceof NovaRefused) return 0;
      throw error;
    }
  }

  /** Whether some of Nova's cells cannot be read now: lists silently omit their servers. */
  async hasCellDown(): Promise<boolean> {
    const body = await this.get('/os-services');
    return list(fields(body)['services']).some((service) => fields(service)['status'] === 'UNKNOWN');
  }

  private async listActions(serverId: string): Promise<ActionView[]> {
    const body = await this.get(`/servers/${encodeURIComponent(serverId)}/os-instance-actions`);
    if (body === null) await this.confirmGone(serverId);
    return list(fields(body)['instanceActions'])
      .map(readAction)
      .filter((action) => action !== null);
  }

  /**
   * Nova answers 404 for other projects' servers unless the user is an administrator: then a list of all projects is
   * refused, or contains the server after all.
   *
   * @throws NovaRefused if 404 does not mean that the server is gone
   */
  private async confirmGone(id: string): Promise<void> {
    const body = await this.get(`/servers?all_tenants=1&uuid=${encodeURIComponent(id)}`);
    if (list(fields(body)['servers']).length > 0) throw new NovaRefused(`/servers/${id}`, 404);
  }

  /** @returns `null` on 404 */
  private async get(path: string, minor = MICROVERSION): Promise<unknown> {
    if (this.now() >= this.until) throw new OutOfTime();
    const { status, body } = await this.reader.get(`/v2.1${path}`, minor);
    if (status === 404) return null;
    if (status !== 200) throw new NovaRefused(path.replace(/\?.*/, ''), status);
    return body;
  }
}

function queryOf({ changesSince, projectId, tags, reservationIds }: ServerFilter): URLSearchParams {
  const query = new URLSearchParams({ all_tenants: '1', limit: String(PAGE) });
  if (changesSince !== undefined)
    query.set('changes-since', `${new Date(changesSince).toISOString().slice(0, 19)}Z`);
  if (projectId !== undefined) query.set('project_id', projectId);
  if (tags !== undefined) query.set('tags-any', tags.join(','));
  // Nova takes it as a regular expression, and a query cannot contain it twice.
  if (reservationIds !== undefined) query.set('reservation_id', `^(${reservationIds.join('|')})$`);
  return query;
}
