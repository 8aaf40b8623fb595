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

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 };

type Unit = keyof typeof UNITS_MS;

/** Milliseconds, if the text is a number of hours or days; otherwise the text, so that the message can show it. */
export const AsHoursOrDays = () => asTime('h', 'd');

/** The same for minutes or hours. */
export const AsMinutesOrHours = () => asTime('m', 'h');

function asTime(...units: Unit[]) {
  return Transform(({ value }: { value: unknown }) => {
    const [, count, unit] = /^([1-9]\d{0,4})([mhd])$/.exec(String(value)) ?? [];
    const isKnown = units.includes(unit as Unit);
    return isKnown ? Number(count) * UNITS_MS[unit as Unit] : value;
  });
}
