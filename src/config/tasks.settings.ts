import { IsBoolean, IsIn, IsInt, IsOptional, Matches, Max } from 'class-validator';
import { IdentitySettings } from './identity.settings.js';
import { AsFlag, AsHoursOrDays, AsList, AsMinutesOrHours } from './parsing.js';

/** A place from which the tag of a request without one may come. */
export type TagPlace = `metadata:${string}` | 'name' | 'request-id';

/** The meaning of a tag, and how long tasks are kept. */
export class TasksSettings extends IdentitySettings {
  /** How the same tag on a different request is handled: as one more task of a group, or refused. */
  @IsIn(['group', 'refuse'], { message: 'must be "group" or "refuse"' })
  TAG_REUSE: 'group' | 'refuse' = 'group';

  /** How the same request under the same tag is answered: refused, or with the answer to the first one. */
  @IsIn(['refuse', 'answer'], { message: 'must be "refuse" or "answer"' })
  DUPLICATES: 'refuse' | 'answer' = 'refuse';

  /**
   * Whether an answer to a request without a tag that could not be delivered is given, once, to the same request of the
   * same user.
   */
  @IsIn(['off', 'answer'], { message: 'must be "off" or "answer"' })
  LOST_ANSWERS: 'off' | 'answer' = 'off';

  /** How long after it was lost, in milliseconds. */
  @AsMinutesOrHours()
  @IsInt({ message: 'must be a number of minutes or hours, such as 10m or 1h' })
  @Max(86_400_000, { message: 'must be at most 24h' })
  LOST_ANSWERS_WITHIN = 600_000;

  /**
   * Where the tag of a request without one comes from; the first place that has one counts. `metadata:<key>`: an item of
   * a new server's metadata. `name`: a new server's name. `request-id`: the client's own `X-OpenStack-Request-ID`, by
   * which the task is found, but no request refused.
   */
  @AsList()
  @Matches(/^(name|request-id|metadata:[^,\s]([^,]{0,253}[^,\s])?)$/, {
    each: true,
    message: 'must be a list of "metadata:<key>", "name" and "request-id", separated by commas',
  })
  TAG_FROM: TagPlace[] = [];

  /** An older way to add `request-id` to `TAG_FROM`. */
  @AsFlag()
  @IsBoolean({ message: 'must be 1 or 0' })
  TAG_FROM_REQUEST_ID = false;

  /**
   * How long tasks are kept after they have ended, in milliseconds; for ever if unset. A create is always kept at least
   * until its server is gone.
   */
  @AsHoursOrDays()
  @IsInt({ message: 'must be a number of hours or days, such as 12h or 30d' })
  @IsOptional()
  TASK_RETENTION: number | undefined = undefined;
}
