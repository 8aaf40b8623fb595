import { type DataSource, In, type Repository } from 'typeorm';
import { statement } from '../../storage/statement.js';
import { storageOf } from '../../storage/storage-of.js';
import { ownKey } from '../fingerprint/fingerprint.js';
import { isSubject } from '../subject.js';
import { TaskSubject } from '../tables/task-subject.entity.js';
import { Task } from '../task.entity.js';
import type { Outcome, TaskState } from '../task.states.js';
import type { TasksOptions } from '../tasks.options.js';
import type { TagOwners } from './tag-owners.js';
import { changesOf } from './task-changes.js';
import type { TaskWrites } from './task-writes.js';

/** A new outcome of a task. */
export interface Settled {
  uuid: string;
  state: Outcome['state'];
  /** The subjects of the task that came with it. */
  subjects: readonly string[];
}

/** The writes that move a task on: each is a compare-and-set on its state. */
export class OutcomeWrites {
  private readonly tasks: Repository<Task>;
  private readonly subjects: Repository<TaskSubject>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly options: TasksOptions,
    private readonly writes: TaskWrites,
    private readonly owners: TagOwners,
  ) {
    this.tasks = dataSource.getRepository(Task);
    this.subjects = dataSource.getRepository(TaskSubject);
  }

  /**
   * Writes the outcome of a task that is in one of some states.
   *
   * @param more further changes
   * @returns `null` when it is in none of them
   */
  write(
    before: readonly TaskState[],
    uuid: string,
    outcome: Outcome,
    more: Partial<Task>,
  ): Promise<Settled | null> {
    const others = furtherSubjects(outcome);
    const changes = Object.assign(changesOf(outcome, this.options), more);
    const change = () =>
      outcome.state === 'rejected'
        ? this.reject(uuid, before, changes)
        : this.writes.change(uuid, before, changes);
    const written = others.length > 0 ? this.writeSubjects(uuid, others).then(change) : change();
    return written.then((isWritten) => (isWritten ? settledBy(uuid, outcome, changes) : null));
  }

  /** The process of a task has recorded what it answers, although other news of the task came first. */
  async answered(uuid: string, process: string | null): Promise<void> {
    await this.tasks.update({ uuid, process: process ?? '' }, { process: null });
  }

  /** See `TaskRecorder.freeName`. */
  freeName({ uuid, duplicateKey }: Task): Promise<boolean> {
    const update = this.tasks
      .createQueryBuilder()
      .update()
      .set({ duplicateKey: ownKey(uuid) });
    const isStillIts = { uuid, duplicateKey: duplicateKey ?? '' };
    return storageOf(this.dataSource).commit([
      this.owners.freedName(uuid),
      statement(update.where(isStillIts)),
    ]);
  }

  /** The same request may be sent again: its tag is freed, whether or not tags may be reused now. */
  private reject(uuid: string, from: readonly TaskState[], changes: Partial<Task>): Promise<boolean> {
    const update = this.tasks.createQueryBuilder().update().set(changes);
    const where = { uuid, state: In([...from]) };
    return storageOf(this.dataSource).commit([statement(update.where(where), 1), this.owners.freed(uuid)]);
  }

  /** They come before the state, so that a task with a recorded outcome has all its subjects. */
  private async writeSubjects(taskUuid: string, subjects: readonly string[]): Promise<void> {
    const rows = subjects.map((subject) => ({ taskUuid, subject }));
    await this.subjects.createQueryBuilder().insert().values(rows).orIgnore().execute();
  }
}

/** The subjects of an outcome besides the first one, which is that of its resource. */
export function furtherSubjects(outcome: Outcome): string[] {
  const subjects = ('subjects' in outcome && outcome.subjects) || NONE;
  return subjects.length > 1 ? subjects.slice(1).filter(isSubject) : [];
}

/** What is told of an outcome that was written. */
export function settledBy(uuid: string, outcome: Outcome, { subject }: Partial<Task>): Settled {
  const others = ('subjects' in outcome && outcome.subjects) || NONE;
  return { uuid, state: outcome.state, subjects: subject == null ? others : [subject, ...others] };
}

const NONE: readonly string[] = [];
