import { signal } from '@preact/signals';
import { listHash, type View, viewOf } from './view.js';

/** What the page shows now. */
export const view = signal<View>(viewOf(location.hash));

/** The list to which a task's page leads back. */
export const lastList = signal(listHash({}));

remember();
addEventListener('hashchange', () => {
  view.value = viewOf(location.hash);
  remember();
});

/** Goes to an address; with `instead`, the present one is not kept in the history. */
export function go(hash: string, instead = false): void {
  if (instead) location.replace(hash);
  else location.hash = hash;
}

function remember(): void {
  if (view.value.name === 'list') lastList.value = location.hash || listHash({});
}
