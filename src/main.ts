import { InvalidSettingError, loadEnvFile, loadSettings } from './config/load-settings.js';
import { UnusableDatabaseError } from './database/database.errors.js';
import { createApp } from './app.setup.js';
import { greeting } from './greeting.js';

try {
  loadEnvFile();
  const settings = loadSettings(process.env);
  const app = await createApp(settings);
  await app.listen(settings.PORT, settings.HOST);
  process.stdout.write(greeting(await app.getUrl(), settings.IDENTITY, settings.COMPUTE));
} catch (error) {
  const { message, code } = error as { message: string; code?: string };
  const expected = error instanceof InvalidSettingError || error instanceof UnusableDatabaseError;
  process.stderr.write(`tasktag: ${expected || code === undefined ? message : `${code}: ${message}`}\n`);
  process.exit(1);
}
