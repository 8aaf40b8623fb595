import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bytes, HasTypedColumns } from '../../storage/typed-columns.js';
import { uuids } from '../../storage/bytes.js';
import { epochMilliseconds } from '../../storage/columns.js';

/**
 * An answer to a request without a tag that did not reach its client. It is given to one later request at most, by
 * compare-and-set on `givenTo`.
 */
@Entity('lost_answers')
@Index('lost_answers_by_time', ['lostAt'])
@HasTypedColumns('lost_answers')
export class LostAnswer {
  @PrimaryColumn({ name: 'task_uuid', ...bytes(16, uuids) })
  taskUuid!: string;

  @Column({ name: 'lost_at', type: 'bigint', transformer: epochMilliseconds })
  lostAt!: number;

  /** An id of the request that gets it; NULL while none does. */
  @Column({ name: 'given_to', type: 'varchar', length: 36, nullable: true })
  givenTo!: string | null;
}
