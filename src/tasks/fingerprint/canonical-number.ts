/**
 * Canonical form of a JSON number: two numbers have the same one exactly when their decimal values are equal, however
 * they are written, and however large or precise they are. `-12.50e3` becomes `-125e2`: the digits without zeros at
 * either end, and the power of ten unless it is 0.
 *
 * Loops, not regular expressions or BigInt: `/0+$/` takes quadratic time on a long number with zeros inside,
 * and BigInt more than linear time to read a long exponent.
 *
 * @param token a number as in JSON's grammar
 */
export function canonicalNumber(token: string): string {
  if (WHOLE.test(token)) return token;
  const [, minus, integer, fraction = '', exponent = '0'] = NUMBER.exec(token) as RegExpExecArray;
  const digits = `${integer}${fraction}`;
  const start = withoutLeadingZeros(digits);
  if (start === digits.length) return '0';
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  const power = plus(exponent, digits.length - end - fraction.length);
  return `${minus}${digits.slice(start, end)}${power === '0' ? '' : `e${power}`}`;
}

/** A whole number that does not end in 0 is its own canonical form. */
const WHOLE = /^-?\d*[1-9]$/;
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** The most digits whose sums are all exact in a double. */
const CHUNK = 15;

/** The sum of a whole number of any length and a small one, in decimal. */
function plus(number: string, small: number): string {
  const isNegative = number.startsWith('-');
  const digits = number.slice(number.startsWith('+') || isNegative ? 1 : 0);
  let rest = digits.slice(withoutLeadingZeros(digits));
  if (rest.length <= CHUNK) return String((isNegative ? -1 : 1) * Number(rest) + small);

  // The small number may carry over one chunk or more, but never changes the sign.
  let carry = isNegative ? -small : small;
  let sum = '';
  while (carry !== 0) {
    const chunk = Number(rest.slice(-CHUNK)) + carry;
    carry = Math.floor(chunk / 10 ** CHUNK);
    sum = `${String(chunk - carry * 10 ** CHUNK).padStart(CHUNK, '0')}${sum}`;
    rest = rest.slice(0, -CHUNK);
  }
  sum = `${rest}${sum}`;
  return `${isNegative ? '-' : ''}${sum.slice(withoutLeadingZeros(sum))}`;
}

/** The position of the first digit that is not 0. */
function withoutLeadingZeros(digits: string): number {
  let position = 0;
  while (digits[position] === '0') position += 1;
  return position;
}
