/** The key that names the action in the body of `POST /servers/{id}/action`: its only one. `null` when it has none. */
export function onlyKeyOf(body: unknown): string | null {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  const [key, ...others] = isObject ? Object.keys(body) : [];
  return key === undefined || others.length > 0 ? null : key;
}
