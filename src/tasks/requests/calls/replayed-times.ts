/** How JSON writes a date. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * A time that was stored as a text. The scalars of GraphQL want a date where a field is a date, and a text where it is a
 * text; this is both.
 */
class ReplayedTime extends Date {
  constructor(private readonly text: string) {
    super(text);
  }

  override valueOf(): never {
    return this.text as never;
  }

  override toString(): string {
    return this.text;
  }
}

/** A stored value in which times are dates again, as GraphQL needs them. */
export function withTimes(value: unknown): unknown {
  if (typeof value === 'string') return TIME.test(value) ? new ReplayedTime(value) : value;
  if (Array.isArray(value)) return value.map(withTimes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withTimes(member)]));
}
