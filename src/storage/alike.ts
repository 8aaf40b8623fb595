import type { RowChange } from './storage.js';

/** Changes that one statement can make: to the same columns, from the same states. */
export interface Alike {
  columns: string[];
  from: readonly string[];
  changes: RowChange[];
}

/** Groups changes by the statement that can make them. Nearly all that come together are alike. */
export function alike(changes: readonly RowChange[]): Alike[] {
  const kinds = new Map<string, Alike>();
  for (const change of changes) {
    const columns = Object.keys(change.values);
    const name = `${columns.join()} ${change.from.join()}`;
    const kind = kinds.get(name);
    if (kind === undefined) kinds.set(name, { columns, from: change.from, changes: [change] });
    else kind.changes.push(change);
  }
  return [...kinds.values()];
}
