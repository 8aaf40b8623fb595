import type { FastifyRequest } from 'fastify';
import { type Link, nextLink } from '../openstack/urls/links.js';
import { taskView, type TaskView } from '../tasks/task.view.js';
import type { TaskPage } from '../tasks/tasks.service.js';

/** A page of tasks, as clients see it. */
export interface TaskListView {
  tasks: TaskView[];
  /** The link to the next page; empty on the last one. */
  tasks_links: Link[];
}

export function taskListView(request: FastifyRequest, { tasks, hasMore }: TaskPage): TaskListView {
  const last = tasks.at(-1);
  return {
    tasks: tasks.map(taskView),
    tasks_links: hasMore && last !== undefined ? [nextLink(request, last.uuid, 'wait')] : [],
  };
}
