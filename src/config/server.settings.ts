import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Max, Min } from 'class-validator';
import { AsFlag, AsNumber } from './parsing.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** The addresses it listens on, its processes, and its log. */
export class ServerSettings {
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

  /** Separate port for what operators ask, such as `/readyz` and `/metrics`; without it that is on `PORT`. 0 takes a free one. */
  @AsNumber()
  @IsInt({ message: 'must be a whole number from 0 to 65535' })
  @Min(0, { message: 'must be a whole number from 0 to 65535' })
  @Max(65535, { message: 'must be a whole number from 0 to 65535' })
  @IsOptional()
  OPERATOR_PORT: number | undefined = undefined;

  /** Whether to trust a proxy's headers for the scheme, host and prefix that clients use, as in Nova. */
  @AsFlag()
  @IsBoolean({ message: 'must be 1 or 0' })
  ENABLE_PROXY_HEADERS_PARSING = false;

  /** How many processes take requests, behind one port of one machine. */
  @AsNumber()
  @IsInt({ message: 'must be a whole number from 1 to 64' })
  @Min(1, { message: 'must be a whole number from 1 to 64' })
  @Max(64, { message: 'must be a whole number from 1 to 64' })
  WORKERS = 1;

  /** The lowest level that is logged. */
  @IsIn(LOG_LEVELS, { message: `must be one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL = 'info';

  /**
   * Where audit events go that tell of refused and answered duplicates, abandoned tags and resolved tasks: nowhere, to the
   * log, or to the first message bus of `NOTIFICATIONS_URL`.
   */
  @IsIn(['off', 'log', 'notification'], { message: 'must be "off", "log" or "notification"' })
  AUDIT: 'off' | 'log' | 'notification' = 'off';
}
