/** A JSON text without some values. */
export interface Redacted {
  json: string;
  /** The paths that match nothing in it. */
  missing: string[];
}

/**
 * Replaces some values in a JSON text by `null`.
 *
 * @param paths names joined by dots; `*` matches every member or element
 * @returns `null` when the text is not JSON
 */
export function redact(json: string, paths: readonly string[]): Redacted | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  const missing: string[] = [];
  for (const path of paths) {
    let isThere = false;
    value = without(value, path.split('.'), () => (isThere = true));
    if (!isThere) missing.push(path);
  }
  return { json: JSON.stringify(value), missing };
}

function without(value: unknown, [name, ...rest]: string[], onFound: () => void): unknown {
  if (name === undefined) {
    onFound();
    return null;
  }
  if (typeof value !== 'object' || value === null) return value;
  // An empty container counts as a match of `*`.
  if (name === '*' && Object.keys(value).length === 0) onFound();
  const part = (key: string, member: unknown) =>
    name === '*' || name === key ? without(member, rest, onFound) : member;
  if (Array.isArray(value)) return value.map((element, n) => part(String(n), element));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, part(key, member)]));
}
