import { serverTime } from '../clock.js';
import { settings } from '../settings.js';
import type { Task, TaskState } from '../task.js';
import { type Filter, queryOf } from '../view.js';
import { call } from './call.js';
import { RefusedError } from './errors.js';

/** A page of tasks. */
export interface TaskPage {
  tasks: Task[];
  /** Where the next page begins; `null` on the last one. */
  next: string | null;
  /** How many there are by state, whichever states the list shows. */
  counts: Partial<Record<TaskState, number>> | null;
  /** No count is counted further than that. */
  countsLimit: number;
}

interface TaskList {
  tasks: Task[];
  tasks_links: { rel: string; href: string }[];
  counts?: Partial<Record<TaskState, number>>;
  counts_limit?: number;
}

export interface PageWanted {
  filter: Filter;
  marker: string | null;
  limit: number;
  withCounts: boolean;
}

export async function listTasks(
  { filter, marker, limit, withCounts }: PageWanted,
  signal?: AbortSignal,
): Promise<TaskPage> {
  const query = queryOf(filter, serverTime());
  query.set('limit', String(limit));
  if (marker !== null) query.set('marker', marker);
  if (withCounts) query.set('counts', 'true');
  const list = (await call(`${settings.tasks}?${query}`, { ...(signal && { signal }) })) as TaskList;
  return {
    tasks: list.tasks,
    next: markerOf(list.tasks_links),
    counts: list.counts ?? null,
    countsLimit: list.counts_limit ?? Infinity,
  };
}

/**
 * The marker of the next page. A page of a search may be empty, and not be the last. The link itself may have another host,
 * as one behind a proxy sees it.
 */
function markerOf(links: TaskList['tasks_links']): string | null {
  const href = links.find(({ rel }) => rel === 'next')?.href;
  return href === undefined ? null : new URL(href, location.href).searchParams.get('marker');
}

/** @throws RefusedError also when there is none */
export async function showTask(uuid: string, all: boolean, signal: AbortSignal): Promise<Task> {
  if (!all) return ((await call(`${settings.tasks}/${uuid}`, { signal })) as { task: Task }).task;
  const list = (await call(`${settings.tasks}?q=${uuid}&all_tenants=1&limit=1`, { signal })) as TaskList;
  const task = list.tasks.find((found) => found.uuid === uuid);
  if (task === undefined) throw new RefusedError(404, `Task ${uuid} could not be found.`);
  return task;
}

/** The tasks under a task's tag, newest first. */
export async function tasksOfTag(
  { tag, project_id }: Task & { tag: string },
  all: boolean,
  signal: AbortSignal,
): Promise<Task[]> {
  const tasks = await tasksWithTag(tag, all, signal);
  return tasks.filter((task) => task.project_id === project_id);
}

/** The tasks whose whole tag is this, newest first. */
export async function tasksWithTag(tag: string, all: boolean, signal: AbortSignal): Promise<Task[]> {
  const query = new URLSearchParams({ tag, limit: '50', ...(all && { all_tenants: '1' }) });
  return ((await call(`${settings.tasks}?${query}`, { signal })) as TaskList).tasks;
}

/** Asks for an action, such as `look`. */
export async function act(action: Record<string, object>): Promise<Task> {
  if (settings.actions === null) throw new RefusedError(404, 'There are no actions here.');
  return ((await call(settings.actions, { method: 'POST', body: action })) as { task: Task }).task;
}
