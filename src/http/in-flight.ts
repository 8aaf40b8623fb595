/**
 * Things that come and go with each request, such as the requests themselves.
 *
 * A `Set` or a `Map` would do, but not cheaply: V8 gives it a new table every few dozen changes, and the old table keeps
 * what it held at that moment, and a pointer to the new one. Once one of these tables is old enough, the collector of
 * young memory takes all that come after it for still used, and with them every request: it moves them to old memory,
 * which was measured to double the time of garbage collection.
 */
export class InFlight<Thing> implements Iterable<Thing> {
  private readonly things: (Thing | undefined)[] = [];
  private readonly free: number[] = [];

  /** How many there are. */
  get size(): number {
    return this.things.length - this.free.length;
  }

  /** @returns its place, to remove it by once */
  add(thing: Thing): number {
    const place = this.free.pop() ?? this.things.length;
    this.things[place] = thing;
    return place;
  }

  at(place: number): Thing | undefined {
    return this.things[place];
  }

  remove(place: number): void {
    this.things[place] = undefined;
    this.free.push(place);
  }

  /** In no order. */
  *[Symbol.iterator](): Iterator<Thing> {
    for (const thing of this.things) if (thing !== undefined) yield thing;
  }
}

/** The same for things that are found by a key. The table of keys holds nothing else. */
export class InFlightByKey<Thing> implements Iterable<Thing> {
  private readonly places = new Map<string, number>();
  private readonly things = new InFlight<Thing>();

  get size(): number {
    return this.places.size;
  }

  get(key: string): Thing | undefined {
    const place = this.places.get(key);
    return place === undefined ? undefined : this.things.at(place);
  }

  set(key: string, thing: Thing): void {
    this.delete(key);
    this.places.set(key, this.things.add(thing));
  }

  delete(key: string): void {
    const place = this.places.get(key);
    if (place === undefined) return;
    this.places.delete(key);
    this.things.remove(place);
  }

  /** In no order. */
  [Symbol.iterator](): Iterator<Thing> {
    return this.things[Symbol.iterator]();
  }
}
