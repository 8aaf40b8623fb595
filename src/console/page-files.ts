import { createHash } from 'node:crypto';
import { BUILT_PAGE } from './built-page.js';
import type { PageSettings } from './page-settings.js';

/** A file as it is sent. */
export interface PageFile {
  text: string;
  type: string;
  etag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  html: 'text/html',
  js: 'text/javascript',
  json: 'application/json',
  svg: 'image/svg+xml',
};

/** The page at `console`, whose files are below that; and the same at `console/`. */
export const INDEX = '.html';
export const INDEX_INSIDE = 'index.html';

/**
 * The page's files by their names, and what it is told as `settings.json`. All addresses in them are relative: they hold
 * under any prefix that a proxy has removed.
 */
export function pageFiles(settings: PageSettings, path: string): ReadonlyMap<string, PageFile> {
  const inside = BUILT_PAGE['index.html'] ?? '';
  const folder = path.split('/').filter(Boolean).at(-1) ?? '.';
  const texts = {
    ...BUILT_PAGE,
    [INDEX]: inside.replaceAll('"./', `"./${folder}/`),
    'settings.json': JSON.stringify(settings),
  };
  return new Map(Object.entries(texts).map(([name, text]) => [name, pageFile(name, text)]));
}

function pageFile(name: string, text: string): PageFile {
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 27);
  return { text, type: `${type}; charset=utf-8`, etag: `"${hash}"` };
}
