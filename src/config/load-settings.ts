import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { existsSync } from 'node:fs';
import { Settings } from './settings.js';

/** A setting has an invalid value. The message names it and says what it must be. */
export class InvalidSettingError extends Error {}

/** Adds the variables of a `.env` file, if the current directory has one; those of the environment win. */
export function loadEnvFile(path = '.env'): void {
  if (existsSync(path)) process.loadEnvFile(path);
}

/**
 * Reads and checks the settings. An empty or blank variable counts as unset.
 *
 * @throws InvalidSettingError with one line for the first invalid setting
 */
export function loadSettings(environment: NodeJS.ProcessEnv): Settings {
  const names = Object.keys(new Settings());
  const given = Object.fromEntries(
    names.map((name) => [name, environment[name]?.trim()] as const).filter(([, value]) => value),
  );
  const settings = plainToInstance(Settings, given, { exposeDefaultValues: true });
  const [error] = validateSync(settings);
  if (error !== undefined) {
    // Decorators take effect from last to first, so the first rule in the class is the last to fail.
    const rule = Object.values(error.constraints ?? {}).at(-1);
    const value = error.value === '' ? 'not set' : `"${concealed(error.property, error.value)}"`;
    throw new InvalidSettingError(`${error.property} ${rule}, but is ${value}.`);
  }
  if (settings.TAG_FROM_REQUEST_ID && !settings.TAG_FROM.includes('request-id'))
    settings.TAG_FROM.push('request-id');
  const conflict = conflictIn(settings);
  if (conflict !== null) throw new InvalidSettingError(conflict);
  return settings;
}

/** The conflict between settings that are valid each by itself. */
function conflictIn({
  AUDIT,
  COMPUTE,
  DATABASE_URL,
  IDENTITY,
  NOTIFICATIONS_URL,
  NOVA_LONGEST_REQUEST_MS,
  NOVA_TIMEOUT_MS,
  WORKERS,
}: Settings): string | null {
  if (WORKERS > 1 && DATABASE_URL.startsWith('sqlite:'))
    return 'WORKERS must be 1 with SQLite, which allows one process; several need MariaDB or MySQL (DATABASE_URL).';
  if (COMPUTE === 'nova' && IDENTITY !== 'keystone')
    return 'IDENTITY must be "keystone" with COMPUTE=nova: only Keystone knows whose the tokens are.';
  if (AUDIT === 'notification' && NOTIFICATIONS_URL === undefined)
    return 'NOTIFICATIONS_URL must be set with AUDIT=notification: it is the message bus to which audit events go.';
  if (COMPUTE !== 'nova' && NOTIFICATIONS_URL !== undefined && AUDIT !== 'notification')
    return 'NOTIFICATIONS_URL needs COMPUTE=nova: the simulated cloud sends no notifications.';
  if (NOVA_LONGEST_REQUEST_MS < NOVA_TIMEOUT_MS)
    return 'NOVA_LONGEST_REQUEST_MS must not be less than NOVA_TIMEOUT_MS: Nova may work on a request for that long.';
  return null;
}

/** URLs that may contain a password, at any place when they are mistyped; a message shows only the scheme. */
const CONCEALED = ['DATABASE_URL', 'OS_AUTH_URL', 'NOVA_URL', 'NOTIFICATIONS_URL'];

function concealed(name: string, value: unknown): string {
  return CONCEALED.includes(name)
    ? `${/^(sqlite:|[a-z]+:\/\/)/.exec(String(value))?.[0] ?? ''}…`
    : String(value);
}
