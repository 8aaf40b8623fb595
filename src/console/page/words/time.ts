const UNITS: [unit: string, ms: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** A duration in its two largest units: `340 ms`, `2.3 s`, `4 min 10 s`, `3 d 2 h`. */
export function durationText(ms: number): string {
  const length = Math.max(0, ms);
  if (length < 1000) return `${Math.round(length)}\u00a0ms`;
  if (length < 9950) return `${(length / 1000).toFixed(1)}\u00a0s`;
  let rest = Math.round(length / 1000) * 1000;
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && parts.length < 2) parts.push(`${count}\u00a0${unit}`);
    else if (parts.length > 0) break;
  }
  return parts.join(' ');
}

/** A time as seen from now, in one unit: `just now`, `12 s ago`, `3 h ago`, `in 5 min`. */
export function relativeText(time: number, now: number): string {
  const difference = time - now;
  const length = Math.abs(difference);
  const [unit, size] = UNITS.find(([, ms]) => length >= ms) ?? ['s', 1000];
  const count = Math.floor(length / size);
  if (count === 0 || (difference > 0 && length < 2000)) return difference > 2000 ? 'soon' : 'just now';
  return difference < 0 ? `${count}\u00a0${unit} ago` : `in ${count}\u00a0${unit}`;
}

/** A time in the user's own zone, to the second: `2026-01-31 12:00:02`. */
export function absoluteText(time: number): string {
  const at = new Date(time);
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day} ${timeOfDay(at)}`;
}

/** The same to the millisecond; without the day if that is the day of another time. */
export function preciseText(time: number, other: number): string {
  const at = new Date(time);
  const isSameDay = at.toDateString() === new Date(other).toDateString();
  const fraction = String(at.getMilliseconds()).padStart(3, '0');
  return `${isSameDay ? timeOfDay(at) : absoluteText(time)}.${fraction}`;
}

function timeOfDay(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
