import { In, MoreThanOrEqual, type Repository } from 'typeorm';
import type { Task } from './task.entity.js';

/** A task is recorded this much before its time by the compute service's clock at most, in milliseconds. */
const MARGIN_MS = 60_000;

/**
 * Which of some request ids of the compute service belong to tasks of a project. It reads the project's tasks from a
 * time on, by their index: the time is in the uuid.
 *
 * @param since when the oldest of those tasks may have been recorded, in epoch milliseconds
 */
export async function claimedRequestIds(
  tasks: Repository<Task>,
  projectId: string,
  since: number,
  requestIds: string[],
): Promise<Set<string>> {
  if (requestIds.length === 0) return new Set();
  const claims = await tasks.find({
    select: { uuid: true, requestId: true },
    where: {
      projectId,
      uuid: MoreThanOrEqual(firstUuidOf(since - MARGIN_MS)),
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
