import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { BodyMembers } from '../fingerprint/body-members.js';

/**
 * A tag that belongs to one request only: a name, or any tag where tags must not be reused (`tagReuse: 'refuse'`). It exists while that
 * request counts as accepted, and is written and removed together with the task's own row.
 */
@Entity('tag_owners')
@Index('tag_owners_by_task', ['taskUuid'])
export class TagOwner {
  /** Hexadecimal SHA-256 of project and tag. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  key!: string;

  @Column({ name: 'task_uuid', type: 'varchar', length: 36 })
  taskUuid!: string;

  /** Shows in which parts another request differs; see `requestParts`. */
  @Column({ type: 'simple-json' })
  parts!: RequestParts;
}

/** The parts of a request, each by the beginning of its hash. */
export interface RequestParts {
  method: string;
  url: string;
  body: string;
  /** The members of a JSON body, each by one byte of its hash. */
  members: BodyMembers;
}
