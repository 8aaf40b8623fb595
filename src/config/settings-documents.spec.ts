import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Settings } from './settings.js';

const ROOT = join(import.meta.dirname, '..', '..');

/** The settings with their defaults, as the documents write them. */
const SETTINGS = new Map(
  Object.entries<Settings[keyof Settings]>({ ...new Settings() }).map(([name, value]) => [
    name,
    written(name, value),
  ]),
);

/** A default as the environment would give it; `none` where there is none. */
function written(name: string, value: Settings[keyof Settings]): string {
  if (name === 'LOST_ANSWERS_WITHIN') return `${Number(value) / 60_000}m`;
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return 'none';
  return typeof value === 'boolean' ? String(Number(value)) : String(value);
}

/** What a pattern finds in a document, a name and a default each time. */
function found(document: string, pattern: RegExp): [string, string][] {
  const text = readFileSync(join(ROOT, document), 'utf8');
  return Array.from(text.matchAll(pattern), ([, name = '', value = '']) => [name, value]);
}

function byName(settings: Iterable<[string, string]>): [string, string][] {
  return [...settings].sort(([one], [other]) => (one < other ? -1 : 1));
}

describe('the documents of the settings', () => {
  it('docs/settings.md has each setting once, with its default', () => {
    const rows = found('docs/settings.md', /^\| `([A-Z_]+)` \| `?([^`|]+?)`? \|/gm);
    expect(byName(rows)).toEqual(byName(SETTINGS));
  });

  it('.env.example has each setting; its first line for one with a default shows that', () => {
    const lines = found('.env.example', /^#([A-Z_]+)=(.*)$/gm);
    const first = new Map(lines.toReversed());
    for (const [name, value] of SETTINGS) if (value === 'none' && first.has(name)) first.set(name, value);
    expect(byName(first)).toEqual(byName(SETTINGS));
  });
});
