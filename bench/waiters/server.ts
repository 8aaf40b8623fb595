import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DataSource } from 'typeorm';
import type * as AppSetup from '../../src/app.setup.js';
import { loadSettings } from '../../src/config/load-settings.js';
import type * as Recorder from '../../src/tasks/recording/task.recorder.js';
import type * as Waits from '../../src/tasks/waiting/task-waits.js';
import { DIST } from '../built.js';

/** The project of all tasks here. */
export const PROJECT = 'demo';

/** Loads a file that `npm run build` made, with the types of its source. */
async function built<Module>(file: string): Promise<Module> {
  return (await import(pathToFileURL(join(DIST, file)).href)) as Module;
}

/** A server in this process, and the parts of it that are measured. */
export async function startServer(url: string) {
  const { createApp } = await built<typeof AppSetup>('app.setup.js');
  const { TaskRecorder } = await built<typeof Recorder>('tasks/recording/task.recorder.js');
  const { TaskWaits } = await built<typeof Waits>('tasks/waiting/task-waits.js');
  const app = await createApp(loadSettings({ DATABASE_URL: url, PORT: '0', LOG_LEVEL: 'silent' }));
  await app.listen(0, '127.0.0.1');
  const { logger } = app.get(DataSource, { strict: false });
  const sent = { statements: 0 };
  logger.logQuery = () => void (sent.statements += 1);
  return {
    app,
    /** The statements of this process so far. */
    sent,
    recorder: app.get(TaskRecorder, { strict: false }),
    waits: app.get(TaskWaits, { strict: false }),
  };
}

export type Server = Awaited<ReturnType<typeof startServer>>;

/** Records a task that is under way, as one of this process. @returns its uuid */
export async function begin({ recorder }: Server, tag: string): Promise<string> {
  const { uuid } = await recorder.record({
    projectId: PROJECT,
    userId: 'alice',
    tag,
    description: { method: 'POST', url: '/servers', mediaType: 'text/plain', body: Buffer.from('x') },
    task: 'create',
    resource: null,
    requestId: null,
    globalRequestId: null,
  });
  await recorder.recordOutcome(uuid, { state: 'processing', lookAgainAt: Date.now() + 3_600_000 });
  return uuid;
}

/** Ends a task. @returns when that was committed, in epoch milliseconds */
export async function end({ recorder }: Server, uuid: string): Promise<number> {
  await recorder.recordOutcome(uuid, { state: 'success' });
  return performance.timeOrigin + performance.now();
}
