/** A fact about a request, which is established once and remembered with it. */
export interface RequestFact<T> {
  /** Remembers the fact. */
  set: (request: object, value: T) => void;
  /**
   * The fact.
   *
   * @throws Error when none was set: a mistake of the program
   */
  of: (request: object) => T;
  /** The fact; `undefined` when none was set. */
  known: (request: object) => T | undefined;
}

/**
 * A fact of requests. It is a property of the request, under a symbol that nobody else has. An entry of a weak map for
 * each request would be work for the garbage collector.
 *
 * @param source the name of what sets it, such as the guard of a route
 */
export function requestFact<T>(source: string): RequestFact<T> {
  const fact = Symbol(source);
  const known = (request: object) => (request as { [fact]?: T })[fact];
  return {
    known,
    set: (request, value) => void ((request as { [fact]?: T })[fact] = value),
    of: (request) => {
      const value = known(request);
      if (value === undefined) throw new Error(`This route has no ${source}.`);
      return value;
    },
  };
}
