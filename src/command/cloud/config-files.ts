import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { isRow, type Row } from '../api/task-row.js';
import { UsageError } from '../command.errors.js';

const SUFFIXES = ['.yaml', '.yml', '.json'];

/** What the files of the `openstack` command say. */
export interface CloudFiles {
  /** The clouds by name, those of `secure.yaml` merged in. */
  clouds: Record<string, Row>;
  /** The clouds of `clouds-public.yaml`, which a cloud's `profile` names. */
  profiles: Record<string, Row>;
  /** The files that were read. */
  paths: string[];
}

/**
 * Reads `clouds.yaml`, `secure.yaml` and `clouds-public.yaml`, each from the first place that has it, as openstacksdk
 * does: a file that a variable names, this folder, the user's configuration, the machine's.
 *
 * @throws UsageError for a file that is no YAML
 */
export function readCloudFiles(env: NodeJS.ProcessEnv, cwd: string): CloudFiles {
  const folders = foldersOf(env, cwd);
  const clouds = readFirst('clouds', folders, env['OS_CLIENT_CONFIG_FILE']);
  const secure = readFirst('secure', folders, env['OS_CLIENT_SECURE_FILE']);
  const vendors = readFirst('clouds-public', folders, env['OS_CLIENT_VENDOR_FILE']);
  const merged = merge(clouds.content, secure.content);
  return {
    clouds: rowsAt(merged, 'clouds'),
    profiles: rowsAt(vendors.content, 'public-clouds'),
    paths: [clouds, secure, vendors].flatMap(({ path }) => path ?? []),
  };
}

function foldersOf(env: NodeJS.ProcessEnv, cwd: string): string[] {
  const home = env['HOME'] ?? homedir();
  const machine = (env['XDG_CONFIG_DIRS'] || '/etc/xdg').split(delimiter)[0] ?? '/etc/xdg';
  return [
    cwd,
    join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'openstack'),
    join(home, '.config', 'openstack'),
    join(machine, 'openstack'),
    '/etc/openstack',
  ];
}

function readFirst(name: string, folders: string[], named?: string): { content: Row; path?: string } {
  const places = folders.flatMap((folder) => SUFFIXES.map((suffix) => join(folder, `${name}${suffix}`)));
  for (const path of named ? [named, ...places] : places) {
    const text = textOf(path);
    if (text !== null) return { content: contentOf(path, text), path };
  }
  return { content: {} };
}

/** A file that is not there, or not for this user, is passed over. */
function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function contentOf(path: string, text: string): Row {
  let content: unknown;
  try {
    content = parse(text);
  } catch {
    // The parser's own text quotes the file, which has passwords.
    throw new UsageError(`${path} is no valid YAML.`);
  }
  if (content === null) return {};
  if (!isRow(content)) throw new UsageError(`${path} has no clouds: it must begin with "clouds:".`);
  return content;
}

function rowsAt(content: Row, name: string): Record<string, Row> {
  const rows = content[name] ?? {};
  if (!isRow(rows)) return {};
  return Object.fromEntries(Object.entries(rows).filter((entry): entry is [string, Row] => isRow(entry[1])));
}

/** The members of both, those of the second where both have one, at every level. */
export function merge(first: Row, second: Row): Row {
  const merged: Row = { ...first };
  for (const [name, value] of Object.entries(second)) {
    const known = merged[name];
    merged[name] = isRow(known) && isRow(value) ? merge(known, value) : value;
  }
  return merged;
}
