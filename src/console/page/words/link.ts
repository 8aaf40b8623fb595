/** The address of a thing by its kind's template; `null` without one. Only http and https. */
export function linkTo(links: Readonly<Record<string, string>>, kind: string, id: string): string | null {
  const template = Object.hasOwn(links, kind) ? links[kind] : undefined;
  if (template === undefined) return null;
  const address = template.replaceAll('{id}', () => encodeURIComponent(id));
  return /^https?:\/\//.test(address) ? address : null;
}
