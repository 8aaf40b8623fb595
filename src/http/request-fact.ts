/** A fact about a request. It is established once, and remembered with the request. */
export interface RequestFact<T> {
  /** Remembers the fact. */
  set: (request: object, value: T) => void;
  /**
   * The fact.
   *
   * @throws Error when none was set: a mistake in the program
   */
  of: (request: object) => T;
  /** The fact; `undefined` when none was set. */
  known: (request: object) => T | undefined;
}

/**
 * A fact about requests. It is a property of the request, under a private symbol. An entry in a weak map for each
 * request would be work for the garbage collector.
 *
 * @param source the name of the code that sets it, such as the guard of a route
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
