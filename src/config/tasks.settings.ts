import { IsBoolean, IsIn, IsInt, IsOptional } from 'class-validator';
import { IdentitySettings } from './identity.settings.js';
import { AsFlag, AsHoursOrDays } from './parsing.js';

/** The meaning of a tag, and how long tasks are kept. */
export class TasksSettings extends IdentitySettings {
  /** How the same tag on a different request is handled: as one more task of a group, or refused. */
  @IsIn(['group', 'refuse'], { message: 'must be "group" or "refuse"' })
  TAG_REUSE: 'group' | 'refuse' = 'group';

  /** How the same request under the same tag is answered: refused, or with the answer to the first one. */
  @IsIn(['refuse', 'answer'], { message: 'must be "refuse" or "answer"' })
  DUPLICATES: 'refuse' | 'answer' = 'refuse';

  /** Whether the client's own `X-OpenStack-Request-ID` becomes the tag of a request without a tag. */
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
