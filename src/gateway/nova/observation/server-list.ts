import type { NovaQueries } from '../reader/nova-queries.js';
import type { ServerView } from '../reader/nova-views.js';

/** How long a list of several pages is reused, in milliseconds: the batches of one sweep follow each other. */
const KEEP_MS = 30_000;

/** Servers that have changed since a time. */
export interface ServerList {
  servers: ReadonlyMap<string, ServerView>;
  /** The same, by the create that made them. */
  siblings: ReadonlyMap<string | null, ServerView[]>;
  since: number;
  takenAt: number;
  isComplete: boolean;
  pages: number;
}

/** Keeps a long list of servers for the next batches. */
export class ServerListKeeper {
  private kept: ServerList | null = null;

  /**
   * @param missing for how many tasks a list says nothing; their servers would be requested one by one
   * @throws NovaUnavailable, NovaRefused or OutOfTime
   */
  async list(
    queries: NovaQueries,
    since: number,
    now: number,
    missing: (list: ServerList) => number,
  ): Promise<ServerList> {
    const { kept } = this;
    const isFresh = kept !== null && kept.since <= since && now - kept.takenAt < KEEP_MS;
    if (isFresh && missing(kept) <= kept.pages) return kept;
    const { servers, isComplete, pages } = await queries.servers({ changesSince: since });
    const byId = new Map(servers.map((server) => [server.id, server]));
    const siblings = new Map<string | null, ServerView[]>();
    for (const server of byId.values()) {
      const others = siblings.get(server.reservationId);
      if (others === undefined) siblings.set(server.reservationId, [server]);
      else others.push(server);
    }
    const taken = { servers: byId, siblings, since, takenAt: now, isComplete, pages };
    this.kept = pages > 1 ? taken : null;
    return taken;
  }
}
