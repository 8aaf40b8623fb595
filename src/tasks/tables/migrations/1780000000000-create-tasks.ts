import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  ascii,
  bigint,
  bytes,
  choice,
  createTable,
  integer,
  nullable,
  text,
  varchar,
} from '../../../storage/create-table.js';
import { MANY, upTo, UUID } from '../../../storage/width.js';
import { LONGEST_KEY_BYTES } from '../../fingerprint/fingerprint.js';
import { ID_BYTES, SUBJECT_BYTES, TAG_BYTES } from '../id-widths.js';
import { Task } from '../../task.entity.js';
import { LONGEST_STATE, TASK_STATES } from '../../task.states.js';
import { tableNames } from './table-names.js';

export class CreateTasks1780000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { table, index } = tableNames(runner, Task);
    await createTable(
      runner,
      table,
      [
        bytes(runner, 'uuid', UUID, { isPrimary: true }),
        bytes(runner, 'project_id', upTo(ID_BYTES)),
        bytes(runner, 'user_id', upTo(ID_BYTES)),
        bytes(runner, 'tag', upTo(TAG_BYTES), nullable),
        bytes(runner, 'duplicate_key', upTo(LONGEST_KEY_BYTES), nullable),
        varchar('task', 64),
        choice(runner, 'state', TASK_STATES, LONGEST_STATE),
        bytes(runner, 'subject', upTo(SUBJECT_BYTES), nullable),
        bytes(runner, 'resource', MANY, nullable),
        bytes(runner, 'request_id', upTo(ID_BYTES), nullable),
        bytes(runner, 'global_request_id', upTo(ID_BYTES), nullable),
        integer(runner, 'fault_code', nullable),
        text('fault_message', nullable),
        text('resolved', nullable),
        bigint('start_time'),
        bigint('last_updated'),
        bigint('next_look', nullable),
        integer(runner, 'same_transaction', nullable),
        ascii('process', 16, nullable),
        integer(runner, 'sent_after', nullable),
        integer(runner, 'answered_after', nullable),
        bigint('looked_at', nullable),
        varchar('why_open', 255, nullable),
        ascii('trace_context', 55, nullable),
      ],
      [
        { name: index('tasks_duplicate_key'), columnNames: ['duplicate_key'], isUnique: true },
        { name: index('tasks_by_tag'), columnNames: ['project_id', 'tag', 'uuid'] },
        { name: index('tasks_by_subject'), columnNames: ['project_id', 'subject', 'uuid'] },
        { name: index('tasks_by_state'), columnNames: ['state', 'project_id', 'uuid'] },
        {
          name: index('tasks_by_request'),
          columnNames: ['request_id', 'uuid'],
          where: 'request_id IS NOT NULL',
        },
        {
          name: index('tasks_by_global_request'),
          columnNames: ['global_request_id', 'uuid'],
          where: 'global_request_id IS NOT NULL',
        },
        { name: index('tasks_by_next_look'), columnNames: ['next_look'] },
      ],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(tableNames(runner, Task).table);
  }
}
