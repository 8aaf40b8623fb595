/**
 * Why a task is still open after a look, each in one sentence for a person: users read them in `observation.why`. They
 * say nothing of how this server reaches Nova.
 */
export const WHY_OPEN = {
  notAsked: 'Nova did not answer when it was asked, so it will be asked again.',
  notReached: 'There was no time to ask Nova about this task, so it will be asked again.',
  errorAboutIt: 'Nova could not say what became of this request, so it will be asked again.',
  building: 'Nova has accepted the request, and is still making the server.',
  othersMissing: 'Nova has accepted the request, and does not show all of its servers yet.',
  working: 'Nova has accepted the request, and is still working on it.',
  notComplete:
    'It cannot be ruled out that Nova has accepted the request: a part of its servers cannot be seen now, or one is still ' +
    'being made.',
  notAnswered: 'Nova did not answer the request, so it is looked for in its records.',
  answeredByAnother: 'The answer to the request did not come from Nova, so it is looked for in its records.',
  answeredWithError: 'Nova answered with an error of its own, so its records show whether it did anything.',
} as const;

/** What a search has found so far. */
export interface SearchedFor {
  /** Such as `not found yet by its marker`. */
  found: string;
  /** What happens if nothing else is found, such as `it counts as not accepted`. */
  otherwise: string;
}

/**
 * Why a search goes on.
 *
 * @param deadline when it ends, in epoch milliseconds; `Infinity` while Nova does not answer, or not tell its time
 */
export function whySearched({ found, otherwise }: SearchedFor, since: number, deadline: number): string {
  const end =
    deadline === Infinity
      ? 'This ends only after Nova has answered for a while without interruption.'
      : `If that stays so, ${otherwise} at ${second(deadline)}.`;
  return `Since ${second(since)} it is being found out whether Nova has accepted the request: ${found}. ${end}`;
}

/** To the second, since it says when people may look again. */
function second(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}
