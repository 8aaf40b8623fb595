import { IsBoolean, IsIn, IsInt, IsOptional } from 'class-validator';
import { IdentitySettings } from './identity.settings.js';
import { AsFlag, AsHoursOrDays } from './parsing.js';

/** What a tag stands for, and how long tasks are kept. */
export class TasksSettings extends IdentitySettings {
  /** What the same tag on a different request is: one more task of a group, or refused. */
  @IsIn(['group', 'refuse'], { message: 'must be "group" or "refuse"' })
  TAG_REUSE: 'group' | 'refuse' = 'group';

  /** Whether the client's own `X-OpenStack-Request-ID` is the tag of a request that has no other. */
  @AsFlag()
  @IsBoolean({ message: 'must be 1 or 0' })
  TAG_FROM_REQUEST_ID = false;

  /**
   * How long tasks are kept after they have ended, in milliseconds; for ever without. A create stays in any case for as
   * long as its server exists.
   */
  @AsHoursOrDays()
  @IsInt({ message: 'must be a number of hours or days, such as 12h or 30d' })
  @IsOptional()
  TASK_RETENTION: number | undefined = undefined;
}
