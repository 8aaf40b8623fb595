/** The only key in the body of `POST /servers/{id}/action`, which names the action; `null` without exactly one. */
export function onlyKeyOf(body: unknown): string | null {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  const [key, ...others] = isObject ? Object.keys(body) : [];
  return key === undefined || others.length > 0 ? null : key;
}
