import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Client, type ClientName, CLIENTS, type Command } from './clients.js';

/** A client that this machine has. */
export interface Equipment {
  version: string;
  /** How its program is started; `null` for Heat, which is started by itself. */
  command: Command | null;
}

/** What this machine has of some clients, made ready in a folder. The others are named, with what they need. */
export async function equipmentOf(names: ClientName[], folder: string): Promise<Map<ClientName, Equipment>> {
  const all = new Map<ClientName, Equipment>();
  for (const name of names)
    try {
      all.set(name, await equip(CLIENTS[name], join(folder, name)));
    } catch (error) {
      console.log(`left out: ${name}: ${(error as Error).message.split('\n')[0]}`);
    }
  return all;
}

/** The version of a package of Debian, such as `2:18.1.0-3`; `null` when it is not installed. */
export function debianVersion(name: string): string | null {
  try {
    const words = ['-W', '-f', '${Version}', name];
    return (
      execFileSync('dpkg-query', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }) || null
    );
  } catch {
    return null;
  }
}

async function equip({ packages, version, play }: Client, folder: string): Promise<Equipment> {
  const versions = packages.map(debianVersion);
  const missing = packages.filter((_, n) => versions[n] === null);
  if (missing.length > 0) throw new Error(`it needs Debian's ${missing.join(', ')}`);
  const command = typeof play === 'string' ? null : await play.prepare(folder);
  return { version: version ?? (versions[0] as string), command };
}
