import { existsSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Settings } from './settings.js';

/** A setting has a value that cannot be meant. The text names it and says what it must be. */
export class InvalidSettingError extends Error {}

/** Adds the variables of a `.env` file, if there is one in the current directory; the environment's win. */
export function loadEnvFile(path = '.env'): void {
  if (existsSync(path)) process.loadEnvFile(path);
}

/**
 * Reads and checks the settings. An empty or blank variable counts as not set.
 *
 * @throws InvalidSettingError with one line for the first wrong setting
 */
export function loadSettings(environment: NodeJS.ProcessEnv): Settings {
  const names = Object.keys(new Settings());
  const given = Object.fromEntries(
    names.map((name) => [name, environment[name]?.trim()] as const).filter(([, value]) => value),
  );
  const settings = plainToInstance(Settings, given, { exposeDefaultValues: true });
  const [error] = validateSync(settings);
  if (error !== undefined) {
    // Decorators take effect from the last one to the first, so the rule that stands first has failed last.
    const rule = Object.values(error.constraints ?? {}).at(-1);
    const value = error.value === '' ? 'not set' : `"${concealed(error.property, error.value)}"`;
    throw new InvalidSettingError(`${error.property} ${rule}, but is ${value}.`);
  }
  const conflict = conflictIn(settings);
  if (conflict !== null) throw new InvalidSettingError(conflict);
  return settings;
}

/** What is wrong with settings that are right each by itself. */
function conflictIn({
  COMPUTE,
  DATABASE_URL,
  IDENTITY,
  NOTIFICATIONS_URL,
  NOVA_LONGEST_REQUEST_MS,
  NOVA_TIMEOUT_MS,
  WORKERS,
}: Settings): string | null {
  if (WORKERS > 1 && DATABASE_URL.startsWith('sqlite:'))
    return 'WORKERS must be 1 with SQLite, which is for one process; several need MariaDB or MySQL (DATABASE_URL).';
  if (COMPUTE === 'nova' && IDENTITY !== 'keystone')
    return 'IDENTITY must be "keystone" with COMPUTE=nova: only Keystone knows whose the tokens are.';
  if (COMPUTE !== 'nova' && NOTIFICATIONS_URL !== undefined)
    return 'NOTIFICATIONS_URL needs COMPUTE=nova: the simulated cloud sends none.';
  if (NOVA_LONGEST_REQUEST_MS < NOVA_TIMEOUT_MS)
    return 'NOVA_LONGEST_REQUEST_MS must not be less than NOVA_TIMEOUT_MS: Nova may work on a request for as long as it is waited for.';
  return null;
}

/** URLs that may hold a password, anywhere when they are mistyped; the scheme tells enough. */
const CONCEALED = ['DATABASE_URL', 'OS_AUTH_URL', 'NOVA_URL', 'NOTIFICATIONS_URL'];

function concealed(name: string, value: unknown): string {
  return CONCEALED.includes(name)
    ? `${/^(sqlite:|[a-z]+:\/\/)/.exec(String(value))?.[0] ?? ''}…`
    : String(value);
}
