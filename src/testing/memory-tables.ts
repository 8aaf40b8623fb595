import { Injectable } from '@nestjs/common';
import type { DuplicateCount } from '../tasks/duplicates/task-duplicates.entity.js';
import type { SentAnswer } from '../tasks/answers/sent-answer.js';
import { tagKey } from '../tasks/fingerprint/fingerprint.js';
import type { TagOwner } from '../tasks/recording/tag-owner.entity.js';
import { Task } from '../tasks/task.entity.js';

/** The tables of the library, in memory: as a database has them, and as empty at the start of each test module. */
@Injectable()
export class MemoryTables {
  /** By their uuids, the oldest first. */
  readonly tasks = new Map<string, Task>();
  /** The requests and abandonments to which a tag belongs alone, by its key. */
  readonly owners = new Map<string, TagOwner>();
  /** The subjects of a task besides its first one, by the task's uuid. */
  readonly subjects = new Map<string, Set<string>>();
  /** The stored answers, by the uuids of their tasks. */
  readonly answers = new Map<string, SentAnswer>();
  /** The duplicates of tasks, by their uuids. */
  readonly duplicates = new Map<string, DuplicateCount>();

  /** Tasks that meet a condition, newest first. */
  newestFirst(isMeant: (task: Task) => boolean): Task[] {
    return [...this.tasks.values()].filter(isMeant).reverse().map(copyOf);
  }

  find(uuid: string): Task | null {
    const task = this.tasks.get(uuid);
    return task === undefined ? null : copyOf(task);
  }

  withKey(duplicateKey: string | null): Task | null {
    if (duplicateKey === null) return null;
    return this.newestFirst((task) => task.duplicateKey === duplicateKey)[0] ?? null;
  }

  ownerOf({ projectId, tag }: Pick<Task, 'projectId' | 'tag'>): TagOwner | null {
    return this.owners.get(tagKey(projectId, tag ?? '')) ?? null;
  }

  write(task: Task): void {
    this.tasks.set(task.uuid, copyOf(task));
  }

  clear(): void {
    for (const table of [this.tasks, this.owners, this.subjects, this.answers, this.duplicates])
      table.clear();
  }
}

/** Nobody shares an object with a table, so that what a test holds stays as it was read. */
function copyOf(task: Task): Task {
  return Object.assign(new Task(), structuredClone({ ...task }));
}
