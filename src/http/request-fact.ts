/** Something that is found out about a request once, and is remembered with it. */
export interface RequestFact<T> {
  /** Remembers it. */
  set: (request: object, value: T) => void;
  /**
   * What was remembered.
   *
   * @throws Error when nothing was: a mistake of the program
   */
  of: (request: object) => T;
  /** What was remembered; `undefined` when nothing was. */
  known: (request: object) => T | undefined;
}

/**
 * A fact of requests. It is a property of the request, under a symbol that nobody else has. An entry of a weak map for
 * each request would be work for the garbage collector.
 *
 * @param source what finds it out, such as the guard of a route
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
