import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { epochMilliseconds, wholeNumber } from '../storage/columns.js';
import type { Tag } from './tag.js';
import { tagFromColumn, tagToColumn } from './tag.js';
import type { Resolved, Resource, TaskState } from './task.states.js';

/**
 * The record of one accepted, or once tried, mutating request.
 *
 * Column types are the same in every database, and the migrations give texts a binary collation, so comparison is exact
 * everywhere. The tag is stored in hexadecimal, since even those collations treat `a` and `a ` as equal.
 */
@Entity('tasks')
@Index('tasks_duplicate_key', ['duplicateKey'], { unique: true })
@Index('tasks_by_tag', ['projectId', 'tag', 'uuid'])
@Index('tasks_by_subject', ['projectId', 'subject', 'uuid'])
@Index('tasks_by_project', ['projectId', 'uuid'])
@Index('tasks_by_next_look', ['nextLook'])
export class Task {
  /** Version 7, so that the keys are in the order of time. */
  @PrimaryColumn({ type: 'varchar', length: 36 })
  uuid!: string;

  @Column({ name: 'project_id', type: 'varchar', length: 64 })
  projectId!: string;

  @Column({ name: 'user_id', type: 'varchar', length: 64 })
  userId!: string;

  @Column({
    type: 'varchar',
    length: 510,
    nullable: true,
    transformer: {
      to: (tag: Tag | null | undefined) => (typeof tag === 'string' ? tagToColumn(tag) : tag),
      from: (column: string | null) => (column === null ? null : tagFromColumn(column)),
    },
  })
  tag!: Tag | null;

  /** Hexadecimal SHA-256; NULL without a tag, and once the request no longer counts as accepted. */
  @Column({ name: 'duplicate_key', type: 'varchar', length: 64, nullable: true })
  duplicateKey!: string | null;

  /** Name of the operation: Nova's instance action, where there is one. */
  @Column({ type: 'varchar', length: 64 })
  task!: string;

  @Column({ type: 'varchar', length: 16 })
  state!: TaskState;

  /**
   * What the request is about, by the option `subject`. If the request creates it, it is known once there is an answer.
   */
  @Column({ type: 'varchar', length: 255, nullable: true })
  subject!: string | null;

  @Column({ type: 'simple-json', nullable: true })
  resource!: Resource | null;

  /** Request id from the compute service's answer. */
  @Column({ name: 'request_id', type: 'varchar', length: 64, nullable: true })
  requestId!: string | null;

  /** Request id that the client sent with the request, so that the task can be found from the client's own logs. */
  @Column({ name: 'global_request_id', type: 'varchar', length: 64, nullable: true })
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
}
