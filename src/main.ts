import cluster from 'node:cluster';
import { Primary, WorkerNotStartedError } from './cluster/primary.js';
import { announceReady, isWorker } from './cluster/worker.js';
import { InvalidSettingError, loadEnvFile, loadSettings } from './config/load-settings.js';
import type { Settings } from './config/settings.js';
import { greeting } from './greeting.js';
import { createLogger } from './logging/logger.js';
import { UnusableDatabaseError } from './storage/database.errors.js';

try {
  loadEnvFile();
  const settings = loadSettings(process.env);
  const isPrimary = settings.WORKERS > 1 && cluster.isPrimary;
  const url = await (isPrimary ? startWorkers(settings) : startServer(settings));
  if (isWorker(settings)) announceReady(url);
  else process.stdout.write(greeting(url, settings.IDENTITY, settings.COMPUTE, settings.CONSOLE !== 'off'));
} catch (error) {
  // A worker that ended by itself with an error has printed the reason.
  const isSaid = error instanceof WorkerNotStartedError && (error.ending.code ?? 0) > 0;
  if (!isSaid) sayWhatIsWrong(error);
  process.exit(1);
}

async function startServer(settings: Settings): Promise<string> {
  // Imported here because the primary of several processes does not need it.
  const { createApp } = await import('./app.setup.js');
  const app = await createApp(settings);
  await app.listen(settings.PORT, settings.HOST);
  return app.getUrl();
}

function startWorkers({ WORKERS, LOG_LEVEL }: Settings): Promise<string> {
  return new Primary(WORKERS, createLogger(LOG_LEVEL, process.pid)).start();
}

function sayWhatIsWrong(error: unknown): void {
  const { message, code } = error as { message: string; code?: string };
  const expected = error instanceof InvalidSettingError || error instanceof UnusableDatabaseError;
  process.stderr.write(`tasktag: ${expected || code === undefined ? message : `${code}: ${message}`}\n`);
}
