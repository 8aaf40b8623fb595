import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bytes, HasTypedColumns, manyBytes, oneOfTexts, upToBytes } from '../storage/typed-columns.js';
import { byteStrings, uuids } from '../storage/bytes.js';
import { epochMilliseconds, wholeNumber } from '../storage/columns.js';
import { ids, packedByteStrings } from '../storage/packed-ids.js';
import { packedJson } from '../storage/packed-json.js';
import { LONGEST_KEY_BYTES } from './fingerprint/fingerprint.js';
import { ID_BYTES, SUBJECT_BYTES, TAG_BYTES } from './tables/id-widths.js';
import type { DuplicateCount } from './duplicates/task-duplicates.entity.js';
import type { Tag } from './tag.js';
import { LONGEST_STATE, type Resolved, type Resource, TASK_STATES, type TaskState } from './task.states.js';

/**
 * The record of one accepted, or once tried, mutating request.
 *
 * Column types are the same in every database but those of bytes. Ids and tags are bytes: they are compared exactly
 * everywhere, and take little room in the row and in the indexes; see `storage/packed-ids.ts`.
 */
@Entity('tasks')
@Index('tasks_duplicate_key', ['duplicateKey'], { unique: true })
@Index('tasks_by_tag', ['projectId', 'tag', 'uuid'])
@Index('tasks_by_subject', ['projectId', 'subject', 'uuid'])
@Index('tasks_by_state', ['state', 'projectId', 'uuid'])
@Index('tasks_by_request', ['requestId', 'uuid'], { where: 'request_id IS NOT NULL' })
@Index('tasks_by_global_request', ['globalRequestId', 'uuid'], { where: 'global_request_id IS NOT NULL' })
@Index('tasks_by_next_look', ['nextLook'])
@HasTypedColumns('tasks')
export class Task {
  /** Version 7, so that the keys are in the order of time. */
  @PrimaryColumn(bytes(16, uuids))
  uuid!: string;

  @Column({ name: 'project_id', ...upToBytes(ID_BYTES, ids) })
  projectId!: string;

  @Column({ name: 'user_id', ...upToBytes(ID_BYTES, ids) })
  userId!: string;

  @Column({ nullable: true, ...upToBytes(TAG_BYTES, packedByteStrings) })
  tag!: Tag | null;

  /** A byte string; see `fingerprint/`. NULL without a tag, and once the request no longer counts as accepted. */
  @Column({ name: 'duplicate_key', nullable: true, ...upToBytes(LONGEST_KEY_BYTES, byteStrings) })
  duplicateKey!: string | null;

  /** Name of the operation: Nova's instance action, where there is one. */
  @Column({ type: 'varchar', length: 64 })
  task!: string;

  @Column(oneOfTexts(TASK_STATES, LONGEST_STATE))
  state!: TaskState;

  /**
   * What the request is about, by the option `subject`. If the request creates it, it is known once there is an answer.
   */
  @Column({ nullable: true, ...upToBytes(SUBJECT_BYTES, ids) })
  subject!: string | null;

  @Column({ nullable: true, ...manyBytes(packedJson) })
  resource!: Resource | null;

  /** Request id from the compute service's answer. */
  @Column({ name: 'request_id', nullable: true, ...upToBytes(ID_BYTES, ids) })
  requestId!: string | null;

  /** Request id that the client sent with the request, so that the task can be found from the client's own logs. */
  @Column({ name: 'global_request_id', nullable: true, ...upToBytes(ID_BYTES, ids) })
  globalRequestId!: string | null;

  @Column({ name: 'fault_code', type: 'int', nullable: true, transformer: wholeNumber })
  faultCode!: number | null;

  @Column({ name: 'fault_message', type: 'text', nullable: true })
  faultMessage!: string | null;

  /** Who ended the task by hand; NULL for nearly all tasks, which end by themselves. */
  @Column({ type: 'simple-json', nullable: true })
  resolved!: Resolved | null;

  @Column({ name: 'start_time', type: 'bigint', transformer: epochMilliseconds })
  startTime!: number;

  @Column({ name: 'last_updated', type: 'bigint', transformer: epochMilliseconds })
  lastUpdated!: number;

  /**
   * When the follower should look at the task next; NULL once it has ended. A process moves this time ahead before it
   * looks, which is the lease: no other process looks before it has passed.
   */
  @Column({ name: 'next_look', type: 'bigint', nullable: true, transformer: epochMilliseconds })
  nextLook!: number | null;

  /**
   * Whether the handler ends the task in the transaction in which it does its work. A task that is still open when its
   * process has died was then certainly not carried out.
   */
  @Column({
    name: 'same_transaction',
    type: 'int',
    nullable: true,
    transformer: {
      to: (isSame: boolean | undefined) => (isSame === true ? 1 : null),
      from: (column: number | bigint | null) => Number(column) === 1,
    },
  })
  sameTransaction!: boolean;

  /**
   * The process that runs the handler, by its id in `task_processes`. NULL once it has recorded what it answers, and where
   * processes do not report that they are alive.
   */
  @Column({ type: 'varchar', length: 16, nullable: true })
  process!: string | null;

  /**
   * How long after its record the request was handed on, in milliseconds; NULL: it was not, or nobody knows. Written with
   * the outcome. A difference is half as wide as a time.
   */
  @Column({ name: 'sent_after', type: 'int', nullable: true, transformer: wholeNumber })
  sentAfter!: number | null;

  /**
   * How long after its record its answer was known, in milliseconds; NULL without an answer, and for a task that its
   * answer ended: then it is `lastUpdated`.
   */
  @Column({ name: 'answered_after', type: 'int', nullable: true, transformer: wholeNumber })
  answeredAfter!: number | null;

  /** When it was last looked at; NULL for a task that its answer ended. */
  @Column({ name: 'looked_at', type: 'bigint', nullable: true, transformer: epochMilliseconds })
  lookedAt!: number | null;

  /** Why it was still open then, in a sentence; NULL where its state says all. */
  @Column({ name: 'why_open', type: 'varchar', length: 255, nullable: true })
  whyOpen!: string | null;

  /** Where in which trace the request was recorded, as `traceparent` has it; NULL without a trace. */
  @Column({ name: 'trace_context', type: 'varchar', length: 55, nullable: true })
  traceContext!: string | null;

  /** The same requests that came later. It is no column: only look-ups know it. */
  duplicates?: DuplicateCount;
}
