import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The peers have a folder and a lock file of their own: the product needs none of them. */
const FOLDER = join(import.meta.dirname, 'peers');

/**
 * Installs the peers, once.
 *
 * @returns why they are not there, or `null`
 */
export function installPeers(): string | null {
  if (existsSync(join(FOLDER, 'node_modules'))) return null;
  console.log('The peers are being installed in bench/peers …');
  try {
    // They ask for an older Nest, and work with the one that is here.
    execFileSync('npm', ['ci', '--legacy-peer-deps', '--no-audit', '--no-fund'], {
      cwd: FOLDER,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 120_000,
    });
    return null;
  } catch {
    return 'npm could not install them';
  }
}

/** A package of the peers'. What it needs of ours, such as Nest, is the same copy that we have. */
export function requirePeer(name: string): unknown {
  return createRequire(join(FOLDER, 'package.json'))(name);
}
