import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { newTaskRow } from '../tasks/recording/new-task-row.js';
import { assertTag, tagFromText } from '../tasks/tag.js';
import type { Task } from '../tasks/task.entity.js';
import { singleTenant, TASKS_OPTIONS, type TasksOptions } from '../tasks/tasks.options.js';
import { MemoryTables } from './memory-tables.js';

/** What a test sees of the tasks that were recorded, by `TasksTestingModule`. */
@Injectable()
export class RecordedTasks {
  /** @internal */
  constructor(
    private readonly tables: MemoryTables,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  /** All tasks of all projects as they are now, the oldest first. */
  all(): Task[] {
    return this.tables.newestFirst(() => true).reverse();
  }

  /** Those of a tag, the oldest first. @param tag as a client sends it: a text */
  under(tag: string): Task[] {
    const bytes = tagFromText(tag);
    return this.all().filter((task) => task.tag === bytes);
  }

  /**
   * Records a task without a request, such as for a test that calls a handler itself, and gives it what `@CurrentTask()`
   * would be. It is `pending`, and belongs to the project of `singleTenant`, unless told otherwise.
   *
   * @param given what matters for the test, such as `{ tag: 't1', state: 'unknown' }`
   */
  add(given: Partial<Task> = {}): Task {
    const { uuid = uuidv7(), tag = null } = given;
    if (tag !== null) assertTag(tag, 'The tag');
    const request = {
      ...{ ...singleTenant(), tag, tagMeans: 'label' as const, description: null, task: 'test' },
      ...{ resource: given.resource ?? null, requestId: null, globalRequestId: null },
    };
    const task = { ...newTaskRow(request, uuid, null, this.options), ...given };
    this.tables.write(task);
    return this.tables.find(uuid) as Task;
  }

  /** Forgets all of them, with their tags and stored answers: every request is a first one again. */
  clear(): void {
    this.tables.clear();
  }
}
