import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource, Repository } from 'typeorm';
import { isUniqueViolation } from '../../storage/driver-errors.js';
import { onMaster } from '../../storage/on-master.js';
import { statement } from '../../storage/statement.js';
import { storageOf } from '../../storage/storage-of.js';
import { Task } from '../task.entity.js';
import { AbandonedTagError } from '../task.errors.js';
import { RecorderBusyError } from './recorder-busy.error.js';
import { type Abandonment, TagOwner } from './tag-owner.entity.js';

/** How often a request, or an abandonment, looks again when others were faster. */
export const MOST_LOOKS = 20;

/** How much longer the pause before each of these looks is, in milliseconds. */
export const LOOK_PAUSE_MS = 5;

/** An abandoned tag must not be the tag of any request, so it has no parts to compare. */
export const NO_REQUEST = { method: '', url: '', body: '', members: {} };

/**
 * The tags that are abandoned, or about to be. What is in the table `tag_owners` decides, by its key and by
 * compare-and-set: neither side waits for the other, or holds a lock.
 *
 * An abandonment is first written as `begun`, and then its side looks for tasks of the tag; if there are none, it makes
 * it `final`. A request is first recorded, and then its side looks for an abandonment of its tag: one that is only
 * `begun` it takes back, for one that is `final` it gives up. Each writes before it looks, so at least one of the two
 * sees the other; and of "take back" and "make final", the database lets only one succeed. So a request under an
 * abandoned tag is never carried out, and one of the two always goes ahead.
 */
export class AbandonedTags {
  private readonly owners: Repository<TagOwner>;
  private readonly tasks: Repository<Task>;

  constructor(private readonly dataSource: DataSource) {
    this.owners = dataSource.getRepository(TagOwner);
    this.tasks = dataSource.getRepository(Task);
  }

  /**
   * Why a request that met an abandonment of its tag is not carried out; `null`: it may go on, and its tag can no
   * longer be abandoned.
   *
   * @param key the tag's, by `tagKey`
   * @throws RecorderBusyError when the tag is being abandoned again and again
   */
  async refusalOf(key: string): Promise<AbandonedTagError | null> {
    for (let n = 0; n < MOST_LOOKS; n += 1) {
      await pause(n * LOOK_PAUSE_MS);
      const owner = await this.find(key);
      if (owner === null || owner.abandonment === null) return null;
      if (owner.abandonment === 'begun') {
        if (await this.takeBack(owner)) return null;
        continue;
      }
      const task = await this.taskOf(owner);
      if (task !== null) return new AbandonedTagError(task);
    }
    throw new RecorderBusyError();
  }

  /** Who has a tag: a request, or its abandonment. */
  find(key: string): Promise<TagOwner | null> {
    return onMaster(this.dataSource, (manager) => manager.findOneBy(TagOwner, { key }));
  }

  /** The task of an abandonment that is final; `null` when it has been dropped meanwhile, because of its age. */
  taskOf({ taskUuid }: TagOwner): Promise<Task | null> {
    return onMaster(this.dataSource, (manager) => manager.findOneBy(Task, { uuid: taskUuid }));
  }

  /** Begins to abandon a tag, unless somebody has it. */
  async begin(key: string, taskUuid: string): Promise<void> {
    const owner = { key, taskUuid, parts: NO_REQUEST, isName: false, abandonment: 'begun' as const };
    const insert = this.owners.createQueryBuilder().insert().values(owner).updateEntity(false);
    try {
      await storageOf(this.dataSource).commit([statement(insert)]);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }

  /**
   * Makes an abandonment final, and records it as a task.
   *
   * @returns false when a request has taken the tag back, or another process was faster
   */
  finish(owner: TagOwner, task: Task): Promise<boolean> {
    const update = this.owners
      .createQueryBuilder()
      .update()
      .set({ abandonment: 'final' })
      .where(begun(owner));
    return storageOf(this.dataSource).commit([
      statement(update, 1),
      statement(this.tasks.createQueryBuilder().insert().values(task).updateEntity(false)),
    ]);
  }

  /** @returns false when the abandonment is final, or another process was faster */
  takeBack(owner: TagOwner): Promise<boolean> {
    const removal = this.owners.createQueryBuilder().delete().where(begun(owner));
    return storageOf(this.dataSource).commit([statement(removal, 1)]);
  }
}

/** Each attempt has a task id of its own, so a later one is never taken for an earlier one. */
function begun({ key, taskUuid }: TagOwner) {
  return { key, taskUuid, abandonment: 'begun' satisfies Abandonment as Abandonment };
}
