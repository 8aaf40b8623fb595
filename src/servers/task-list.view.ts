import type { FastifyRequest } from 'fastify';
import { type Link, nextLink } from '../openstack/urls/links.js';
import { foundTaskView, type FoundTaskView } from '../tasks/task.view.js';
import type { TaskCounts } from '../tasks/searching/task-lists.js';
import type { TasksOptions } from '../tasks/tasks.options.js';
import type { TaskPage } from '../tasks/tasks.service.js';

/** A page of tasks, as clients see it. */
export interface TaskListView {
  tasks: FoundTaskView[];
  /** The link to the next page; empty on the last one. */
  tasks_links: Link[];
  /** How many there are of each state, if that was asked for. */
  counts?: TaskCounts;
  /** No count goes further. */
  counts_limit?: number;
}

export function taskListView(
  request: FastifyRequest,
  { tasks, next }: TaskPage,
  options: TasksOptions,
): TaskListView {
  return {
    tasks: tasks.map((task) => foundTaskView(task, options)),
    tasks_links: next === null ? [] : [nextLink(request, next, 'wait')],
  };
}
