import type { MigrationInterface } from 'typeorm';
import { CreateTasks1780000000000 } from './1780000000000-create-tasks.js';
import { CreateTagOwners1780000000005 } from './1780000000005-create-tag-owners.js';
import { CreateTaskAnswers1780000000006 } from './1780000000006-create-task-answers.js';
import { CreateTaskSubjects1780000000007 } from './1780000000007-create-task-subjects.js';
import { CreateLostAnswers1780000000010 } from './1780000000010-create-lost-answers.js';
import { CreateTaskDuplicates1780000000011 } from './1780000000011-create-task-duplicates.js';
import { CreateTaskRequesters1780000000012 } from './1780000000012-create-task-requesters.js';
import { CreateTaskProcesses1780000000008 } from './1780000000008-create-task-processes.js';

/** The migrations of the tasks module, for a host's own data source: one for each table. */
export const TASKS_MIGRATIONS: (new () => MigrationInterface)[] = [
  CreateTasks1780000000000,
  CreateTagOwners1780000000005,
  CreateTaskAnswers1780000000006,
  CreateTaskSubjects1780000000007,
  CreateTaskProcesses1780000000008,
  CreateLostAnswers1780000000010,
  CreateTaskDuplicates1780000000011,
  CreateTaskRequesters1780000000012,
];
