import type { PageSettings } from '../page-settings.js';

/** Where the page's files are, below which or beside which everything else is. */
const FILES = new URL('.', document.querySelector<HTMLScriptElement>('script[src]')?.src ?? location.href);

/** What the server tells the page; it is there before anything is shown. */
export let settings: PageSettings;

export async function loadSettings(): Promise<void> {
  const response = await fetch(addressOf('settings.json'));
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  settings = (await response.json()) as PageSettings;
}

/** An address relative to the page's files, in full. */
export function addressOf(relative: string): URL {
  return new URL(relative, FILES);
}
