import type { ObservedTask } from '../../../compute/compute.service.js';
import type { NovaQueries } from '../reader/nova-queries.js';
import type { ServerView } from '../reader/nova-views.js';
import type { ServerList, ServerListKeeper } from './server-list.js';

/** The most servers that are requested one by one; more of them come in one list. */
const ONE_BY_ONE = 8;

/** How far a list reaches back, in milliseconds: the few older tasks are looked up one by one. */
const REACH_MS = 3_600_000;

type Followed = Pick<ObservedTask, 'serverId' | 'startTime' | 'lastUpdated' | 'lookedAt'>;

/**
 * How long a task may be looked up again in the same list, for each of its pages, in milliseconds: so Nova is asked for
 * about a page a second at most.
 */
const AGAIN_MS = 1000;

/** The servers of one batch of tasks, each requested once. */
export class ServerViews {
  private list: ServerList | null = null;
  private loadedAt = Infinity;
  private readonly single = new Map<string, Promise<ServerView | null>>();
  private readonly projects = new Map<string, ReturnType<NovaQueries['servers']>>();
  private readonly deleted = new Map<string, Promise<ServerView | null>>();

  /** @param skewMs how far Nova's times may differ from this server's, in milliseconds */
  constructor(
    private readonly queries: NovaQueries,
    private readonly skewMs: number,
  ) {}

  /**
   * Gets the servers of many tasks at once.
   *
   * @throws NovaUnavailable, NovaRefused or OutOfTime
   */
  async load(tasks: readonly Followed[], keeper: ServerListKeeper, now: number): Promise<void> {
    const ids = new Set(tasks.map(({ serverId }) => serverId).filter((id) => id !== null));
    if (ids.size <= ONE_BY_ONE) return;
    const oldest = Math.min(...tasks.map(({ startTime }) => startTime)) - this.skewMs;
    this.loadedAt = now;
    // The servers of old tasks are in no list, and must not have it taken again.
    const isMissing = (task: Followed, list: ServerList) =>
      !this.mayTell(list, task) || (task.startTime >= list.since && !list.servers.has(task.serverId ?? ''));
    const missing = (list: ServerList) => tasks.filter((task) => isMissing(task, list)).length;
    this.list = await keeper.list(this.queries, Math.max(oldest, now - REACH_MS), now, missing);
  }

  /** The server of a task, `null` if deleted. A list may be some seconds old: see `mayTell`. */
  async alive(id: string, task: Followed): Promise<ServerView | null> {
    const listed = this.listed(id, task) ?? (await this.shown(id));
    return listed?.status === 'DELETED' ? null : listed;
  }

  /** The same, in its last state if deleted; `null` when Nova no longer has it. */
  async last(id: string, task: Followed): Promise<ServerView | null> {
    const alive = this.listed(id, task) ?? (await this.shown(id));
    if (alive !== null) return alive;
    const known = this.deleted.get(id) ?? this.queries.deletedServer(id);
    this.deleted.set(id, known);
    return known;
  }

  /**
   * All servers of a create, deleted ones too, in the order in which Nova numbers them; `null` when some may be missing.
   *
   * @param first the one that its answer has named
   */
  async siblings(first: ServerView, startTime: number): Promise<ServerView[] | null> {
    const reservationId = first.reservationId ?? '';
    const since = startTime - this.skewMs;
    const { list } = this;
    if (list?.isComplete && list.since <= since && this.hasAll(list, first))
      return (list.siblings.get(reservationId) ?? []).toSorted(byNumber);
    const { servers, isComplete } = await this.queries.servers({
      changesSince: since,
      reservationIds: [reservationId],
    });
    if (!isComplete) return null;
    return servers.filter((server) => server.reservationId === reservationId).sort(byNumber);
  }

  /** A project's servers that have changed since a time, with deleted ones, and whether these are all. */
  changed(projectId: string, since: number): Promise<{ servers: ServerView[]; isComplete: boolean }> {
    // To the minute, so that tasks that begin together share one list.
    const changesSince = since - (since % 60_000);
    const key = `${projectId} ${changesSince}`;
    const known = this.projects.get(key) ?? this.queries.servers({ projectId, changesSince });
    this.projects.set(key, known);
    return known;
  }

  /**
   * Whether a list has all servers of a create. One that was taken for these tasks does, since the create was answered
   * before. In another one it shows if the first is complete: Nova records all of them before it has any of them built
   * (nova/compute/api.py, `_create_instance`).
   */
  private hasAll({ takenAt, servers }: ServerList, first: ServerView): boolean {
    return takenAt >= this.loadedAt || servers.get(first.id)?.isLaunched === true;
  }

  /** Whether a list may tell something new of a task: it is younger than its answer, and than the last look at it. */
  private mayTell({ takenAt, pages }: ServerList, { startTime, lastUpdated, lookedAt }: Followed): boolean {
    if (takenAt <= Math.max(startTime, lastUpdated)) return false;
    return takenAt > (lookedAt ?? 0) || this.loadedAt - takenAt < pages * AGAIN_MS;
  }

  private listed(id: string, task: Followed): ServerView | null {
    const { list } = this;
    return list !== null && this.mayTell(list, task) ? (list.servers.get(id) ?? null) : null;
  }

  private shown(id: string): Promise<ServerView | null> {
    const known = this.single.get(id) ?? this.queries.server(id);
    this.single.set(id, known);
    return known;
  }
}

/** Nova numbers the servers of one request. */
export function byNumber(one: ServerView, other: ServerView): number {
  return one.launchIndex - other.launchIndex || one.createdAt - other.createdAt;
}
