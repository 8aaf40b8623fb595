import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { until } from './until.js';

/** How long making it may take on a busy machine, in milliseconds. */
const MADE_MS = 120_000;

/**
 * A folder that all processes of a run of tests use, and that the first one to ask for it makes.
 *
 * @param folder has the run in its name, and is removed in the end: see scripts/jest/run-start.js
 * @param make fills a folder beside it, which gets its name when it is whole
 */
export async function onceInARun(folder: string, make: (into: string) => Promise<void>): Promise<string> {
  if (isFirst(folder)) {
    await make(beside(folder));
    renameSync(beside(folder), folder);
  }
  await until(`another process to make ${folder}`, () => existsSync(folder), MADE_MS);
  return folder;
}

/** The same for what is made while nothing else goes on. */
export function onceInARunSync(folder: string, make: (into: string) => void): string {
  if (isFirst(folder)) {
    make(beside(folder));
    renameSync(beside(folder), folder);
  }
  const deadline = Date.now() + MADE_MS;
  while (!existsSync(folder)) {
    if (Date.now() > deadline) throw new Error(`Another process of this run does not make ${folder}.`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  return folder;
}

const beside = (folder: string) => `${folder}.new`;

/** Whether this process is the one that makes it. */
function isFirst(folder: string): boolean {
  mkdirSync(dirname(folder), { recursive: true });
  try {
    mkdirSync(`${folder}.lock`);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false;
    throw error;
  }
}
