import { COMMA } from './json-bytes.js';
import { NumberList } from './number-list.js';
import { Scratch } from './scratch.js';

/** Sorting fewer members, or copying fewer bytes, is quicker in a loop of our own. */
const FEW_MEMBERS = 16;
const FEW_BYTES = 48;

/** Shared by all texts, see `Scratch`: they are read one after the other, each in one go. */
const KEYS = new NumberList();
const AROUND = new NumberList();
const OBJECTS = new NumberList();
const SORTED = new NumberList();
const PARTS = new NumberList();
const ORDERED = new Scratch();

/** The numbers that are noted of a key. */
const OF_KEY = 3;

/**
 * The order of members in a JSON text: noted while the text is written as it came, and applied at its end, in one go.
 * If each object moved its own members, a member would be moved as often as it is deep.
 *
 * Everything is kept in lists of whole numbers, since a text of a megabyte may have a hundred thousand objects.
 */
export class MemberOrder {
  /** The keys of the open objects: for each, where it begins and ends, and how many objects came before it. */
  private readonly keys = KEYS;

  /** The objects that are open: the number of each, its first key, and whether its keys have come in order. */
  private readonly around = AROUND;
  private number = 0;
  private first = 0;
  private isOrdered = true;

  /** For each object, numbered as it began, the place of its members in the list below; 0: its keys came in order. */
  private readonly objects = OBJECTS;
  /**
   * After a first one that is not used, for each object out of order: the number of its members, where the first one
   * begins and the last one ends, and the number of the first object after it; then its members in order: where each
   * begins and ends, and the numbers of the first object in it and of the first one after it.
   */
  private readonly sorted = SORTED;

  /** @param text the text that is being written; its objects are reported as they come */
  constructor(private readonly text: Buffer) {
    for (const list of [KEYS, AROUND, OBJECTS, SORTED]) list.clear();
    this.sorted.push(0);
  }

  /** An object begins. */
  open(): void {
    const { around, objects, keys } = this;
    around.push(this.number);
    around.push(this.first);
    around.push(this.isOrdered ? 1 : 0);
    this.number = objects.length;
    objects.push(0);
    this.first = keys.length;
    this.isOrdered = true;
  }

  /** A key of the innermost object has been written, in canonical form and with its quotes. */
  key(start: number, end: number): void {
    const { keys } = this;
    const place = keys.length;
    keys.push(start);
    keys.push(end);
    keys.push(this.objects.length);
    if (this.isOrdered && place > this.first) this.isOrdered = this.compare(place - OF_KEY, place) <= 0;
  }

  /** The innermost object ends. */
  close(end: number): void {
    if (!this.isOrdered) this.sort(end);
    const { around } = this;
    this.keys.length = this.first;
    this.isOrdered = around.pop() === 1;
    this.first = around.pop();
    this.number = around.pop();
  }

  private sort(end: number): void {
    const { objects, sorted, first } = this;
    const { values: keys, length } = this.keys;
    objects.values[this.number] = sorted.length;
    sorted.push((length - first) / OF_KEY);
    sorted.push(keys[first] as number);
    sorted.push(end);
    sorted.push(objects.length);
    for (const place of this.placesInOrder()) {
      const next = place + OF_KEY;
      const isLast = next === length;
      sorted.push(keys[place] as number);
      sorted.push(isLast ? end : (keys[next] as number) - 1);
      sorted.push(keys[place + 2] as number);
      sorted.push(isLast ? objects.length : (keys[next + 2] as number));
    }
  }

  /** Repeated keys stay in the order in which they were sent. */
  private placesInOrder(): number[] {
    const { first } = this;
    const { length } = this.keys;
    const places: number[] = [];
    if (length - first > FEW_MEMBERS * OF_KEY) {
      for (let place = first; place < length; place += OF_KEY) places.push(place);
      return places.sort((a, b) => this.compare(a, b));
    }
    for (let place = first; place < length; place += OF_KEY) {
      let to = places.length;
      for (; to > 0 && this.compare(places[to - 1] as number, place) > 0; to -= 1)
        places[to] = places[to - 1] as number;
      places[to] = place;
    }
    return places;
  }

  /** By UTF-16 code units, as JavaScript compares strings. Two different keys differ before the end of either. */
  private compare(a: number, b: number): number {
    const { text } = this;
    const { values: keys } = this.keys;
    let x = keys[a] as number;
    let y = keys[b] as number;
    const end = keys[a + 1] as number;
    while (x < end && text[x] === text[y]) {
      x += 1;
      y += 1;
    }
    return x === end ? 0 : rank(text[x] as number) - rank(text[y] as number);
  }

  /** The text written so far, with all members in order. This object must not be used afterwards. */
  applied(length: number): Buffer {
    const { text } = this;
    const { values: objects } = this.objects;
    const { values: sorted, length: sortedLength } = this.sorted;
    if (sortedLength === 1) return text.subarray(0, length);
    const ordered = ORDERED.take(length);
    let to = 0;
    /** The parts that are still to be copied, the next one last: where each begins and ends, and the objects in it. */
    const parts = PARTS;
    parts.clear();
    pushPart(0, length, 0, this.objects.length);
    while (parts.length > 0) {
      const after = parts.pop();
      let object = parts.pop();
      const end = parts.pop();
      const start = parts.pop();
      while (object < after && objects[object] === 0) object += 1;
      if (object === after) {
        to = copy(text, start, end, ordered, to);
        continue;
      }
      const place = objects[object] as number;
      to = copy(text, start, sorted[place + 1] as number, ordered, to);
      pushPart(sorted[place + 2] as number, end, sorted[place + 3] as number, after);
      for (let n = (sorted[place] as number) - 1; n >= 0; n -= 1) {
        const member = place + 4 + 4 * n;
        const memberStart = sorted[member] as number;
        if (n > 0) text[memberStart - 1] = COMMA;
        pushPart(
          n > 0 ? memberStart - 1 : memberStart,
          sorted[member + 1] as number,
          sorted[member + 2] as number,
          sorted[member + 3] as number,
        );
      }
    }
    return ordered;
  }
}

function pushPart(start: number, end: number, object: number, after: number): void {
  PARTS.push(start);
  PARTS.push(end);
  PARTS.push(object);
  PARTS.push(after);
}

function copy(from: Buffer, start: number, end: number, to: Buffer, at: number): number {
  if (end - start > FEW_BYTES) return at + from.copy(to, at, start, end);
  for (let n = start; n < end; n += 1) to[at++] = from[n] as number;
  return at;
}

/** Characters beyond the first plane begin with 0xf0 or more in UTF-8; in UTF-16 they sort before U+E000 to U+FFFF. */
function rank(byte: number): number {
  return byte === 0xee || byte === 0xef ? byte + 0x10 : byte;
}
