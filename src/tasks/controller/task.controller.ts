import {
  applyDecorators,
  Controller,
  Get,
  Inject,
  Param,
  Req,
  Res,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { nodeRequest } from '../../http/node-http.js';
import { encodeBytes, toByteString } from '../../url/percent-encoding.js';
import { NoStoreGuard } from '../answers/no-store.js';
import { requesterOf } from '../requests/reading/requester.js';
import { retryAfterOf } from '../requests/http/answer-head.js';
import { TaskNotFoundError } from '../task.errors.js';
import { foundTaskView, type FoundTaskView } from '../task.view.js';
import { COUNTS_LIMIT, type TaskCounts } from '../searching/task-lists.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { TasksService } from '../tasks.service.js';
import { askedWait } from '../waiting/asked-wait.js';
import { groupsOf } from '../waiting/awaited.js';
import { WaitingLookUps } from '../waiting/waiting-look-ups.js';
import { readTaskQuery, readWait, type TaskQuery, uuidOf } from './task-query.js';

/** The ready-made controller: its path and decorators. */
export interface TaskControllerOptions {
  /** Its path, such as `tasks`. */
  path: string;
  /** The host's decorators for it, such as `UseGuards(…)` or `ApiTags(…)`. @default none */
  decorators?: ClassDecorator[];
}

/** A page of tasks as clients see it. */
export interface TaskListView {
  tasks: FoundTaskView[];
  /** The link to the next page; empty on the last one. */
  tasks_links: { rel: 'next'; href: string }[];
  /** How many there are of each state, if that was asked for. */
  counts?: TaskCounts;
  /** No count goes further. */
  counts_limit?: number;
}

/**
 * Makes a controller that answers `GET <path>?tag=…` with the tasks of the requester's project, newest first, and
 * `GET <path>/<uuid>` with one. An empty list for a tag is proof: no request was accepted under it as of that read.
 * With `wait=30` or `Prefer: wait=30`, it answers once all these tasks have ended, or after that many seconds, at most 60.
 *
 * The host's guards run before it, and must have identified the user: it calls the module's `requester`. Its answers
 * forbid caching.
 */
export function taskController({ path, decorators = [] }: TaskControllerOptions): Type {
  @applyDecorators(Controller(path), UseGuards(NoStoreGuard), ...decorators)
  class TaskController {
    constructor(
      private readonly tasks: TasksService,
      private readonly lookUps: WaitingLookUps,
      private readonly adapterHost: HttpAdapterHost,
      @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
    ) {}

    @Get()
    list(@Req() request: object, @Res({ passthrough: true }) response: object): Promise<TaskListView> {
      return this.answer(response, async () => {
        const url = this.urlOf(request);
        const query = readTaskQuery(url);
        const { projectId } = await requesterOf(this.options, request);
        const meant = { ...query.filter, projectId };
        const groups = groupsOf(meant);
        // Without a group, only a preference can ask to wait, and one that cannot be met is ignored.
        const asked = groups.length > 0 ? askedWait(query.wait, this.prefer(request)) : null;
        const look = () => this.tasks.list(meant, query.page);
        const { tasks, next: marker } = await this.lookUps.list(response, asked, () => groups, look);
        const next = marker === null ? [] : [nextLink(url, query, marker)];
        const counts = query.counts ? countsView(await this.tasks.counts(meant)) : {};
        return {
          tasks: tasks.map((task) => foundTaskView(task, this.options)),
          tasks_links: next,
          ...counts,
        };
      });
    }

    @Get(':uuid')
    show(
      @Req() request: object,
      @Param('uuid') text: string,
      @Res({ passthrough: true }) response: object,
    ): Promise<{ task: FoundTaskView }> {
      return this.answer(response, async () => {
        const uuid = uuidOf(text, 'It');
        const asked = askedWait(readWait(this.urlOf(request)), this.prefer(request));
        const { projectId } = await requesterOf(this.options, request);
        const { task } = await this.lookUps.one(response, asked, async () => {
          const found = await this.tasks.findOne(uuid, { projectId });
          if (found === null) throw new TaskNotFoundError(uuid);
          return { task: found };
        });
        return { task: foundTaskView(task, this.options) };
      });
    }

    private urlOf(request: object): string {
      return this.adapterHost.httpAdapter.getRequestUrl(request) as string;
    }

    private prefer(request: object): string | string[] | undefined {
      return nodeRequest(request).headers['prefer'];
    }

    /** Passes errors through the host's `exception` option. */
    private async answer<T>(response: object, find: () => Promise<T>): Promise<T> {
      try {
        return await find();
      } catch (error) {
        const retryAfter = retryAfterOf(error);
        if (retryAfter !== undefined)
          this.adapterHost.httpAdapter.setHeader(response, 'Retry-After', String(retryAfter));
        throw this.options.exception(error);
      }
    }
  }
  return TaskController;
}

function nextLink(url: string, { filter, page }: TaskQuery, marker: string) {
  const pairs: [string, string][] = [['limit', String(page.limit)]];
  if (filter.tag !== undefined) pairs.push(['tag', filter.tag]);
  if (filter.subject !== undefined) pairs.push(['subject', toByteString(filter.subject)]);
  if (filter.task !== undefined) pairs.push(['task', toByteString(filter.task)]);
  for (const state of filter.states ?? []) pairs.push(['state', state]);
  if (filter.search !== undefined) pairs.push(['q', filter.search]);
  for (const name of ['since', 'until'] as const) {
    const time = filter[name];
    if (time !== undefined) pairs.push([name, new Date(time).toISOString()]);
  }
  pairs.push(['marker', marker]);
  const query = pairs.map(([name, value]) => `${name}=${encodeBytes(value)}`).join('&');
  return { rel: 'next' as const, href: `${url.split('?', 1)[0]}?${query}` };
}

/** Counts as clients see them. */
export function countsView(counts: TaskCounts): { counts: TaskCounts; counts_limit: number } {
  return { counts, counts_limit: COUNTS_LIMIT };
}
