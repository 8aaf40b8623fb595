/** The most numbers for which memory is kept for the next use: a megabyte. */
const KEPT = 262_144;

const FIRST = 1024;

/**
 * A growing list of whole numbers below 2^31, in memory that is reused. An array of that length would be copied to new
 * memory each time it grows, which costs more than all the work on it.
 */
export class NumberList {
  values = new Int32Array(FIRST);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) this.grow();
    this.values[this.length] = value;
    this.length += 1;
  }

  /** The last number, which is removed; the list must not be empty. */
  pop(): number {
    this.length -= 1;
    return this.values[this.length] as number;
  }

  /** Empties the list; a large memory is given back. */
  clear(): void {
    this.length = 0;
    if (this.values.length > KEPT) this.values = new Int32Array(FIRST);
  }

  private grow(): void {
    const { values } = this;
    this.values = new Int32Array(values.length * 2);
    this.values.set(values);
  }
}
