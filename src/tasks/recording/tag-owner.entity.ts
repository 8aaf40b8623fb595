import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bytes, HasTypedColumns } from '../../storage/typed-columns.js';
import { byteStrings, uuids } from '../../storage/bytes.js';
import type { BodyMembers } from '../fingerprint/body-members.js';

/**
 * A tag that belongs to one request only: a name, or any tag where tags must not be reused (`tagReuse: 'refuse'`). It
 * exists while that request counts as accepted, and is written and removed together with the task's own row.
 *
 * An abandoned tag, wherever, belongs to its abandonment: no request can have it any more.
 */
@Entity('tag_owners')
@Index('tag_owners_by_task', ['taskUuid'])
@HasTypedColumns('tag_owners')
export class TagOwner {
  /** A byte string: SHA-256 of project and tag. */
  @PrimaryColumn({ name: 'tag_key', ...bytes(32, byteStrings) })
  key!: string;

  @Column({ name: 'task_uuid', ...bytes(16, uuids) })
  taskUuid!: string;

  /** Shows in which parts another request differs; see `requestParts`. */
  @Column({ type: 'simple-json' })
  parts!: RequestParts;

  /** Whether the tag is a name, which may be free again. */
  @Column({
    name: 'is_name',
    type: 'int',
    nullable: true,
    transformer: {
      to: (isName: boolean | undefined) => (isName === true ? 1 : null),
      from: (column: number | bigint | null) => Number(column) === 1,
    },
  })
  isName!: boolean;

  /** How far the tag is abandoned; NULL for the tag of a request. */
  @Column({ type: 'varchar', length: 8, nullable: true })
  abandonment!: Abandonment | null;
}

/**
 * - `begun`: it is being found out whether a request has the tag; one that comes now takes the tag back
 * - `final`: no request under the tag is carried out. The abandonment is a task of its own
 */
export type Abandonment = 'begun' | 'final';

/** The parts of a request, each by the beginning of its hash. */
export interface RequestParts {
  method: string;
  url: string;
  body: string;
  /** The members of a JSON body, each by one byte of its hash. */
  members: BodyMembers;
}
