import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startPinned } from './pinned.js';

/**
 * Node's options for a file in TypeScript, from any folder. What is required, and not imported, is left to Node: the
 * peers get the same Nest as the applications.
 */
export const TSX = ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href];

/** A file in TypeScript is started away from its `tsconfig.json`, which is at the root of its build. */
export const tsxEnvironment = (root: string) => ({
  NODE_ENV: 'production',
  TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'),
});

/** The same for the files of this one. */
export const TSX_ENVIRONMENT = tsxEnvironment(join(import.meta.dirname, '..'));

/** Starts the process that puts load on the servers. */
export function startLoad(): ChildProcess {
  return startPinned('load', [...TSX, join(import.meta.dirname, 'load.ts')], TSX_ENVIRONMENT);
}
