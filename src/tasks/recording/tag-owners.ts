import type { DataSource, Repository } from 'typeorm';
import { isUniqueViolation } from '../../storage/driver-errors.js';
import { onMaster } from '../../storage/on-master.js';
import { type Statement, statement } from '../../storage/statement.js';
import { storageOf } from '../../storage/storage-of.js';
import { differingMembers } from '../fingerprint/body-members.js';
import { type FingerprintInput, requestParts, tagKey } from '../fingerprint/fingerprint.js';
import { Task } from '../task.entity.js';
import { type AbandonedTagError, TagInUseError } from '../task.errors.js';
import type { AbandonedTags } from './abandoned-tags.js';
import { RecorderBusyError } from './recorder-busy.error.js';
import { type RequestParts, TagOwner } from './tag-owner.entity.js';

/** How many requests may wait to take their tag: each needs a transaction of its own. */
const MOST = 10_000;

/** The tags that belong to one request only. The table's key decides which request comes second. */
export class TagOwners {
  private readonly owners: Repository<TagOwner>;
  private readonly tasks: Repository<Task>;
  private taking = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly abandoned: AbandonedTags,
  ) {
    this.owners = dataSource.getRepository(TagOwner);
    this.tasks = dataSource.getRepository(Task);
  }

  /** How many tasks are waiting to be written with their tag. */
  get waiting(): number {
    return this.taking;
  }

  /**
   * Writes a new task, and takes its tag for it.
   *
   * @returns false when its duplicate key or its tag is taken; nothing is written then
   * @throws RecorderBusyError when too many wait
   */
  async insert(task: Task, request: FingerprintInput, isName: boolean): Promise<boolean> {
    if (this.taking >= MOST) throw new RecorderBusyError();
    const key = tagKey(task.projectId, task.tag ?? '');
    const owner = { key, taskUuid: task.uuid, parts: requestParts(request), isName, abandonment: null };
    this.taking += 1;
    try {
      return await storageOf(this.dataSource).commit([
        statement(this.tasks.createQueryBuilder().insert().values(task).updateEntity(false)),
        statement(this.owners.createQueryBuilder().insert().values(owner).updateEntity(false)),
      ]);
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    } finally {
      this.taking -= 1;
    }
  }

  /** The statement that frees the name of a task; it changes no row if the tag of the task is not one. */
  freedName(taskUuid: string): Statement {
    return statement(this.owners.createQueryBuilder().delete().where({ taskUuid, isName: true }), 1);
  }

  /** The statement that frees the tag of a task. */
  freed(taskUuid: string): Statement {
    return statement(this.owners.createQueryBuilder().delete().where({ taskUuid }));
  }

  /** The reason why a task's tag cannot be taken; `null` when it has been freed meanwhile. */
  async refusalOf(
    { projectId, tag }: Task,
    request: FingerprintInput,
  ): Promise<TagInUseError | AbandonedTagError | null> {
    const key = tagKey(projectId, tag ?? '');
    const [owner, first] = await onMaster(this.dataSource, async (manager) => {
      const found = await manager.findOneBy(TagOwner, { key });
      return [found, found && (await manager.findOneBy(Task, { uuid: found.taskUuid }))];
    });
    if (owner !== null && owner.abandonment !== null) return this.abandoned.refusalOf(key);
    if (owner === null || first === null) return null;
    return new TagInUseError(first, differing(requestParts(request), owner.parts));
  }
}

/** What two requests under one tag differ in. */
export function differing(one: RequestParts, other: RequestParts): string[] {
  return [
    ...(one.method !== other.method ? ['method'] : []),
    ...(one.url !== other.url ? ['URL'] : []),
    ...(one.body !== other.body ? [differingBody(one, other)] : []),
  ];
}

/** The body, with the members that differ if both bodies have some. */
function differingBody({ members: one }: RequestParts, { members: other }: RequestParts): string {
  const haveMembers = [one, other].every((members) => Object.keys(members).length > 0);
  const names = haveMembers ? differingMembers(one, other) : [];
  return names.length === 0 ? 'body' : `body (${names.join(', ')})`;
}
