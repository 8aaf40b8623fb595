import { CreateTasks1780000000000 } from './1780000000000-create-tasks.js';
import { CreateEmbeddedServers1780000000001 } from './1780000000001-create-embedded-servers.js';
import { CreateEmbeddedTokens1780000000002 } from './1780000000002-create-embedded-tokens.js';
import { CreateEmbeddedImages1780000000003 } from './1780000000003-create-embedded-images.js';
import { CreateEmbeddedKeypairs1780000000004 } from './1780000000004-create-embedded-keypairs.js';
import { CreateTagClaims1780000000005 } from './1780000000005-create-tag-claims.js';
import { CreateTaskAnswers1780000000006 } from './1780000000006-create-task-answers.js';
import { AddSameTransaction1780000000007 } from './1780000000007-add-same-transaction.js';

/** All migrations, oldest first. Classes, not paths: bundlers, Jest and hosts can take them. */
export const MIGRATIONS = [
  CreateTasks1780000000000,
  CreateEmbeddedServers1780000000001,
  CreateEmbeddedTokens1780000000002,
  CreateEmbeddedImages1780000000003,
  CreateEmbeddedKeypairs1780000000004,
  CreateTagClaims1780000000005,
  CreateTaskAnswers1780000000006,
  AddSameTransaction1780000000007,
];
