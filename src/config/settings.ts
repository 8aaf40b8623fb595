import 'reflect-metadata';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsString, Matches, Max, Min } from 'class-validator';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** A number where the text is one; else the text, so that the message can show it. */
const AsNumber = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
  );

/** The settings, by the names of their environment variables. */
export class Settings {
  /** Port that the server listens on; 0 takes a free one. */
  @AsNumber()
  @IsInt({ message: 'must be a whole number from 0 to 65535' })
  @Min(0, { message: 'must be a whole number from 0 to 65535' })
  @Max(65535, { message: 'must be a whole number from 0 to 65535' })
  PORT = 8780;

  /** Address that the server listens on. */
  @IsString()
  @IsNotEmpty({ message: 'must be an address to listen on, such as 127.0.0.1' })
  HOST = '127.0.0.1';

  /** The database: `sqlite:<path>`, or `mysql://user:password@host:port/name` for MariaDB and MySQL. */
  @Matches(/^(sqlite:.+|mysql:\/\/[^/]+\/[^/?]+)$/, {
    message: 'must be sqlite:<path> or mysql://user:password@host:port/name',
  })
  DATABASE_URL = 'sqlite:./data/tasktag.sqlite';

  /** The compute service that requests go to. */
  @IsIn(['embedded'], { message: 'must be "embedded": this version has no other compute service' })
  COMPUTE = 'embedded' as const;

  /** Who validates tokens. */
  @IsIn(['embedded'], { message: 'must be "embedded": this version has no other identity service' })
  IDENTITY = 'embedded' as const;

  /** What the same tag on a different request is: one more task of a group. */
  @IsIn(['group'], { message: 'must be "group": this version has no other rule' })
  TAG_REUSE = 'group' as const;

  /** Whether the client's own `X-OpenStack-Request-ID` is the tag of a request that has no other. */
  @Transform(({ value }: { value: unknown }) => (value === '1' ? true : value === '0' ? false : value))
  @IsBoolean({ message: 'must be 1 or 0' })
  TAG_FROM_REQUEST_ID = false;

  /** How long a simulated operation takes, in milliseconds. */
  @AsNumber()
  @IsInt({ message: 'must be a whole number of milliseconds' })
  @Min(0, { message: 'must be a whole number of milliseconds' })
  @Max(86_400_000, { message: 'must be at most 86400000 milliseconds, a day' })
  EMBEDDED_TASK_MS = 2000;

  /** The least level of what is logged. */
  @IsIn(LOG_LEVELS, { message: `must be one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL = 'info';
}
