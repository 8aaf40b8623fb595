/** A command for a shell that asks for the same. It has a place for the token, never the token. */
export function curlOf(url: URL, header: [name: string, scheme: string | null] | null): string {
  if (header === null) return `curl ${quoted(url.href)}`;
  const [name, scheme] = header;
  return `curl -H "${name}: ${scheme === null ? '' : `${scheme} `}$TOKEN" ${quoted(url.href)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
