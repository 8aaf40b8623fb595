import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

/** The most servers remembered: many times those that a project makes while an answer is searched for. */
const REMEMBERED = 50_000;

/** How long, in milliseconds: longer than any search lasts. */
const REMEMBERED_MS = 7_200_000;

/**
 * Servers that are known to belong to other requests than the ones searched for. A server's tags are deleted with it,
 * so Nova no longer shows that it never had the tag; this process's earlier observations do. They only help: without
 * them, as after a restart, the search ends as ambiguous.
 */
@Injectable()
export class ForeignServers {
  private readonly unmarked = new LRUCache<string, true>({ max: REMEMBERED, ttl: REMEMBERED_MS });
  private readonly makers = new LRUCache<string, string>({ max: REMEMBERED, ttl: REMEMBERED_MS });

  /** A finished server was seen without the marker that it would have. */
  sawUnmarked(serverId: string): void {
    this.unmarked.set(serverId, true);
  }

  /** Whether it was seen so before. */
  wasUnmarked(serverId: string): boolean {
    return this.unmarked.has(serverId);
  }

  /**
   * A notification has named the task that a server was made for, maybe one of another gateway. A notification without
   * a task would prove nothing: a proxy may have removed the request id.
   */
  sawCreate(serverId: string, taskUuid: string): void {
    this.makers.set(serverId, taskUuid);
  }

  /** Whether a notification says that a server was made for a task. */
  isOf(serverId: string, taskUuid: string): boolean {
    return this.makers.get(serverId) === taskUuid;
  }

  /** Whether a server was made for another task. */
  isOfAnother(serverId: string, taskUuid: string): boolean {
    const maker = this.makers.get(serverId);
    return maker !== undefined && maker !== taskUuid;
  }
}
