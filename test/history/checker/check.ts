import type { Entry } from '../journal/entries.js';
import { acceptedHasEffect } from './accepted-has-effect.js';
import { acceptedIsFound } from './accepted-is-found.js';
import { acceptedOnce } from './accepted-once.js';
import { allEnded } from './all-ended.js';
import { allowedAnswers } from './allowed-answers.js';
import { askedFor } from './asked-for.js';
import { effectIsRecorded } from './effect-is-recorded.js';
import { historyOf } from './history.js';
import { notFoundIsTrue } from './not-found-is-true.js';
import { oneEffect } from './one-effect.js';
import type { Property, Violation } from './property.js';
import { refusedHasAFirst } from './refused-has-a-first.js';
import { rejectedHasNoEffect } from './rejected-has-no-effect.js';
import { statesMoveForward } from './states-move-forward.js';

/** All that has to hold. */
export const PROPERTIES: readonly Property[] = [
  oneEffect,
  askedFor,
  acceptedOnce,
  acceptedHasEffect,
  effectIsRecorded,
  rejectedHasNoEffect,
  acceptedIsFound,
  notFoundIsTrue,
  statesMoveForward,
  refusedHasAFirst,
  allEnded,
  allowedAnswers,
];

/** Whatever does not hold in a history; nothing else is asked or read. */
export function check(entries: Entry[]): Violation[] {
  const history = historyOf(entries);
  return PROPERTIES.flatMap((property) => property.check(history));
}
