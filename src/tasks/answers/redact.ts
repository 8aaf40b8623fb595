/**
 * A JSON text less some values, each replaced by `null`.
 *
 * @param paths names that are joined with points; `*` stands for every member or element
 * @returns `null` when the text is not JSON
 */
export function redact(json: string, paths: readonly string[]): string | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  for (const path of paths) value = without(value, path.split('.'));
  return JSON.stringify(value);
}

function without(value: unknown, [name, ...rest]: string[]): unknown {
  if (name === undefined) return null;
  if (typeof value !== 'object' || value === null) return value;
  const isMeant = (key: string) => name === '*' || name === key;
  if (Array.isArray(value)) {
    return value.map((element, n) => (isMeant(String(n)) ? without(element, rest) : (element as unknown)));
  }
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, member]) => [key, isMeant(key) ? without(member, rest) : (member as unknown)]),
  );
}
