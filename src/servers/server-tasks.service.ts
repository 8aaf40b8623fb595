import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ComputeService } from '../compute/compute.service.js';
import type { Caller } from '../identity/caller.js';
import { Conflict, NotFound } from '../openstack/faults.js';
import { uuidOf } from '../openstack/uuid.js';
import type { Tag } from '../tasks/tag.js';
import type { Task } from '../tasks/task.entity.js';
import type { TaskFilter } from '../tasks/task.filter.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks/tasks.options.js';
import { type Page, type TaskPage, TasksService } from '../tasks/tasks.service.js';
import { groupsOf, type TasksOf } from '../tasks/waiting/awaited.js';
import { toText } from '../url/percent-encoding.js';
import { retentionNote } from './retention-note.js';

/** The tag, if found by it; `null` if found by the server's id. */
interface Found {
  tag: Tag | null;
}

/**
 * Look-ups by tag or server id. An id wins over a tag that looks the same. Another project's objects are answered as if
 * they did not exist: every look-up includes the caller's project.
 */
@Injectable()
export class ServerTasksService {
  constructor(
    private readonly tasks: TasksService,
    private readonly compute: ComputeService,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  /**
   * The tasks of a server or of a tag, newest first.
   *
   * @throws NotFound when neither the server nor a task of the tag exists
   */
  async list(
    key: Tag,
    caller: Caller,
    filter: Omit<TaskFilter, 'projectId'>,
    page: Page,
    request: FastifyRequest,
  ): Promise<TaskPage & Found> {
    // Without these, an empty list proves that there is nothing; with them, only that nothing is left.
    const isNarrowed = Object.keys(filter).length > 0 || page.marker !== undefined;
    for (const meaning of meanings(key, caller)) {
      const found = await this.tasks.list({ ...meaning, ...filter }, page);
      const isKnown = found.tasks.length > 0 || found.hasMore;
      if (isKnown || (isNarrowed && (await this.tasks.exists(meaning)))) {
        return { ...found, tag: meaning.tag ?? null };
      }
    }
    // A server that was made before tasks were recorded, or whose tasks are gone, has an empty list.
    const id = uuidOf(key);
    if (id !== null) {
      const { status } = await this.compute.showServer(id, request);
      if (status !== 200) throw this.nothingFound(key);
      return { tasks: [], hasMore: false, next: null, tag: null };
    }
    throw this.nothingFound(key);
  }

  /** The tasks that a look-up is about, in the order in which its key's meanings are tried. */
  groups(key: Tag, caller: Caller, { task }: Pick<TaskFilter, 'task'>): TasksOf[] {
    return meanings(key, caller).flatMap((meaning) =>
      groupsOf({ ...meaning, ...(task !== undefined && { task }) }),
    );
  }

  /** One task of a server or of a tag. */
  async findOne(key: Tag, asked: string, caller: Caller): Promise<{ task: Task } & Found> {
    const uuid = uuidOf(asked);
    for (const meaning of meanings(key, caller)) {
      const task = uuid === null ? null : await this.tasks.findOne(uuid, meaning);
      if (task !== null) return { task, tag: meaning.tag ?? null };
    }
    throw new NotFound(`Task ${asked} could not be found.${retentionNote(this.options.retentionMs)}`);
  }

  /**
   * The one server that the tasks of a tag name; `null` when they name none.
   *
   * @throws Conflict with the ids when they name several
   */
  async serverOfTag(tag: Tag, caller: Caller): Promise<string | null> {
    const ids = await this.tasks.subjectsOf(caller.projectId, tag, 100);
    const [id] = ids;
    if (id !== undefined && ids.length > 1) {
      throw new Conflict(`The tag covers several servers: ${ids.join(', ')}. Use the id of one of them.`, {
        servers: ids,
      });
    }
    return id ?? null;
  }

  private nothingFound(key: Tag): NotFound {
    const note = retentionNote(this.options.retentionMs);
    return new NotFound(`No server or tag ${toText(key)} could be found.${note}`);
  }
}

/** The possible meanings of a key, in the order in which they are tried. */
function meanings(key: Tag, { projectId }: Caller): TaskFilter[] {
  const byTag = { projectId, tag: key };
  const subject = uuidOf(key);
  return subject === null ? [byTag] : [{ projectId, subject }, byTag];
}
