import { In, MoreThanOrEqual, type Repository } from 'typeorm';
import type { Task } from '../task.entity.js';

/** A task is recorded this much before its time by the compute service's clock at most, in milliseconds. */
const MARGIN_MS = 60_000;

/** Where to look for tasks that may have a request id; each goes by an index. */
export interface ClaimPlace {
  projectId: string;
  /** Tasks on this server alone. */
  serverId?: string;
  /** When the oldest of those tasks may have been recorded, in epoch milliseconds: the time is in the uuid. */
  since?: number;
}

/** Which of some request ids of the compute service belong to tasks of a project. */
export async function claimedRequestIds(
  tasks: Repository<Task>,
  { projectId, serverId, since }: ClaimPlace,
  requestIds: string[],
): Promise<Set<string>> {
  if (requestIds.length === 0) return new Set();
  const claims = await tasks.find({
    select: { uuid: true, requestId: true },
    where: {
      projectId,
      ...(serverId !== undefined && { serverId }),
      ...(since !== undefined && { uuid: MoreThanOrEqual(firstUuidOf(since - MARGIN_MS)) }),
      requestId: In(requestIds),
    },
  });
  return new Set(claims.map(({ requestId }) => requestId).filter((id) => id !== null));
}

/** The least uuid (version 7) of a time. */
export function firstUuidOf(time: number): string {
  const hex = Math.max(time, 0).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
