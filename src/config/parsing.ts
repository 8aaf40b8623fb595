import { Transform } from 'class-transformer';

/** The number, if the text is one; otherwise the text, so that the message can show it. */
export const AsNumber = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
  );

/** A boolean, if the text is 1 or 0; otherwise the text, so that the message can show it. */
export const AsFlag = () =>
  Transform(({ value }: { value: unknown }) => (value === '1' ? true : value === '0' ? false : value));

/** The parts of a text that are separated by commas. */
export const AsList = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value,
  );

const UNITS_MS = { h: 3_600_000, d: 86_400_000 };

/** Milliseconds, if the text is a number of hours or days; otherwise the text, so that the message can show it. */
export const AsHoursOrDays = () =>
  Transform(({ value }: { value: unknown }) => {
    const [, count, unit] = /^([1-9]\d{0,4})([hd])$/.exec(String(value)) ?? [];
    return count === undefined ? value : Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
  });
