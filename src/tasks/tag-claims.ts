import type { DataSource, Repository } from 'typeorm';
import { type Statement, statement } from '../database/all-or-nothing.js';
import { type FingerprintInput, requestParts, tagKey } from './fingerprint.js';
import { TagClaim } from './tag-claim.entity.js';
import type { Task } from './task.entity.js';
import { TagInUseError } from './task.errors.js';

/** The tags that stand for one request only. Who comes second is decided by the table's key. */
export class TagClaims {
  private readonly claims: Repository<TagClaim>;

  constructor(dataSource: DataSource) {
    this.claims = dataSource.getRepository(TagClaim);
  }

  /** Claims a task's tag; to be committed together with the task. */
  claim({ uuid, projectId, tag }: Task, request: FingerprintInput): Statement {
    const claim = { key: tagKey(projectId, tag ?? ''), taskUuid: uuid, parts: requestParts(request) };
    return statement(this.claims.createQueryBuilder().insert().values(claim).updateEntity(false));
  }

  /** Frees the tag of a request that was not accepted; to be committed together with that. */
  free(taskUuid: string): Statement {
    return statement(this.claims.createQueryBuilder().delete().where({ taskUuid }));
  }

  /**
   * Why a task's tag cannot be claimed; `null` when it has been freed meanwhile.
   *
   * @param find looks a task up by its uuid
   */
  async refusalOf(
    { projectId, tag }: Task,
    request: FingerprintInput,
    find: (uuid: string) => Promise<Task | null>,
  ): Promise<TagInUseError | null> {
    const claim = await this.claims.findOneBy({ key: tagKey(projectId, tag ?? '') });
    const first = claim === null ? null : await find(claim.taskUuid);
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
