/** Some members of an object, if they have a value. */
export function pick<Of extends object, Name extends keyof Of>(
  object: Of,
  names: readonly Name[],
): Pick<Of, Name> {
  const pairs = names.map((name) => [name, object[name]] as const).filter(([, value]) => value !== undefined);
  return Object.fromEntries(pairs) as Pick<Of, Name>;
}
