import 'reflect-metadata';
import { Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

const AMQP_URL = /amqps?:\/\/[^\s,/?#]+(\/[^\s,?#]*)?(\?[^\s,#]*)?/.source;
const AMQP_URLS = new RegExp(`^${AMQP_URL}(\\s*,\\s*${AMQP_URL})*$`);

/** A number where the text is one; else the text, so that the message can show it. */
const AsNumber = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
  );

const UNITS_MS = { h: 3_600_000, d: 86_400_000 };

/** Milliseconds where the text is a number of hours or days; else the text, so that the message can show it. */
const AsHoursOrDays = () =>
  Transform(({ value }: { value: unknown }) => {
    const [, count, unit] = /^([1-9]\d{0,4})([hd])$/.exec(String(value)) ?? [];
    return count === undefined ? value : Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
  });

function usesNova({ COMPUTE }: Settings): boolean {
  return COMPUTE === 'nova';
}

function usesKeystone({ IDENTITY }: Settings): boolean {
  return IDENTITY === 'keystone';
}

function usesApplicationCredential(settings: Settings): boolean {
  return usesKeystone(settings) && settings.OS_APPLICATION_CREDENTIAL_ID !== '';
}

function usesPassword(settings: Settings): boolean {
  return usesKeystone(settings) && settings.OS_APPLICATION_CREDENTIAL_ID === '';
}

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

  /** Port of its own for `/healthz`, `/readyz` and `/metrics`; without one they are on `PORT`. 0 takes a free one. */
  @AsNumber()
  @IsInt({ message: 'must be a whole number from 0 to 65535' })
  @Min(0, { message: 'must be a whole number from 0 to 65535' })
  @Max(65535, { message: 'must be a whole number from 0 to 65535' })
  @IsOptional()
  OPERATOR_PORT: number | undefined = undefined;

  /** The database: `sqlite:<path>`, or `mysql://user:password@host:port/name` for MariaDB and MySQL. */
  @Matches(/^(sqlite:.+|mysql:\/\/[^/]+\/[^/?]+)$/, {
    message: 'must be sqlite:<path> or mysql://user:password@host:port/name',
  })
  DATABASE_URL = 'sqlite:./data/tasktag.sqlite';

  /** The compute service that requests go to. */
  @IsIn(['embedded', 'nova'], { message: 'must be "embedded" or "nova"' })
  COMPUTE: 'embedded' | 'nova' = 'embedded';

  /** Nova's API, as this server reaches it, without a version. */
  @ValidateIf(usesNova)
  @Matches(/^https?:\/\/[^\s"/?#@]+(\/[^\s"?#@]*)?$/, {
    message: 'must be the address of Nova without a version, such as http://127.0.0.1:8774',
  })
  NOVA_URL = '';

  /** By what a tagged create marks its server, so that it is found again when Nova's answer is lost. */
  @IsIn(['auto', 'tag', 'metadata', 'none'], { message: 'must be "auto", "tag", "metadata" or "none"' })
  NOVA_MARKER: 'auto' | 'tag' | 'metadata' | 'none' = 'auto';

  /** How long Nova may take to answer a request, in milliseconds; then the client gets a 504. */
  @AsNumber()
  @IsInt({ message: 'must be a whole number of milliseconds' })
  @Min(100, { message: 'must be at least 100 milliseconds' })
  @Max(3_600_000, { message: 'must be at most 3600000 milliseconds, an hour' })
  NOVA_TIMEOUT_MS = 60_000;

  /**
   * How long Nova may still carry out a request that it has received, in milliseconds. What is not found after that,
   * with Nova answering all the time, was not accepted.
   */
  @AsNumber()
  @IsInt({ message: 'must be a whole number of milliseconds' })
  @Min(1000, { message: 'must be at least 1000 milliseconds' })
  @Max(86_400_000, { message: 'must be at most 86400000 milliseconds, a day' })
  NOVA_LONGEST_REQUEST_MS = 300_000;

  /** Where Nova publishes its versioned notifications; several message buses are separated by commas. */
  @Matches(AMQP_URLS, {
    message: 'must be amqp://user:password@host:port/vhost, or several separated by commas',
  })
  @IsOptional()
  NOTIFICATIONS_URL: string | undefined = undefined;

  /** The topic of the notifications (`versioned_notifications_topics` of Nova). */
  @Matches(/^[\w.-]+$/, { message: 'must be a topic, such as versioned_notifications' })
  NOTIFICATIONS_TOPIC = 'versioned_notifications';

  /** This deployment's own queue for them, which all of its replicas share. */
  @Matches(/^[\w.-]+$/, { message: 'must be the name of a queue, such as tasktag' })
  NOTIFICATIONS_QUEUE = 'tasktag';

  /** What becomes of untagged requests while the database is down; tagged ones are refused. */
  @IsIn(['pass', 'refuse'], { message: 'must be "pass" or "refuse"' })
  DATABASE_DOWN: 'pass' | 'refuse' = 'pass';

  /** Who validates tokens. */
  @IsIn(['embedded', 'keystone'], { message: 'must be "embedded" or "keystone"' })
  IDENTITY: 'embedded' | 'keystone' = 'embedded';

  /** Keystone, as clients reach it, with or without `/v3`. */
  @ValidateIf(usesKeystone)
  @Matches(/^https?:\/\/[^\s"/?#@]+(\/[^\s"?#@]*)?$/, {
    message: 'must be the address of Keystone, such as http://127.0.0.1:5000/v3',
  })
  OS_AUTH_URL = '';

  /** This server's own user, which may validate tokens; and its password and project. */
  @ValidateIf(usesPassword)
  @IsNotEmpty({ message: 'must name a user who may validate tokens' })
  OS_USERNAME = '';

  @ValidateIf(usesPassword)
  @IsNotEmpty({ message: 'must be the password of OS_USERNAME' })
  OS_PASSWORD = '';

  @ValidateIf(usesPassword)
  @IsNotEmpty({ message: 'must name a project of OS_USERNAME, such as service' })
  OS_PROJECT_NAME = '';

  /** Domains of the user and of the project, by id. */
  OS_USER_DOMAIN_ID = 'default';

  OS_PROJECT_DOMAIN_ID = 'default';

  /** An application credential instead of a user and a password. */
  OS_APPLICATION_CREDENTIAL_ID = '';

  @ValidateIf(usesApplicationCredential)
  @IsNotEmpty({ message: 'must be the secret of OS_APPLICATION_CREDENTIAL_ID' })
  OS_APPLICATION_CREDENTIAL_SECRET = '';

  /** The roles with which Nova takes this server's own token as a service token (`service_token_roles` of Nova). */
  @IsNotEmpty({ message: 'must name at least one role' })
  SERVICE_TOKEN_ROLES = 'service';

  /** What the same tag on a different request is: one more task of a group, or refused. */
  @IsIn(['group', 'refuse'], { message: 'must be "group" or "refuse"' })
  TAG_REUSE: 'group' | 'refuse' = 'group';

  /** Whether the client's own `X-OpenStack-Request-ID` is the tag of a request that has no other. */
  @Transform(({ value }: { value: unknown }) => (value === '1' ? true : value === '0' ? false : value))
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
