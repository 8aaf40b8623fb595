import type { Task } from './task.entity.js';

/** A tag from another place than the header, where it means something else than a tag of the header. */
export interface OtherTag {
  /** A byte string. */
  tag: string;
  /**
   * - `label`: the task is found by it, and no request is ever refused because of it.
   * - `name`: it stands for one request, whatever `tagReuse` says, until it is free again.
   */
  means: 'label' | 'name';
  /** Where the tag comes from, and how to get another one: the end of a refusal's text. @default nothing */
  note?: string;
  /** Whether a name is free again although `first` was accepted under it. @default never */
  isFree?: (first: Task) => boolean | Promise<boolean>;
}
