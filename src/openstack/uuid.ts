/** Whether a text is a UUID in the form of OpenStack's ids; any other text is the id of nothing. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}

/** The UUID that a look-up asks for, also in capitals (RFC 9562, section 4); `null` for any other text. */
export function uuidOf(text: string): string | null {
  const uuid = text.toLowerCase();
  return isUuid(uuid) ? uuid : null;
}
