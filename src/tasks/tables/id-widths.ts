import { ADDED_BYTES } from '../../storage/packed-ids.js';
import { LONGEST_SUBJECT } from '../subject.js';
import { MAX_TAG_BYTES } from '../tag.js';

/** The most bytes of a character in UTF-8. */
const CHARACTER_BYTES = 4;

/** The most characters of the id of a project, a user or a request. */
export const LONGEST_ID = 64;

/** The widths of the columns of ids, in bytes. */
export const ID_BYTES = CHARACTER_BYTES * LONGEST_ID + ADDED_BYTES;
export const SUBJECT_BYTES = CHARACTER_BYTES * LONGEST_SUBJECT + ADDED_BYTES;
export const TAG_BYTES = MAX_TAG_BYTES + ADDED_BYTES;
