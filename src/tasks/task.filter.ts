import {
  Brackets,
  In,
  MoreThanOrEqual,
  type ObjectLiteral,
  type Repository,
  type SelectQueryBuilder,
} from 'typeorm';
import type { Tag } from './tag.js';
import type { Task } from './task.entity.js';
import type { TaskState } from './task.states.js';

/** Which tasks are meant. `projectId: null` means those of all projects, and is for operators only. */
export interface TaskFilter {
  projectId: string | null;
  tag?: Tag;
  serverId?: string;
  /** The compute service's request id, or the one that the client sent. */
  requestId?: string;
  states?: TaskState[];
  task?: string;
  /** Epoch milliseconds: last updated then or later. */
  changesSince?: number;
}

/**
 * A query for the tasks that a filter means.
 *
 * @param shared tasks that are about the filter's server besides others. They stand as a list, not as a join: next to
 *   an OR, a database would read all tasks of the project.
 */
export function tasksMeant(
  tasks: Repository<Task>,
  filter: TaskFilter,
  shared: string[],
): SelectQueryBuilder<Task> {
  const { projectId, tag, serverId, requestId, states, task, changesSince } = filter;
  const query = tasks.createQueryBuilder('task').where({
    ...(projectId !== null && { projectId }),
    ...(tag !== undefined && { tag }),
    ...(states !== undefined && { state: In(states) }),
    ...(task !== undefined && { task }),
    ...(changesSince !== undefined && { lastUpdated: MoreThanOrEqual(changesSince) }),
  });
  if (serverId !== undefined) {
    query.andWhere(anyOf({ serverId }, ...(shared.length > 0 ? [{ uuid: In(shared) }] : [])));
  }
  if (requestId !== undefined) query.andWhere(anyOf({ requestId }, { globalRequestId: requestId }));
  return query;
}

function anyOf(...conditions: ObjectLiteral[]): Brackets {
  return new Brackets((query) => {
    for (const condition of conditions) query.orWhere(condition);
  });
}
