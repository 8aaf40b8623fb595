import { Inject, Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { EntityManager } from 'typeorm';
import type { ApiError } from '../errors/api-error.js';
import { type FingerprintInput, ownKey, requestParts, tagKey } from '../tasks/fingerprint/fingerprint.js';
import type { Ownership } from '../tasks/recording/new-task-writes.js';
import { furtherSubjects, type Settled, settledBy } from '../tasks/recording/outcome-writes.js';
import { differing } from '../tasks/recording/tag-owners.js';
import { changesOf } from '../tasks/recording/task-changes.js';
import type { TaskStore } from '../tasks/recording/task.store.js';
import type { Written } from '../tasks/recording/task-writes.js';
import type { Task } from '../tasks/task.entity.js';
import {
  AbandonedTagError,
  DuplicateRequestError,
  TagInUseError,
  TaskMovedOnError,
} from '../tasks/task.errors.js';
import { isEnded, type Outcome, statesBefore, type TaskState } from '../tasks/task.states.js';
import { TASKS_OPTIONS, type TasksOptions } from '../tasks/tasks.options.js';
import { MemoryTables } from './memory-tables.js';

/** Writes tasks into memory, as `TaskStore` does into a database. Each method is one step, so nothing comes between. */
@Injectable()
export class MemoryStore implements Pick<TaskStore, keyof TaskStore> {
  readonly grouped: TaskStore['grouped'] = new Subject();
  readonly committed: TaskStore['committed'] = new Subject();
  readonly waiting = 0;

  constructor(
    private readonly tables: MemoryTables,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  check(): Promise<void> {
    return Promise.resolve();
  }

  drain(): Promise<void> {
    return Promise.resolve();
  }

  insert(task: Task, request: FingerprintInput | null, owns: Ownership): Promise<Written> {
    return Promise.resolve(this.insertNow(task, request, owns));
  }

  private insertNow(task: Task, request: FingerprintInput | null, owns: Ownership): Written {
    if (this.tables.withKey(task.duplicateKey) !== null) return 'taken';
    const { uuid, projectId, tag } = task;
    if (tag === null || request === null) {
      this.tables.write(task);
      return 'written';
    }
    const owner = this.tables.ownerOf(task);
    if (owns !== 'shared') {
      if (owner !== null) return 'taken';
      const key = tagKey(projectId, tag);
      const parts = requestParts(request);
      this.tables.owners.set(key, {
        key,
        taskUuid: uuid,
        parts,
        isName: owns === 'name',
        abandonment: null,
      });
    }
    this.tables.write(task);
    return owner !== null && owner.abandonment !== null ? 'abandoned' : 'written';
  }

  refusalOf(task: Task, request: FingerprintInput, owns: Ownership): Promise<ApiError | null> {
    const first = this.tables.withKey(task.duplicateKey);
    if (first !== null) return Promise.resolve(new DuplicateRequestError(first));
    const owner = owns === 'shared' ? null : this.tables.ownerOf(task);
    if (owner === null) return Promise.resolve(null);
    if (owner.abandonment !== null) return this.abandonmentOf(task);
    const other = this.tables.find(owner.taskUuid);
    if (other === null) return Promise.resolve(null);
    return Promise.resolve(new TagInUseError(other, differing(requestParts(request), owner.parts)));
  }

  abandonmentOf(task: Task): Promise<AbandonedTagError | null> {
    const owner = this.tables.ownerOf(task);
    const abandonment =
      owner === null || owner.abandonment === null ? null : this.tables.find(owner.taskUuid);
    return Promise.resolve(abandonment === null ? null : new AbandonedTagError(abandonment));
  }

  open(uuids: string[]): Promise<string[]> {
    const found = uuids.map((uuid) => this.tables.find(uuid));
    return Promise.resolve(
      found.flatMap((task) => (task === null || isEnded(task.state) ? [] : [task.uuid])),
    );
  }

  settle(
    before: readonly TaskState[],
    uuid: string,
    outcome: Outcome,
    more: Partial<Task>,
  ): Promise<Settled | null> {
    for (const subject of furtherSubjects(outcome)) this.addSubject(uuid, subject);
    const task = this.tables.find(uuid);
    if (task === null || !before.includes(task.state)) return Promise.resolve(null);
    const changes = { ...changesOf(outcome, this.options), ...more };
    this.tables.write({ ...task, ...changes });
    if (outcome.state === 'rejected') this.freeTag(uuid, () => true);
    return Promise.resolve(settledBy(uuid, outcome, changes));
  }

  /** There are no transactions in memory: the end counts at once, and a rollback does not undo it. */
  async settleIn(_: EntityManager, uuid: string, outcome: Outcome, more: Partial<Task>): Promise<void> {
    const settled = await this.settle(statesBefore(outcome, 'answer'), uuid, outcome, more);
    if (settled === null) throw new TaskMovedOnError(uuid);
    this.committed.next(settled);
  }

  /** It is for processes that die, and these tests have one. */
  answered(): Promise<void> {
    return Promise.resolve();
  }

  /** Nothing is looked at in these tests. */
  looked(): Promise<boolean> {
    return Promise.resolve(false);
  }

  lookNow(): Promise<void> {
    return Promise.resolve();
  }

  freeName({ uuid }: Task): Promise<boolean> {
    const isFreed = this.freeTag(uuid, ({ isName }) => isName);
    const task = this.tables.find(uuid);
    if (isFreed && task !== null) this.tables.write({ ...task, duplicateKey: ownKey(uuid) });
    return Promise.resolve(isFreed);
  }

  private freeTag(taskUuid: string, isMeant: (owner: { isName: boolean }) => boolean): boolean {
    let isFreed = false;
    for (const [key, owner] of this.tables.owners) {
      if (owner.taskUuid === taskUuid && isMeant(owner)) isFreed = this.tables.owners.delete(key);
    }
    return isFreed;
  }

  private addSubject(taskUuid: string, subject: string): void {
    const subjects = this.tables.subjects.get(taskUuid) ?? new Set();
    this.tables.subjects.set(taskUuid, subjects.add(subject));
  }
}
