import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as TaskTable from './task-table.js';

/** A build that is measured, with the benchmark's own applications as they are there. */
export interface Build {
  /** What the tables call it. */
  title: string;
  root: string;
}

/** The working tree. */
export const THIS: Build = { title: 'this build', root: join(import.meta.dirname, '..') };

/** Where other builds are kept for the next time, and no tool takes them for ours. */
const BUILDS = join(tmpdir(), 'tasktag-builds');

/**
 * Checks out a commit beside the working tree, and builds it, unless that was done before.
 *
 * @throws Error when there is no such commit, or it cannot be built
 */
export function buildOf(revision: string): Build {
  const commit = output('git', ['rev-parse', '--verify', '--short=7', `${revision}^{commit}`], THIS.root);
  const root = join(BUILDS, commit);
  if (!existsSync(root)) run('git', ['worktree', 'add', '--detach', '--force', root, commit], THIS.root);
  if (!existsSync(join(root, 'node_modules'))) installPackages(root);
  if (!existsSync(join(root, 'dist', 'main.js'))) run('npm', ['run', 'build'], root);
  return { title: `the build of ${commit}`, root };
}

/** How a build makes its own tables. */
export function tablesOf({ root }: Build): Promise<typeof TaskTable> {
  return import(pathToFileURL(join(root, 'bench', 'task-table.ts')).href) as Promise<typeof TaskTable>;
}

/** The same packages, where both ask for the same: what is compared is our code. */
function installPackages(root: string): void {
  const lock = (tree: string) => readFileSync(join(tree, 'package-lock.json'), 'utf8');
  if (lock(root) === lock(THIS.root))
    symlinkSync(join(THIS.root, 'node_modules'), join(root, 'node_modules'));
  else run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], root);
}

function run(command: string, args: string[], cwd: string): void {
  console.log(`${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed.`);
}

function output(command: string, args: string[], cwd: string): string {
  const { status, stdout } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git knows no commit ${args.at(-1)}.`);
  return stdout.trim();
}
