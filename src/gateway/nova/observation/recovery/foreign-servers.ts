import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

/** Servers that are remembered: those that a project makes while an answer is looked for, many times over. */
const REMEMBERED = 50_000;

/** How long, in milliseconds: longer than any search lasts. */
const REMEMBERED_MS = 7_200_000;

/**
 * Servers that are known to be of other requests than some that are searched for. A server's tag goes with it, so once
 * it is deleted nothing in Nova says any more that it never had one. What this process has seen before does. It is a help
 * and no more: where it is missing, as after a restart, the search ends as ambiguous.
 */
@Injectable()
export class ForeignServers {
  private readonly unmarked = new LRUCache<string, true>({ max: REMEMBERED, ttl: REMEMBERED_MS });
  private readonly makers = new LRUCache<string, string>({ max: REMEMBERED, ttl: REMEMBERED_MS });

  /** A server that is ready was seen without a marker that it would have. */
  sawUnmarked(serverId: string): void {
    this.unmarked.set(serverId, true);
  }

  /** Whether it was seen so before. */
  wasUnmarked(serverId: string): boolean {
    return this.unmarked.has(serverId);
  }

  /**
   * A notification has told which task a server was made for, maybe one of another gateway. That it names none would tell
   * nothing: a proxy may have taken the request id away.
   */
  sawCreate(serverId: string, taskUuid: string): void {
    this.makers.set(serverId, taskUuid);
  }

  /** Whether a notification has told that a server was made for a task. */
  isOf(serverId: string, taskUuid: string): boolean {
    return this.makers.get(serverId) === taskUuid;
  }

  /** Whether a server was made for another task. */
  isOfAnother(serverId: string, taskUuid: string): boolean {
    const maker = this.makers.get(serverId);
    return maker !== undefined && maker !== taskUuid;
  }
}
