import type { DataSource, Repository } from 'typeorm';
import { type Statement, statement } from '../../storage/statement.js';
import { storageOf } from '../../storage/storage-of.js';
import { isUniqueViolation } from '../../storage/driver-errors.js';
import { onMaster } from '../../storage/on-master.js';
import { type FingerprintInput, requestParts, tagKey } from '../fingerprint/fingerprint.js';
import { RecorderBusyError } from './recorder-busy.error.js';
import { TagClaim } from './tag-claim.entity.js';
import { Task } from '../task.entity.js';
import { TagInUseError } from '../task.errors.js';

/** How many requests may claim their tag at the same time: each needs a transaction of its own, so they wait for one. */
const MOST = 10_000;

/** The tags that stand for one request only. Who comes second is decided by the table's key. */
export class TagClaims {
  private readonly claims: Repository<TagClaim>;
  private readonly tasks: Repository<Task>;
  private claiming = 0;

  constructor(private readonly dataSource: DataSource) {
    this.claims = dataSource.getRepository(TagClaim);
    this.tasks = dataSource.getRepository(Task);
  }

  /** How many tasks wait to be written with their claim. */
  get waiting(): number {
    return this.claiming;
  }

  /**
   * Writes a new task, and claims its tag.
   *
   * @returns false when its duplicate key or its tag is taken; nothing is written then
   * @throws RecorderBusyError when too many wait
   */
  async insert(task: Task, request: FingerprintInput): Promise<boolean> {
    if (this.claiming >= MOST) throw new RecorderBusyError();
    const key = tagKey(task.projectId, task.tag ?? '');
    const claim = { key, taskUuid: task.uuid, parts: requestParts(request) };
    this.claiming += 1;
    try {
      return await storageOf(this.dataSource).commit([
        statement(this.tasks.createQueryBuilder().insert().values(task).updateEntity(false)),
        statement(this.claims.createQueryBuilder().insert().values(claim).updateEntity(false)),
      ]);
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    } finally {
      this.claiming -= 1;
    }
  }

  /** The statement that frees the tag of a task. */
  freed(taskUuid: string): Statement {
    return statement(this.claims.createQueryBuilder().delete().where({ taskUuid }));
  }

  /** Why a task's tag cannot be claimed; `null` when it has been freed meanwhile. */
  async refusalOf({ projectId, tag }: Task, request: FingerprintInput): Promise<TagInUseError | null> {
    const [claim, first] = await onMaster(this.dataSource, async (manager) => {
      const found = await manager.findOneBy(TagClaim, { key: tagKey(projectId, tag ?? '') });
      return [found, found && (await manager.findOneBy(Task, { uuid: found.taskUuid }))];
    });
    if (claim === null || first === null) return null;
    const parts = requestParts(request);
    const differing = [
      ...(parts.method !== claim.parts.method ? ['method'] : []),
      ...(parts.url !== claim.parts.url ? ['URL'] : []),
      ...(parts.body !== claim.parts.body ? ['body'] : []),
    ];
    return new TagInUseError(first, differing);
  }
}
