import type { Random } from '../random.js';

/** What the network does with a request. */
export type Fate =
  | 'pass'
  /** The whole answer came, and is lost on its way to the client. */
  | 'answer lost'
  /** The connection is cut while the server works. */
  | 'cut'
  /** The request gets lost. */
  | 'never sent'
  /** It arrives when the client has long given it up. */
  | 'late'
  /** It arrives twice at once, at one replica or at two. */
  | 'twice'
  | 'at two replicas'
  /** A proxy sends it to the next replica when the first one does not answer, or cannot now. */
  | 'next replica';

/** How often, of what changes something, and of what asks. */
const SENDS: Readonly<Record<Fate, number>> = {
  pass: 9,
  'answer lost': 2,
  cut: 2,
  'never sent': 1,
  late: 1,
  twice: 1,
  'at two replicas': 1,
  'next replica': 2,
};
const LOOKS = { pass: 12, 'answer lost': 1, cut: 1, 'next replica': 1 } as const;

export function fateOf(isSend: boolean, random: Random): Fate {
  return isSend ? random.weighted(SENDS) : random.weighted<keyof typeof LOOKS>(LOOKS);
}
