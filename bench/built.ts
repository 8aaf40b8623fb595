import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Library from '../src/index.js';

/** What `npm run build` made: it is measured, not the sources. */
export const DIST = join(import.meta.dirname, '..', 'dist');

/** Loads the library's public face as built, with the types of its sources: those are there before the build. */
export async function builtLibrary(): Promise<typeof Library> {
  return (await import(pathToFileURL(join(DIST, 'index.js')).href)) as typeof Library;
}
