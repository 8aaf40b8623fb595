import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A tag that stands for one request only, where tags must not be used again (`tagReuse: 'refuse'`). It is there as
 * long as that request counts as accepted, and is written and removed together with the task's own row.
 */
@Entity('tag_owners')
@Index('tag_owners_by_task', ['taskUuid'])
export class TagOwner {
  /** Hexadecimal SHA-256 of project and tag. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  key!: string;

  @Column({ name: 'task_uuid', type: 'varchar', length: 36 })
  taskUuid!: string;

  /** What tells in which part another request differs; see `requestParts`. */
  @Column({ type: 'simple-json' })
  parts!: RequestParts;
}

/** The parts of a request, each by the beginning of its hash. */
export interface RequestParts {
  method: string;
  url: string;
  body: string;
}
